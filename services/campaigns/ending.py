"""The leader's word on the end: close now, extend once, cancel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from domain.campaigns import CloseReason
from domain.clock import local
from domain.errors import Invalid, WrongState
from models import Campaign, Order
from services import closing, notices
from services.campaigns.finding import own
from services.context import Ctx


def close_now(ctx: Ctx, campaign_id: str) -> Campaign:
    """Close before the deadline; raises `NotFound`, `WrongState` when it is not running."""
    campaign = own(ctx, campaign_id)
    if not closing.close(ctx, campaign, CloseReason.LEADER):
        raise WrongState(state=campaign.state, event="close")
    return campaign


def cancel(ctx: Ctx, campaign_id: str, reason: str) -> Campaign:
    """Give up a campaign, `reason` shown to everybody; whatever was paid and not collected goes back."""
    campaign = own(ctx, campaign_id)
    closing.cancel(ctx, campaign, reason)
    return campaign


def extend(ctx: Ctx, campaign_id: str, until: datetime) -> Campaign:
    """Set a later deadline, once, while no outcome is stored; everybody with a live order is told.

    Raises `NotFound`, `Invalid` unless `until` is later than the deadline and than now, `WrongState`.
    """
    campaign = own(ctx, campaign_id)
    if until <= campaign.closes_at or until <= ctx.now:
        raise Invalid("The new deadline is later than the old one, and in the future.", field="closes_at")
    if not closing.extend(ctx, campaign, until):
        raise WrongState(state=campaign.state, event="extend")
    tell_extended(ctx, campaign)
    return campaign


def tell_extended(ctx: Ctx, campaign: Campaign) -> int:
    """Tell each person with a live order of the new deadline, once; returns how many were told now."""
    newest = (
        select(func.max(Order.id))
        .where(Order.campaign_id == campaign.id, Order.state.in_(("pending_payment", "paid")))
        .group_by(Order.resident_id)
    )
    body = f"「{campaign.title}」延长到 {local(campaign.closes_at)} 截团，在那之前可以免费取消。"[:255]
    return sum(
        notices.tell(ctx, order, "changed", f"extended:{campaign.id}:{order.resident_id}", "截团时间延长", body)
        for order in ctx.session.scalars(select(Order).where(Order.id.in_(newest)).order_by(Order.id)).all()
    )
