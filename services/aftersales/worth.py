"""What may still be given back of a line whose goods were handed over."""

from __future__ import annotations

from models import OrderLine
from services import pricing


def most_fen(line: OrderLine) -> int:
    """What the collected units cost, less what was given back after the hand-over; what lapsed was never held."""
    return pricing.price_of(line).of_last(line.collected_units) - line.aftersales_fen


def units_left(line: OrderLine) -> int:
    """Collected units that were not given back since."""
    return line.collected_units - line.refunded_after_units


def of_units(line: OrderLine, units: int) -> int:
    """What `units` of them are worth."""
    return min(pricing.after_sales_fen(line, units), most_fen(line))
