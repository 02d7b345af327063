"""The moment an order starts to count: roster number, counters, the buyer's notice, and what it sets off."""

from __future__ import annotations

from sqlalchemy import select

from domain.actors import SYSTEM
from domain.campaigns import CloseReason
from models import Campaign, Offer, Order
from services import announcing, closing, counting, transitions
from services.context import Ctx
from services.queries.campaigns import progress_of


def start_counting(ctx: Ctx, order: Order, campaign: Campaign, paid_fen: int, *, paid: bool = True) -> None:
    """Move the order to paid, give it the next number, count it, and close the campaign if that was the last one.

    One that is paid on pickup (`paid` false) is confirmed at once instead.
    """
    if paid:
        transitions.move(ctx, order, "pay", paid_fen=paid_fen, paid_at=ctx.now)
    else:
        transitions.move(ctx, order, "accept")
    counting.count(ctx, order)
    ctx.session.refresh(campaign)
    counted(ctx, campaign)


def counted(ctx: Ctx, campaign: Campaign) -> None:
    """What follows from a higher count: the chats hear it, and the campaign closes if that was the last one."""
    announcing.progress(ctx, campaign)
    if reason := _reason_to_close(ctx, campaign):
        closing.close(ctx.acting_as(SYSTEM), campaign, reason)


def _reason_to_close(ctx: Ctx, campaign: Campaign) -> CloseReason | None:
    if campaign.state not in ("open", "paused"):
        return None
    if campaign.close_on_target and campaign.minimum and progress_of(campaign).is_reached:
        return CloseReason.TARGET_MET
    unsold = select(Offer.id).where(
        Offer.campaign_id == campaign.id, Offer.quota.is_(None) | (Offer.sold_units < Offer.quota)
    )
    return CloseReason.SOLD_OUT if ctx.session.scalars(unsold.limit(1)).first() is None else None
