"""Orders paid on pickup that nobody fetched: nothing is sold, the goods stay as 余货, and twice is enough."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, exists, func, select

from domain.campaigns import CancelReason
from domain.errors import PrepaidOnly
from models import Campaign, Order, OrderLine, Payment, PickupCode
from services import counting, notices, returning, transitions
from services.context import Ctx
from services.desk_money.wechat import LIVE
from services.pickup.units import TO_COME, handed, waiting

_BEING_PAID = exists().where(Payment.order_id == Order.id, Payment.state.in_(LIVE))
_DUE = (Order.state == "ready", Order.paid_at.is_(None), ~_BEING_PAID)
REPEATED = (
    select(Order.resident_id, Campaign.leader_id)
    .join(Campaign, Campaign.id == Order.campaign_id)
    .where(Order.state == "completed", Order.paid_at.is_(None), Order.lapsed_at > bindparam("since"))
    .group_by(Order.resident_id, Campaign.leader_id)
    .having(func.count() >= bindparam("no_shows"))
)
"""Residents, each with the leader (ids) whose orders they left unfetched too often of late, within `bounds`."""


def due(ctx: Ctx, limit: int) -> list[int]:
    """Unpaid orders past their pickup deadline of which nothing is still to come, and that nobody is paying now."""
    to_come = exists().where(OrderLine.order_id == Order.id, TO_COME)
    statement = select(Order.id).where(*_DUE, Order.pickup_deadline <= ctx.now, ~to_come)
    return list(ctx.session.scalars(statement.order_by(Order.pickup_deadline, Order.id).limit(limit)))


def lapse(ctx: Ctx, order_id: int) -> bool:
    """Take all that waits off an unpaid order and complete it; False when it was fetched, paid or extended meanwhile.

    Its sum is waived, commission falls to nothing; the goods stand at the point and belong to no order.
    """
    order = ctx.session.get_one(Order, order_id)
    transitions.lock(ctx, order)
    still = select(Order.id).where(Order.id == order.id, *_DUE, Order.pickup_deadline <= ctx.now)
    if ctx.session.scalars(still).first() is None:
        return False
    lines = counting.lines_of(ctx, order)
    returning.take_off(ctx, order, {line: waiting(line) for line in lines if waiting(line)}, CancelReason.NOT_FETCHED)
    if any(handed(line) for line in lines):  # what cost nothing may have been fetched in part
        returning.end(ctx, order, CancelReason.NOT_FETCHED)
        return True
    transitions.move_all(ctx, PickupCode, "void", PickupCode.order_id == order.id, reason="lapsed")
    transitions.move(ctx, order, "lapse", lapsed_at=ctx.now, cancel_reason=CancelReason.NOT_FETCHED)
    notices.tell(ctx, order, "changed", f"lapse:{order.id}", "取货已过期",
                 "取货时间已过，商品不再保留，不收费。两次未取后只能参加先付款的团。")  # fmt: skip
    return True


def refuse_repeated(ctx: Ctx, campaign: Campaign) -> None:
    """Raise `PrepaidOnly` for a person who left `policy.no_shows` unpaid orders of this leader's unfetched."""
    if ctx.session.execute(REPEATED.where(Order.resident_id == ctx.resident_id,
                                          Campaign.leader_id == campaign.leader_id), bounds(ctx)).first():  # fmt: skip
        raise PrepaidOnly


def bounds(ctx: Ctx) -> dict[str, object]:
    """Since when and from how many on `REPEATED` counts."""
    return {"since": ctx.now - timedelta(days=ctx.policy.no_show_days), "no_shows": ctx.policy.no_shows}
