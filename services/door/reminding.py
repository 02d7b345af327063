"""Goods that are brought have no deadline for their buyer; their leader is reminded once a day instead."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, exists, func, select

from domain.clock import business_date
from models import Campaign, Delivery, Order, Parcel
from services import notices
from services.context import Ctx
from services.door.words import BROUGHT


def due(ctx: Ctx, limit: int) -> list[int]:
    """Campaigns with orders that have stood at the depot for `policy.door_reminder_hours` and were not brought."""
    ids = _waiting(ctx).with_only_columns(Order.campaign_id).group_by(Order.campaign_id).order_by(Order.campaign_id)
    return list(ctx.session.scalars(ids.limit(limit)))


def remind(ctx: Ctx, campaign_id: int) -> bool:
    """Tell the leader how many wait, once a day; False when that was said today or nothing waits any more."""
    campaign = ctx.session.get_one(Campaign, campaign_id)
    waiting = _waiting(ctx).where(Order.campaign_id == campaign.id).with_only_columns(func.count())
    number = ctx.session.scalars(waiting).one()
    if not number:
        return False
    words = f"「{campaign.title}」还有 {number} 单已到货未送出，请尽快送达或发货。"
    cause = f"bring:{campaign.id}:{business_date(ctx.now)}"
    return notices.tell_leader(ctx, campaign, cause, "还有订单未送达", words)


def _waiting(ctx: Ctx) -> Select[Order]:
    before = ctx.now - timedelta(hours=ctx.policy.door_reminder_hours)
    came = exists().where(
        Delivery.campaign_id == Order.campaign_id, Delivery.point_id == Order.point_id, Delivery.arrived_at <= before
    )
    sent = exists().where(Parcel.order_id == Order.id)
    return (
        select(Order)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .where(Campaign.delivery_method.in_(tuple(BROUGHT)), Order.state == "ready", Order.counted, came, ~sent)
    )
