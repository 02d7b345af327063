"""The outcome of a closed campaign, decided from its counted lines: offers first, then the campaign on what remains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.campaigns import BelowMinimum, MinimumKind


@dataclass(frozen=True)
class CountedLine:
    """A paid line at closing: whose it is, what, how many, for how much (fen)."""

    resident_id: int
    offer_id: int
    units: int
    amount_fen: int


@dataclass(frozen=True)
class Terms:
    """What the campaign promised: its minimum (0 is none), what that counts, and what happens below it."""

    minimum: int
    kind: MinimumKind
    below: BelowMinimum
    may_extend: bool


@dataclass(frozen=True)
class Outcome:
    """`campaign` is "form", "fail" or "extend"; `failed_offers` fail alone or with it (empty when it extends)."""

    campaign: str
    failed_offers: frozenset[int]


def measure(kind: MinimumKind, lines: Sequence[CountedLine]) -> int:
    """What the lines reach, in the minimum's own unit: distinct people, units, or fen."""
    if kind is MinimumKind.PEOPLE:
        return len({line.resident_id for line in lines})
    if kind is MinimumKind.UNITS:
        return sum(line.units for line in lines)
    return sum(line.amount_fen for line in lines)


def decide(terms: Terms, offer_minimums: Mapping[int, int], lines: Sequence[CountedLine]) -> Outcome:
    """Decide each offer by its own minimum (units), then the campaign's minimum on what remains.

    A campaign in which nothing was counted or every offer failed fails, whatever its terms say.
    """
    sold = dict.fromkeys(offer_minimums, 0)
    for line in lines:
        sold[line.offer_id] += line.units
    alone = frozenset(offer for offer, minimum in offer_minimums.items() if sold[offer] < minimum)
    rest = [line for line in lines if line.offer_id not in alone]
    enough = measure(terms.kind, rest) >= terms.minimum
    if not enough and terms.below is BelowMinimum.EXTEND and terms.may_extend:
        return Outcome("extend", frozenset())
    if not rest or (not enough and terms.below is not BelowMinimum.FORM_ANYWAY):
        return Outcome("fail", frozenset(offer_minimums))
    return Outcome("form", alone)
