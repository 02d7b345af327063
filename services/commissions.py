"""A leader's commission: promised on confirmed lines, followed down by refunds, released after the after-sales time."""

from __future__ import annotations

from sqlalchemy import select, update

from domain import commissions
from domain.errors import Busy
from domain.pickup import live_units
from domain.posting_rules import Event
from models import Campaign, Leader, Order, OrderLine
from services import ledger
from services.context import Ctx
from services.writing import changed


def rebase(ctx: Ctx, order: Order, line: OrderLine) -> None:
    """Bring the line's commission to what its units deserve now and book the difference.

    The caller holds the order's row and has just changed the line's units. A leader earns nothing on own orders.
    Raises `Busy` when another changed the line all the same.
    """
    ctx.session.flush()
    leader = _leader(ctx, order)
    units = live_units(line.ordered_units, line.confirmed_units, line.refunded_units)
    net_units = units - line.refunded_after_units
    own = leader.resident_id == order.resident_id
    target = 0 if own else commissions.pending(line.commission_bps, line.unit_price_fen * net_units)
    expensed = commissions.expensed(target, line.collected_units + line.lapsed_units, units)
    promised, booked = target - line.commission_fen, expensed - line.commission_expensed_fen
    if not promised and not booked:
        return
    unmoved = (OrderLine.id == line.id) & (OrderLine.commission_fen == line.commission_fen)
    new = update(OrderLine).where(unmoved).values(commission_fen=target, commission_expensed_fen=expensed)
    if not changed(ctx.session, new):
        raise Busy
    ctx.session.refresh(line, ["commission_fen", "commission_expensed_fen"])
    # Units only ever grow in these columns, so each change of the commission has a cause of its own.
    cause = f"line:{line.id}:{line.confirmed_units}-{line.refunded_units}-{line.refunded_after_units}"
    owners = {"leader": leader.public_id}
    ledger.post(ctx, Event.COMMISSION_PENDING, cause, {"commission": promised}, order=order, owners=owners)
    handed = {"sales": 0, "cost": 0, "commission": booked}
    ledger.post(ctx, Event.UNITS_HANDED_OVER, f"rebase:{cause}", handed, order=order)


def release_due(ctx: Ctx, limit: int = 200) -> int:
    """Release the commission of completed orders whose after-sales time is over; returns how many lines.

    Rows that another scheduler holds are left to it, and the condition is asked again when writing.
    """
    due = (
        select(OrderLine, Order, Leader.public_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(Order.state == "completed", Order.aftersales_until <= ctx.now)
        .where(OrderLine.commission_released_at.is_(None))
        .order_by(OrderLine.id)
        .limit(limit)
        .with_for_update(of=(Order, OrderLine), skip_locked=True)
    )
    ctx.session.flush()
    rows = ctx.session.execute(due, execution_options={"populate_existing": True}).all()
    mine = update(OrderLine).where(
        OrderLine.id.in_([line.id for line, _, _ in rows]), OrderLine.commission_released_at.is_(None)
    )
    released = set(
        ctx.session.scalars(
            mine.values(commission_released_at=ctx.now).returning(OrderLine.id),
            execution_options={"synchronize_session": False},
        )
    )
    bookings = [
        ledger.Booking(f"line:{line.id}", {"commission": line.commission_fen}, order, {"leader": leader})
        for line, order, leader in rows
        if line.id in released
    ]
    ledger.post_all(ctx, Event.COMMISSION_RELEASED, bookings)
    return len(released)


def _leader(ctx: Ctx, order: Order) -> Leader:
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    return ctx.session.get_one(Leader, campaign.leader_id)
