"""How the price of a line falls on its units: shares fixed at ordering, rebates per unit, every sum exact.

The first units of a line are the ones refunded before collection, the last ones those handed over, so that both
together are the whole to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LinePrice:
    """What a line costs (fen, net of its discount), its units, how many were confirmed, and the rebate of each."""

    amount_fen: int
    units: int
    confirmed_units: int = 0
    rebate_unit_fen: int = 0

    @property
    def rebate_fen(self) -> int:
        """What a lower tier gives back on all confirmed units."""
        return self.rebate_unit_fen * self.confirmed_units

    @property
    def net_fen(self) -> int:
        """What the line costs after the rebate."""
        return self.amount_fen - self.rebate_fen

    def of_first(self, units: int) -> int:
        """What the first `units` carry: equal shares, an odd fen to the earlier unit, rebates off the confirmed."""
        share, odd = divmod(self.amount_fen, self.units)
        rebated = max(0, units - (self.units - self.confirmed_units))
        return share * units + min(units, odd) - self.rebate_unit_fen * rebated

    def of_last(self, units: int) -> int:
        """What the last `units` carry; with `of_first` of the others it is `net_fen`."""
        return self.net_fen - self.of_first(self.units - units)

    def rebate_down_to(self, closing_price_fen: int, unit_price_fen: int) -> int:
        """The rebate of one unit when the group reached `closing_price_fen`: never more than its smallest share."""
        return max(0, min(unit_price_fen - closing_price_fen, self.amount_fen // self.units))


def tier_price(price_fen: int, tiers: Sequence[tuple[int, int]], units: int) -> int:
    """The price of one unit when `units` count; `tiers` are (from units, price), in any order."""
    reached = [(start, price) for start, price in tiers if start <= units]
    return max(reached)[1] if reached else price_fen


def next_tier(tiers: Sequence[tuple[int, int]], units: int) -> tuple[int, int] | None:
    """(units still missing, price) of the nearest tier not reached at `units`; None on the last."""
    ahead = [(start, price) for start, price in tiers if start > units]
    if not ahead:
        return None
    start, price = min(ahead)
    return start - units, price
