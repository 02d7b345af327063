"""Units change hands: lines, commission and books move together, forward or back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sqlalchemy import ColumnElement, case, update

from domain.commissions import expensed
from domain.posting_rules import Event
from models import Order, OrderLine
from services import ledger, pricing
from services.context import Ctx
from services.pickup.units import handed, live


@dataclass(frozen=True)
class HandOver:
    """`units` of a line collected or lapsed (negative: taken back); `cause` names the entry it books."""

    order: Order
    line: OrderLine
    units: int
    cause: str

    @cached_property
    def sales_fen(self) -> int:
        """What all units of the line that will have been handed over are worth."""
        return pricing.price_of(self.line).of_last(handed(self.line) + self.units)

    @cached_property
    def expensed_fen(self) -> int:
        """The commission that belongs to them."""
        return expensed(self.line.commission_fen, handed(self.line) + self.units, live(self.line))

    @property
    def booking(self) -> ledger.Booking:
        """What it books, while the line stands as it did before."""
        amounts = {
            "sales": self.sales_fen - self.line.sales_fen,
            "cost": self.line.supply_price_fen * self.units,
            "commission": self.expensed_fen - self.line.commission_expensed_fen,
        }
        return ledger.Booking(self.cause, amounts, self.order)


def hand_over(ctx: Ctx, column: Literal["collected_units", "lapsed_units"], acts: Sequence[HandOver]) -> bool:
    """Add the units to `column` of their lines and book sales, cost and commission; the orders' rows are held.

    One conditional UPDATE for all lines: never more than arrived, is live, or was handed over, and nothing that
    after-sales paid for is taken back. False when the lines were not as the caller saw them; the caller must then
    refuse, so that its transaction is rolled back.
    """
    if not acts:
        return True
    bookings = [act.booking for act in acts]
    expenses = {act.line.id: act.expensed_fen for act in acts}
    sales = {act.line.id: act.sales_fen for act in acts}
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
    values = {
        column: target + units, "sales_fen": case(sales, value=OrderLine.id),
        "commission_expensed_fen": case(expenses, value=OrderLine.id),
    }  # fmt: skip
    statement = update(OrderLine).where(OrderLine.id.in_(expenses), *possible).values(values).returning(OrderLine)
    ctx.session.flush()
    options = {"synchronize_session": False, "populate_existing": True}
    if len(ctx.session.scalars(statement, execution_options=options).all()) != len(expenses):
        return False
    ledger.post_all(ctx, Event.UNITS_HANDED_OVER, bookings)
    return True
