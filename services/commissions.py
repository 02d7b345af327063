"""A leader's commission: promised on confirmed lines, followed down by refunds, released after the after-sales time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from domain import commissions
from domain.errors import Busy
from domain.pickup import live_units
from domain.posting_rules import Event
from models import Campaign, HelpSell, Leader, Order, OrderLine
from services import ledger
from services.aftersales import open_claims
from services.context import Ctx
from services.writing import changed


def rebase(ctx: Ctx, order: Order, line: OrderLine) -> None:
    """Bring the line's commission to what is left of its price deserves now and book the difference.

    The caller holds the order's row and has just changed the line. Nothing is earned before units are confirmed, nor
    by a leader on own orders. What was released already is corrected in what is payable, which may go below zero.
    Raises `Busy` when another changed the line all the same.
    """
    ctx.session.flush()
    leader = _leader(ctx, order)
    units = live_units(line.ordered_units, line.confirmed_units, line.refunded_units)
    earns = line.confirmed_units > 0 and leader.resident_id != order.resident_id
    target = commissions.pending(line.commission_bps, line.amount_fen - line.refunded_fen) if earns else 0
    helped = commissions.pending(line.helper_bps, target)
    expensed = commissions.expensed(target, line.collected_units + line.lapsed_units, units)
    promised, helping = target - line.commission_fen, helped - line.helper_commission_fen
    booked = expensed - line.commission_expensed_fen
    if not (promised or helping or booked):
        return
    unmoved = (OrderLine.id == line.id) & (OrderLine.commission_fen == line.commission_fen)
    values = {
        "commission_fen": target, "helper_commission_fen": helped, "commission_expensed_fen": expensed
    }  # fmt: skip
    if not changed(ctx.session, update(OrderLine).where(unmoved).values(**values)):
        raise Busy
    ctx.session.refresh(line, list(values))
    cause = _cause(line.id, line.confirmed_units, line.refunded_units, line.refunded_fen)
    owners = _owners(ctx, order, leader.public_id)
    parts = {"commission": promised - helping, "helper": helping}
    ledger.post(ctx, Event.COMMISSION_PENDING, cause, parts, order=order, owners=owners)
    if line.commission_released_at is not None:
        ledger.post(ctx, Event.COMMISSION_RELEASED, cause, parts, order=order, owners=owners)
    ledger.post(ctx, Event.UNITS_HANDED_OVER, f"rebase:{cause}", {"commission": booked}, order=order)


def promised(ctx: Ctx, campaign: Campaign, lines: Sequence[Row[Any]]) -> dict[int, int]:
    """Book the commission of lines that are confirmed as they were ordered; what is promised for each, in fen.

    A line tells its `line_id`, its order's `id`, `campaign_id` and `resident_id`, its `amount_fen`, `ordered_units` and
    `commission_bps`; it has no helper. The caller writes what is promised into the lines.
    """
    leader = ctx.session.get_one(Leader, campaign.leader_id)
    found = {
        line.line_id: commissions.pending(line.commission_bps, line.amount_fen)
        for line in lines
        if line.resident_id != leader.resident_id
    }
    bookings = [
        ledger.Booking(
            _cause(line.line_id, line.ordered_units, 0, 0), {"commission": found[line.line_id], "helper": 0}, line,
            {"leader": leader.public_id},
        )
        for line in lines
        if found.get(line.line_id)
    ]  # fmt: skip
    ledger.post_all(ctx, Event.COMMISSION_PENDING, bookings)
    return found


def _cause(line_id: int, confirmed: int, refunded: int, refunded_fen: int) -> str:
    """Units and sums only ever grow in these columns, so each change of the commission has a cause of its own."""
    return f"line:{line_id}:{confirmed}-{refunded}-{refunded_fen}"


def _owners(ctx: Ctx, order: Order, leader: str) -> dict[str, str]:
    """Who is owed the parts of the order's commission; without a helper there is no part for one."""
    if order.help_sell_id is None:
        return {"leader": leader}
    helper = select(Leader.public_id).join(HelpSell, HelpSell.leader_id == Leader.id)
    return {"leader": leader, "helper": ctx.session.scalars(helper.where(HelpSell.id == order.help_sell_id)).one()}


def release_due(ctx: Ctx, limit: int = 200) -> int:
    """Release the commission of completed orders whose after-sales time is over; returns how many lines.

    A line waits while a claim about it is open.
    Rows that another scheduler holds are left to it, and the condition is asked again when writing.
    """
    due = (
        select(OrderLine, Order, Leader.public_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(Order.state == "completed", Order.aftersales_until <= ctx.now)
        .where(OrderLine.commission_released_at.is_(None), ~open_claims.OF_LINE)
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
        ledger.Booking(f"line:{line.id}", _parts(line), order, _owners(ctx, order, leader))
        for line, order, leader in rows
        if line.id in released
    ]
    ledger.post_all(ctx, Event.COMMISSION_RELEASED, bookings)
    return len(released)


def _parts(line: OrderLine) -> dict[str, int]:
    return {"commission": line.commission_fen - line.helper_commission_fen, "helper": line.helper_commission_fen}


def _leader(ctx: Ctx, order: Order) -> Leader:
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    return ctx.session.get_one(Leader, campaign.leader_id)
