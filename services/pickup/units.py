"""What a line still has to give, as conditions for the database: one place for page, desk and lapse."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, case

from domain.pickup import live_units
from models import OrderLine

_UNREFUNDED = OrderLine.ordered_units - OrderLine.refunded_units
_GIVEN = OrderLine.collected_units + OrderLine.lapsed_units

LIVE: ColumnElement[int] = case(
    (OrderLine.confirmed_units <= _UNREFUNDED, OrderLine.confirmed_units), else_=_UNREFUNDED
)
"""`domain.pickup.live_units` in SQL."""

WAITING: ColumnElement[bool] = (OrderLine.arrived_units > _GIVEN) & (_UNREFUNDED > _GIVEN)
"""Whether units of the line stand at the point and wait for their owner."""

TO_COME: ColumnElement[bool] = OrderLine.arrived_units < LIVE
"""Whether units of the line are still on their way, or wait for the word on a shortage."""


def live(line: OrderLine) -> int:
    """Confirmed units that were not refunded since."""
    return live_units(line.ordered_units, line.confirmed_units, line.refunded_units)


def handed(line: OrderLine) -> int:
    """Units that were collected or lapsed."""
    return line.collected_units + line.lapsed_units


def waiting(line: OrderLine) -> int:
    """Units that stand at the point and wait for their owner."""
    return max(0, min(line.arrived_units, live(line)) - handed(line))


def to_come(line: OrderLine) -> int:
    """Units that are still on their way."""
    return max(0, live(line) - line.arrived_units)


def fresh(lines: Iterable[OrderLine]) -> bool:
    """Whether fresh goods are among the units that were not given back."""
    return any(line.fresh and live(line) for line in lines)
