"""How far a campaign has come, towards its minimum and towards lower prices: one reckoning for page, bot and export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.campaigns import MinimumKind
from domain.line_money import next_tier, tier_price
from domain.money import yuan


@dataclass(frozen=True)
class Progress:
    """`reached` and `missing` in the unit of `kind`: people, units or fen. Reaching it is a fact, not the outcome."""

    kind: MinimumKind
    minimum: int
    reached: int

    @property
    def missing(self) -> int:
        """What is still wanted; 0 when the minimum is reached or there is none."""
        return max(0, self.minimum - self.reached)

    @property
    def is_reached(self) -> bool:
        """Whether nothing is missing."""
        return self.missing == 0


def progress(kind: str, minimum: int, *, people: int, units: int, fen: int) -> Progress:
    """The progress of a campaign from its counters."""
    measures = {MinimumKind.PEOPLE: people, MinimumKind.UNITS: units, MinimumKind.AMOUNT: fen}
    return Progress(MinimumKind(kind), minimum, measures[MinimumKind(kind)])


def sentence(standing: Progress) -> str:
    """The progress in words while the campaign runs: `已达 10 份，截团时确认`, `还差 3 人`, or what has come."""
    if standing.minimum == 0:
        return f"已团 {_amount(standing.kind, standing.reached)}"
    if standing.is_reached:
        return f"已达 {_amount(standing.kind, standing.reached)}，截团时确认"
    return f"还差 {_amount(standing.kind, standing.missing)}"


def _amount(kind: MinimumKind, number: int) -> str:
    if kind is MinimumKind.AMOUNT:
        return yuan(number)
    return f"{number} 人" if kind is MinimumKind.PEOPLE else f"{number} 份"


@dataclass(frozen=True)
class PriceStanding:
    """What an offer costs when `counted` units count; unpaid holds never do. Prices in fen.

    `tiers` are (from units, price), rising; `closing_fen` is the price the group reached, None until it was decided;
    `running` says that more may still be ordered.
    """

    base_fen: int
    tiers: tuple[tuple[int, int], ...]
    counted: int
    running: bool
    closing_fen: int | None = None

    @property
    def unit_fen(self) -> int:
        """What one more unit would cost now, by itself; once decided, the closing price."""
        if self.closing_fen is not None:
            return self.closing_fen
        return tier_price(self.base_fen, self.tiers, self.counted + 1)

    @property
    def missing_units(self) -> int | None:
        """How many units more must count until it is cheaper; None when no lower price can be reached."""
        ahead = self._ahead
        return ahead[0] if ahead else None

    @property
    def next_price_fen(self) -> int | None:
        """The next lower price; None when none can be reached."""
        ahead = self._ahead
        return ahead[1] if ahead else None

    @property
    def _ahead(self) -> tuple[int, int] | None:
        return next_tier(self.tiers, self.counted) if self.running else None


def milestone(standing: PriceStanding) -> str:
    """`还差 8 份降到 ¥25.00`, `已达 20 份，截团时确认 ¥22.00`, once decided `已降到 ¥22.00`; "" when nothing falls."""
    if standing.closing_fen is not None:
        return f"已降到 {yuan(standing.closing_fen)}" if standing.closing_fen < standing.base_fen else ""
    if not standing.running or not standing.tiers:
        return ""
    if standing.next_price_fen is not None:
        return f"还差 {standing.missing_units} 份降到 {yuan(standing.next_price_fen)}"
    return f"已达 {standing.counted} 份，截团时确认 {yuan(standing.unit_fen)}"


def milestones(named: Sequence[tuple[str, PriceStanding]]) -> str:
    """`草莓还差 8 份降到 ¥25.00；蓝莓已降到 ¥18.00`, of the offers that have something to tell."""
    return "；".join(f"{name}{words}" for name, standing in named if (words := milestone(standing)))


def steps(standing: PriceStanding, unit: str) -> str:
    """`满 10 盒 ¥25.00，满 20 盒 ¥22.00`, what was announced; "" without tiers."""
    return "，".join(f"满 {units} {unit} {yuan(price_fen)}" for units, price_fen in standing.tiers)
