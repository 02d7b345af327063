"""How far a campaign has come towards its minimum: one reckoning for page, bot, console and export."""

from __future__ import annotations

from dataclasses import dataclass

from domain.campaigns import MinimumKind
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
