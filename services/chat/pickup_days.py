"""The last day on which goods wait at a point, for a line that names nobody."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from domain.clock import SHANGHAI, business_date
from models import Campaign, ChatBinding, ChatCampaign, Delivery, Order, PickupPoint
from services.context import Ctx


def last_days(ctx: Ctx) -> list[tuple[str, int, str, datetime]]:
    """(campaign, binding, point, deadline) where goods that came on an earlier day wait for the last day."""
    ends = _tomorrow(ctx)
    earlier = select(Delivery.id).where(
        Delivery.campaign_id == Order.campaign_id, Delivery.point_id == Order.point_id,
        Delivery.arrived_at < ends - timedelta(days=1),
    )  # fmt: skip
    statement = (
        select(Campaign.public_id, ChatCampaign.binding_id, PickupPoint.public_id, func.max(Order.pickup_deadline))
        .join(Order, Order.campaign_id == Campaign.id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .join(ChatCampaign, ChatCampaign.campaign_id == Campaign.id)
        .join(ChatBinding, ChatBinding.id == ChatCampaign.binding_id)
        .where(
            Order.state == "ready", Order.pickup_deadline > ctx.now, Order.pickup_deadline < ends, earlier.exists(),
            ChatBinding.dead_reason == "",
        )
        .group_by(Campaign.id, Campaign.public_id, ChatCampaign.binding_id, PickupPoint.id, PickupPoint.public_id)
        .order_by(Campaign.id, ChatCampaign.binding_id, PickupPoint.id)
    )  # fmt: skip
    rows = ctx.session.execute(statement)
    return [(row[0], row[1], row[2], row[3]) for row in rows if row[3] is not None]


def waits_until(ctx: Ctx, campaign: Campaign, point_id: str) -> tuple[str, datetime] | None:
    """(point's name, last deadline) while goods of the campaign still wait there today; None once none do."""
    statement = (
        select(PickupPoint.name, func.max(Order.pickup_deadline))
        .join(Order, Order.point_id == PickupPoint.id)
        .where(
            PickupPoint.public_id == point_id, Order.campaign_id == campaign.id, Order.state == "ready",
            Order.pickup_deadline > ctx.now, Order.pickup_deadline < _tomorrow(ctx),
        )
        .group_by(PickupPoint.id, PickupPoint.name)
    )  # fmt: skip
    row = ctx.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row is not None and row[1] is not None else None


def _tomorrow(ctx: Ctx) -> datetime:
    return datetime.combine(business_date(ctx.now) + timedelta(days=1), time(), SHANGHAI)
