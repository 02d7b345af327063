"""Booking the payments of a round: locks in the one order of docs/adr/0002, then every row in one statement a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from domain.payments import Arrival, classify
from domain.posting_rules import Event
from domain.state_tables import ORDER, PAYMENT
from services import ledger, paid_orders, payments
from services.context import Ctx
from services.hot import join_rows, notice_rows
from services.hot.numbering import Counting, number, participate
from services.hot.rejudging import Rejudge
from services.hot.rows import Plain
from services.ports import Trade

if TYPE_CHECKING:
    from services.hot.noticing import Heard


@dataclass(eq=False)
class Paid:
    """A trade that pays an order, with the rows it changes once they are held."""

    heard: Heard
    trade: Trade
    order_id: int
    payment_id: int
    order: Any = None
    payment: Any = None
    lines: list[Any] = field(default_factory=list)

    @property
    def received_fen(self) -> int:
        """What the gateway captured."""
        return self.trade.total_fen or 0

    @property
    def settled_fen(self) -> int:
        """What of it left the payer's pocket."""
        return payments.settled_fen(self.trade)


def book(ctx: Ctx, paid: Sequence[Paid]) -> None:
    """Let each trade pay its order, as `payments.book_trade` does; raises `Rejudge`."""
    if not paid:
        return
    _hold(ctx, paid)
    _read_lines(ctx, paid)
    _capture(ctx, paid)
    campaigns, unsold = _count(ctx, paid)
    _move(ctx, paid)
    last = {each.order.campaign_id: each for each in paid}
    for campaign_id, each in last.items():
        here = replace(ctx, request_id=each.heard.request_id)
        paid_orders.counted(here, campaigns[campaign_id], unsold=campaign_id in unsold)


def _hold(ctx: Ctx, paid: Sequence[Paid]) -> None:
    """Hold the orders, then the payments, and see that each still is what it was judged to be."""
    connection = ctx.session.connection()
    orders = _by_id(notice_rows.HOLD_ORDERS(connection, [(each.order_id,) for each in paid]))
    payments_held = _by_id(notice_rows.HOLD_PAYMENTS(connection, [(each.payment_id,) for each in paid]))
    changed = []
    for each in paid:
        each.order, each.payment = orders[each.order_id], payments_held[each.payment_id]
        each.payment.before = each.payment.state
        now = classify(each.payment.state, each.order.state, each.payment.amount_fen, each.received_fen)
        if now is not Arrival.COUNT or each.payment.state not in payments.LIVE or each.payment.desk_by:
            changed.append(each.heard)
    if changed:
        raise Rejudge(changed)


def _by_id(rows: Sequence[Row[Any]]) -> dict[int, Plain]:
    return {row.id: Plain(dict(row._mapping)) for row in rows}


def _read_lines(ctx: Ctx, paid: Sequence[Paid]) -> None:
    by_order = {each.order_id: each for each in paid}
    for line in notice_rows.LINES(ctx.session.connection(), [(order_id,) for order_id in by_order]):
        by_order[line.order_id].lines.append(line)


def _capture(ctx: Ctx, paid: Sequence[Paid]) -> None:
    now, state = ctx.now, PAYMENT.moves["succeed"].target
    rows = [
        (each.payment_id, state, each.trade.transaction_id, each.received_fen, each.settled_fen,
         each.trade.success_at or now)
        for each in paid
    ]  # fmt: skip
    notice_rows.CAPTURE(ctx.session.connection(), rows)
    bookings = [
        ledger.Booking(
            f"payment:{each.payment_id}",
            {"settled": each.settled_fen, "promotion": each.received_fen - each.settled_fen}, each.order,
        )
        for each in paid
    ]  # fmt: skip
    ledger.post_all(ctx, Event.PAYMENT_SUCCEEDED, bookings)


def _count(ctx: Ctx, paid: Sequence[Paid]) -> tuple[dict[int, Any], set[int]]:
    """What was held is sold; then the people, and last of all the campaigns' own rows.

    Returns those by id, and the ids of those one of whose offers is not sold out by that.
    """
    units: Counter[int] = Counter()
    for each in paid:
        for line in each.lines:
            units[line.offer_id] += line.ordered_units
    if len(units) > 1:  # one row needs no order
        notice_rows.HOLD_OFFERS(ctx.session.connection(), [(offer_id,) for offer_id in units])
    rows = [(offer_id, -units[offer_id], units[offer_id], 0) for offer_id in units]
    taken = join_rows.TAKE_STOCK(ctx.session.connection(), rows)
    counting = [Counting(each.order, each.lines) for each in paid]
    ids = sorted({each.order.campaign_id for each in paid})
    campaigns = number(ctx, ids, counting, participate(ctx, counting))
    return campaigns, {row.campaign_id for row in taken if row.unsold}


def _move(ctx: Ctx, paid: Sequence[Paid]) -> None:
    now, state = ctx.now, ORDER.moves["pay"].target
    connection = ctx.session.connection()
    rows = [(each.order_id, state, each.received_fen, now, each.order.roster_number) for each in paid]
    notice_rows.PAY_ORDERS(connection, rows)
    moves = [
        (ctx.actor.label, machine.name, row.id, event, before, machine.moves[event].target, each.heard.request_id, now)
        for each in paid
        for machine, row, event, before in (
            (PAYMENT, each.payment, "succeed", each.payment.before),
            (ORDER, each.order, "pay", ORDER.initial),
        )
    ]
    join_rows.INSERT_AUDIT(connection, moves)
