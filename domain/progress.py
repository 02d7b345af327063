"""How far a campaign has come towards its minimum: one reckoning for page, bot, console and export."""

from __future__ import annotations

from dataclasses import dataclass

from domain.campaigns import MinimumKind


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
