"""Who gets what when less arrives than was ordered, and what moves between points: always whole units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.campaigns import ShortageMode
from domain.money import split


@dataclass(frozen=True)
class Want:
    """`units` that one order line still waits for: whose it is, and since when it was paid (gateway's success time)."""

    line: int
    order: int
    person: int
    paid_at: datetime
    units: int


@dataclass(frozen=True)
class Move:
    """Units that are carried from one point to another."""

    source: int
    target: int
    units: int


def allocate(mode: ShortageMode, came: int, wants: Sequence[Want]) -> list[int]:
    """What each of `wants` gets of `came` units, in the order given; in all min(came, what is wanted).

    The earlier payer, then the lower order, comes first. One each and in proportion are judged by person over all
    their orders; what a person gets goes to their earlier lines.
    """
    ranked = sorted(range(len(wants)), key=lambda i: (wants[i].paid_at, wants[i].order, wants[i].line))
    got = [0] * len(wants)
    if mode is ShortageMode.FIRST_COME:
        for i, units in zip(ranked, _in_turn(came, [wants[i].units for i in ranked]), strict=True):
            got[i] = units
        return got
    lines_of: dict[int, list[int]] = {}
    for i in ranked:
        lines_of.setdefault(wants[i].person, []).append(i)
    wanted = [sum(wants[i].units for i in lines) for lines in lines_of.values()]
    share = _one_each if mode is ShortageMode.ONE_EACH else split
    shares = share(min(came, sum(wanted)), wanted)
    for lines, part in zip(lines_of.values(), shares, strict=True):
        for i, units in zip(lines, _in_turn(part, [wants[i].units for i in lines]), strict=True):
            got[i] = units
    return got


def _in_turn(came: int, wanted: Sequence[int]) -> list[int]:
    got = []
    for units in wanted:
        got.append(min(units, came))
        came -= got[-1]
    return got


def _one_each(came: int, wanted: Sequence[int]) -> list[int]:
    """One to each in turn, round after round; as many full rounds at a time as there is enough for."""
    got = [0] * len(wanted)
    while waiting := [i for i, units in enumerate(wanted) if got[i] < units and came]:
        rounds = max(1, came // len(waiting))
        for i in waiting[:came]:
            taken = min(rounds, wanted[i] - got[i])
            got[i] += taken
            came -= taken
    return got


def level(stands: Mapping[int, int], needed: Mapping[int, int]) -> list[Move]:
    """What to carry so that each point has what it needs, from lower points (by key) to lower ones first.

    `stands` are units at each point, `needed` what its lines get; in all no more than stands.
    """
    spare = {point: units - needed.get(point, 0) for point, units in sorted(stands.items())}
    moves = []
    for target in sorted(needed):
        lacking = needed[target] - stands.get(target, 0)
        for source, units in spare.items():
            if lacking > 0 and units > 0:
                carried = min(lacking, units)
                moves.append(Move(source, target, carried))
                lacking -= carried
                spare[source] -= carried
    return moves
