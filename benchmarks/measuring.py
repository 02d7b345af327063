"""What a set of rounds says: pairwise ratios of ours to the floor, and whether the floor stood still meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

NOISE = 0.15
"""More than this between the floor's first and second medians, and nothing is judged."""
LEAST_ROUNDS = 5


@dataclass(frozen=True)
class Round:
    """The floor before and after, ours between them, in the same unit; and the invariants that the load broke."""

    floor_before: float
    ours: float
    floor_after: float
    broken: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """Ours to the mean of the floors around it."""
        return self.ours / fmean((self.floor_before, self.floor_after))


@dataclass(frozen=True)
class Measured:
    """The rounds of one workload; there is at least one."""

    rounds: Sequence[Round]

    @property
    def ratios(self) -> list[float]:
        """One of each round."""
        return [taken.ratio for taken in self.rounds]

    @property
    def floor_noise(self) -> float:
        """How far the medians of the floors before and after lie apart, as a part of the lower one."""
        before = median(taken.floor_before for taken in self.rounds)
        after = median(taken.floor_after for taken in self.rounds)
        return abs(before - after) / min(before, after)

    @property
    def broken(self) -> list[str]:
        """Every invariant that a round broke."""
        return sorted({rule for taken in self.rounds for rule in taken.broken})


def judge(measured: Measured, gate: float | None, better: Literal["more", "less"], full: bool = True) -> str:
    """The verdict in a word or two; "held" or "missed" only for five rounds of the full size that may be judged."""
    if measured.broken:
        return "no result"
    if measured.floor_noise > NOISE:
        return "too noisy"
    if len(measured.rounds) < LEAST_ROUNDS or not full:
        return "not judged"
    if gate is None:
        return "shown"
    ratio = median(measured.ratios)
    return "held" if (ratio >= gate if better == "more" else ratio <= gate) else "missed"


def take_rounds(
    rounds: int, floor: Callable[[], float], ours: Callable[[], float], broken: Callable[[], Sequence[str]],
    tell: Callable[[Round], None],
) -> Measured:  # fmt: skip
    """Floor, ours, floor, as often as asked, with the invariants looked at after each load; `tell` hears each round.

    A round that breaks an invariant is the last.
    """
    taken: list[Round] = []
    while len(taken) < rounds and not (taken and taken[-1].broken):
        before, mine = floor(), ours()
        found = tuple(broken())
        taken.append(Round(before, mine, floor(), found))
        tell(taken[-1])
    return Measured(taken)
