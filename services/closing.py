"""The close: one row claim decides who closes; cancelling is a close with every offer failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from domain.campaigns import CloseReason
from domain.clock import local
from domain.content import Subject
from models import Campaign, Offer, Order
from services import announcing, audit, notices, transitions
from services.content_safety import rows
from services.context import Ctx
from services.pickup import shortages_waiting


def due(ctx: Ctx, limit: int = 100) -> list[int]:
    """Ids of running campaigns whose deadline has passed, the longest overdue first."""
    statement = (
        select(Campaign.id)
        .where(Campaign.state.in_(("open", "paused")), Campaign.closes_at <= ctx.now)
        .order_by(Campaign.closes_at, Campaign.id)
        .limit(limit)
    )
    return list(ctx.session.scalars(statement))


def close_overdue(ctx: Ctx, campaign_id: int) -> bool:
    """Close a campaign by the clock if its deadline has passed; False when another was first or it was extended."""
    return close(ctx, ctx.session.get_one(Campaign, campaign_id), CloseReason.DEADLINE)


def close(ctx: Ctx, campaign: Campaign, reason: CloseReason) -> bool:
    """Stop admission at once; holds already promised live on. True for exactly one caller per epoch."""
    overdue = Campaign.closes_at <= ctx.now if reason is CloseReason.DEADLINE else None
    closed = transitions.try_move(
        ctx, campaign, "close", reason=reason, where=overdue, close_reason=reason, closed_at=ctx.now,
        epoch=Campaign.epoch + 1, revision=Campaign.revision + 1,
    )  # fmt: skip
    if closed:
        announcing.outcome(ctx, campaign, "closed")
    return closed


def extend(ctx: Ctx, campaign: Campaign, until: datetime) -> bool:
    """Open once more until `until`, only while no outcome is stored and it was never extended before."""
    extended = transitions.try_move(
        ctx, campaign, "extend", where=Campaign.extended_at.is_(None) & Campaign.outcome_at.is_(None),
        closes_at=until, extended_at=ctx.now, close_reason=None, closed_at=None, revision=Campaign.revision + 1,
    )  # fmt: skip
    if extended:
        announcing.outcome(ctx, campaign, "extended")
        _tell_extended(ctx, campaign)
    return extended


def _tell_extended(ctx: Ctx, campaign: Campaign) -> None:
    """Everybody with a live order hears the new deadline once, on the newest of their orders."""
    newest = (
        select(func.max(Order.id))
        .where(Order.campaign_id == campaign.id, Order.state.in_(("pending_payment", "paid", "confirmed")))
        .group_by(Order.resident_id)
    )
    body = f"「{campaign.title}」延长到 {local(campaign.closes_at)} 截团，在那之前可以免费取消。"
    orders = ctx.session.scalars(select(Order).where(Order.id.in_(newest)).order_by(Order.id)).all()
    told = {
        order: notices.Notice(f"extended:{campaign.id}:{order.resident_id}", "截团时间延长", body) for order in orders
    }
    notices.tell_all(ctx, "changed", told)


def cancel(ctx: Ctx, campaign: Campaign, reason: str) -> None:
    """Cancel from any state before completed: every offer fails, settling refunds what was not collected.

    `reason` is shown to everybody once it has passed. Raises `WrongState` when it is over already.
    """
    offers = lock_offers(ctx, campaign)
    transitions.lock(ctx, campaign)  # who cancels what the clock closes in the same moment is not refused for it
    transitions.move(
        ctx, campaign, "cancel", reason=reason, cancel_reason=reason, outcome_at=ctx.now, settled_at=None,
        closed_at=campaign.closed_at or ctx.now, epoch=Campaign.epoch + 1, revision=Campaign.revision + 1,
    )  # fmt: skip
    rows.keep_back(ctx, Subject.CANCELLATION, campaign)
    for offer in offers:
        transitions.try_move(ctx, offer, "fail", reason="团购取消")
    audit.clear(ctx, shortages_waiting.alert_about(campaign))
    announcing.outcome(ctx, campaign, "cancelled")


def lock_offers(ctx: Ctx, campaign: Campaign) -> list[Offer]:
    """The campaign's offers, locked in ascending id: before the campaign's own row, as everybody does."""
    ctx.session.flush()
    statement = select(Offer).where(Offer.campaign_id == campaign.id).order_by(Offer.id)
    held = statement.with_for_update(key_share=True)
    return list(ctx.session.scalars(held, execution_options={"populate_existing": True}))
