"""A shortage waits for its leader's word alone; who keeps silent is reminded, and the operator sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update

from models import Campaign, Delivery, DeliveryLine, PickupPoint
from services import audit, notices, transitions
from services.context import Ctx
from services.pickup.reckoning import reckon
from services.writing import changed

_SHORT = exists().where(DeliveryLine.delivery_id == Delivery.id, DeliveryLine.short)


def due(ctx: Ctx, limit: int) -> list[int]:
    """Deliveries counted short, or last reminded of, `policy.shortage_reminder_hours` ago, the longest first."""
    mine = select(Delivery.id).join(Campaign, Campaign.id == Delivery.campaign_id)
    statement = mine.where(Campaign.state == "fulfilling", _SHORT, _since() <= _before(ctx))
    return list(ctx.session.scalars(statement.order_by(_since(), Delivery.id).limit(limit)))


def remind(ctx: Ctx, delivery_id: int) -> bool:
    """Remind the leader and alert the operator, once per period; False when it was done or is not short any more.

    The campaign's row is held, as a commit holds it, so that nobody is alerted of what was just shared out.
    """
    delivery = ctx.session.get_one(Delivery, delivery_id)
    campaign = ctx.session.get_one(Campaign, delivery.campaign_id)
    transitions.lock(ctx, campaign)
    mine = update(Delivery).where(Delivery.id == delivery.id, _SHORT, _since() <= _before(ctx))
    if campaign.state != "fulfilling" or not changed(ctx.session, mine.values(reminded_at=ctx.now)):
        return False
    found = reckon(ctx, campaign)
    orders = len({share.order.id for share in found.shares})
    first = f"请先清点{'、'.join(found.waits_for)}，再" if found.waits_for else "请尽快"
    point = ctx.session.get_one(PickupPoint, delivery.point_id)
    wait = f"，{orders} 单在等" if orders else ""
    words = f"「{campaign.title}」{point.name}到货不足，还没有确认分配{wait}。{first}确认。"
    notices.tell_leader(ctx, campaign, f"shortage_waits:{delivery.id}:{ctx.now.isoformat()}", "到货不足待确认", words)
    detail = f"「{campaign.title}」到货不足，{orders} 单在等团长分配。"
    audit.alert(ctx, "shortage_waits", alert_about(campaign), detail)
    return True


def alert_about(campaign: Campaign) -> str:
    """The cause of the alert, which the commit clears, or the end of the campaign."""
    return f"shortage:{campaign.id}"


def _since() -> ColumnElement[datetime | None]:
    return func.coalesce(Delivery.reminded_at, Delivery.arrived_at)


def _before(ctx: Ctx) -> datetime:
    return ctx.now - timedelta(hours=ctx.policy.shortage_reminder_hours)
