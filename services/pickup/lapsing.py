"""What is not fetched does not hang for ever: a reminder before the deadline, then the lapse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, update

from domain.clock import local
from domain.errors import Busy
from domain.pickup import aftersales_until
from models import Order, OrderLine, PickupCode
from services import notices
from services.context import Ctx
from services.pickup import finishing, leases
from services.pickup.handing import HandOver, hand_over
from services.pickup.units import TO_COME, WAITING, live, waiting
from services.transitions import move_all
from services.writing import changed


def remind_due(ctx: Ctx, limit: int = 500) -> int:
    """Remind owners whose deadline is near, once per deadline; returns how many were told."""
    near = ctx.now + timedelta(hours=ctx.policy.pickup_reminder_hours)
    still_there = exists().where(OrderLine.order_id == Order.id, WAITING)
    orders = _hold(ctx, limit, Order.pickup_deadline > ctx.now, Order.pickup_deadline <= near,
                   Order.reminded_at.is_(None), still_there)  # fmt: skip
    mine = Order.id.in_([order.id for order in orders]) & Order.reminded_at.is_(None)
    changed(ctx.session, update(Order).where(mine).values(reminded_at=ctx.now))
    told: dict[Order, notices.Notice] = {}
    for order in orders:
        deadline = order.pickup_deadline or ctx.now
        cause = f"reminder:{order.id}:{int(deadline.timestamp())}"
        told[order] = notices.Notice(cause, "快到取货截止时间", f"请在 {local(deadline)} 前取货，取货码在订单页。")
    return notices.tell_all(ctx, "reminder", told)


def lapse_due(ctx: Ctx, limit: int = 200) -> int:
    """Complete paid orders past their deadline; what was not collected counts as sold. Returns how many.

    An order of which something is still to come waits for it: that sets its deadline anew. What may have been handed
    out without the network waits until that is reported, or its time to be is over. Unpaid ones are no-shows.
    """
    to_come = exists().where(OrderLine.order_id == Order.id, TO_COME)
    orders = _hold(ctx, limit, Order.pickup_deadline <= ctx.now, Order.paid_at.is_not(None), ~to_come,
                   ~leases.may_be_handed_out(ctx))  # fmt: skip
    if not orders:
        return 0
    ids = [order.id for order in orders]
    statement = select(OrderLine).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
    lines = ctx.session.scalars(statement, execution_options={"populate_existing": True}).all()
    by_id = {order.id: order for order in orders}
    acts = [HandOver(by_id[line.order_id], line, waiting(line), f"lapse:{line.id}") for line in lines if waiting(line)]
    left = {act.order.id for act in acts}
    if not hand_over(ctx, "lapsed_units", acts):
        raise Busy
    fresh_ids = {line.order_id for line in lines if line.fresh and live(line)}
    for fresh in (True, False):
        some = [order.id for order in orders if (order.id in fresh_ids) is fresh]
        until = aftersales_until(ctx.now, fresh, ctx.policy)
        move_all(ctx, Order, "lapse", Order.id.in_(some), lapsed_at=ctx.now, aftersales_until=until)
    finishing.finished(ctx, orders, at_point=False)
    move_all(ctx, PickupCode, "void", PickupCode.order_id.in_(ids), reason="lapsed")
    told = {
        order: notices.Notice(
            f"lapse:{order.id}", "取货已过期", "取货时间已过，未取的商品不再保留。如有疑问请联系团长。"
        )
        for order in orders
        if order.id in left
    }
    notices.tell_all(ctx, "changed", told)
    return len(orders)


def _hold(ctx: Ctx, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Order]:
    """Ready orders that meet the conditions, held; those another scheduler holds are left to it."""
    ctx.session.flush()
    statement = (
        select(Order)
        .where(Order.state == "ready", *conditions)
        .order_by(Order.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return ctx.session.scalars(statement, execution_options={"populate_existing": True}).all()
