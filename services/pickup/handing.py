"""Units change hands: lines, commission and books move together, forward or back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, case, select, update

from domain.commissions import expensed
from domain.posting_rules import Event
from models import Order, OrderLine
from services import ledger, pricing
from services.context import Ctx
from services.pickup.units import handed, live
from services.writing import changed


@dataclass(frozen=True)
class HandOver:
    """`units` of a line collected or lapsed (negative: taken back); `cause` names the entry it books."""

    order: Order
    line: OrderLine
    units: int
    cause: str


def hand_over(ctx: Ctx, column: Literal["collected_units", "lapsed_units"], acts: Sequence[HandOver]) -> bool:
    """Add the units to `column` of their lines and book sales, cost and commission; the orders' rows are held.

    One conditional UPDATE for all lines: never more than arrived, is live, or was handed over, and nothing that
    after-sales paid for is taken back. False when the lines were not as the caller saw them; the caller must then
    refuse, so that its transaction is rolled back.
    """
    if not acts:
        return True
    expenses = {act.line.id: expensed(act.line.commission_fen, handed(act.line) + act.units, live(act.line))
                for act in acts}  # fmt: skip
    sales = {act.line.id: pricing.price_of(act.line).of_last(handed(act.line) + act.units) for act in acts}
    units = case({act.line.id: act.units for act in acts}, value=OrderLine.id)
    total = OrderLine.collected_units + OrderLine.lapsed_units + units
    target = OrderLine.collected_units if column == "collected_units" else OrderLine.lapsed_units
    possible: list[ColumnElement[bool]] = [
        OrderLine.sales_fen == case({act.line.id: act.line.sales_fen for act in acts}, value=OrderLine.id),
        total <= OrderLine.arrived_units,
        total + OrderLine.refunded_units <= OrderLine.ordered_units,
        target + units >= (OrderLine.refunded_after_units if column == "collected_units" else 0),
        case(sales, value=OrderLine.id) >= OrderLine.aftersales_fen,
    ]
    statement = update(OrderLine).where(OrderLine.id.in_(expenses), *possible)
    values = {
        column: target + units, "sales_fen": case(sales, value=OrderLine.id),
        "commission_expensed_fen": case(expenses, value=OrderLine.id),
    }  # fmt: skip
    if changed(ctx.session, statement.values(values)) != len(expenses):
        return False
    ledger.post_all(ctx, Event.UNITS_HANDED_OVER, [_booking(act, sales, expenses) for act in acts])
    again = select(OrderLine).where(OrderLine.id.in_(expenses))
    ctx.session.scalars(again, execution_options={"populate_existing": True}).all()
    return True


def _booking(act: HandOver, sales: Mapping[int, int], expenses: Mapping[int, int]) -> ledger.Booking:
    line = act.line
    amounts = {
        "sales": sales[line.id] - line.sales_fen,
        "cost": line.supply_price_fen * act.units,
        "commission": expenses[line.id] - line.commission_expensed_fen,
    }
    return ledger.Booking(act.cause, amounts, act.order)
