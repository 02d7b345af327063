"""Less came than was ordered: whole units, nobody gets more than wanted, and each mode keeps its promise."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.campaigns import ShortageMode
from domain.shortage import Want, allocate, level
from tests.builders.clock import FrozenClock

NOON = FrozenClock().now()
MODES = st.sampled_from(ShortageMode)
CAME = st.integers(0, 300)


def want(line: int, units: int, *, person: int | None = None, minute: int = 0) -> Want:
    """A line of an order of its own, paid so many minutes after noon."""
    return Want(line, line, line if person is None else person, NOON + timedelta(minutes=minute), units)


@st.composite
def _wants(draw: st.DrawFn) -> list[Want]:
    people = draw(st.integers(1, 12))
    rows = draw(st.lists(st.tuples(st.integers(1, 20), st.integers(0, people), st.integers(0, 5)), max_size=15))
    return [want(line, units, person=who, minute=minute) for line, (units, who, minute) in enumerate(rows)]


WANTS = _wants()


def _by_person(wants: list[Want], got: list[int]) -> dict[int, tuple[int, int]]:
    """(wanted, got) of each person."""
    found: dict[int, tuple[int, int]] = {}
    for row, units in zip(wants, got, strict=True):
        wanted, had = found.get(row.person, (0, 0))
        found[row.person] = wanted + row.units, had + units
    return found


@given(MODES, CAME, WANTS)
def test_all_that_came_is_given_and_nobody_gets_more_than_wanted(
    mode: ShortageMode, came: int, wants: list[Want]
) -> None:
    got = allocate(mode, came, wants)
    assert sum(got) == min(came, sum(row.units for row in wants))
    assert all(0 <= units <= row.units for units, row in zip(got, wants, strict=True))


@given(MODES, CAME, WANTS, st.randoms(use_true_random=False))
def test_the_order_in_which_lines_are_read_decides_nothing(
    mode: ShortageMode, came: int, wants: list[Want], random: Random
) -> None:
    before = dict(zip([row.line for row in wants], allocate(mode, came, wants), strict=True))
    shuffled = sorted(wants, key=lambda _: random.random())
    after = dict(zip([row.line for row in shuffled], allocate(mode, came, shuffled), strict=True))
    assert before == after


@given(CAME, WANTS)
def test_nobody_gets_a_second_before_everyone_has_one(came: int, wants: list[Want]) -> None:
    people = _by_person(wants, allocate(ShortageMode.ONE_EACH, came, wants))
    most = max((got for _, got in people.values()), default=0)
    assert all(got >= most - 1 for wanted, got in people.values() if got < wanted)


@given(CAME, WANTS)
def test_who_paid_first_is_served_first(came: int, wants: list[Want]) -> None:
    got = allocate(ShortageMode.FIRST_COME, came, wants)
    ranked = sorted(zip(wants, got, strict=True), key=lambda pair: (pair[0].paid_at, pair[0].order))
    served = [units == row.units for row, units in ranked]
    first_short = served.index(False) if False in served else len(served)
    assert all(units == 0 for _, units in ranked[first_short + 1 :])


@given(CAME, WANTS)
def test_in_proportion_is_off_by_less_than_a_unit(came: int, wants: list[Want]) -> None:
    people = _by_person(wants, allocate(ShortageMode.IN_PROPORTION, came, wants)).values()
    whole = sum(wanted for wanted, _ in people)
    given_out = min(came, whole)
    assert all(abs(got * whole - given_out * wanted) < max(whole, 1) for wanted, got in people)


@given(MODES, CAME, WANTS)
def test_who_wanted_more_never_gets_less_than_a_later_payer_who_wanted_less(
    mode: ShortageMode, came: int, wants: list[Want]
) -> None:
    alone = [want(row.line, row.units, minute=row.line) for row in wants]
    got = allocate(mode, came, alone)
    for early in range(len(alone)):
        for late in range(early + 1, len(alone)):
            assert alone[early].units < alone[late].units or got[early] >= got[late]


@given(st.sampled_from([ShortageMode.ONE_EACH, ShortageMode.FIRST_COME]), CAME, WANTS)
def test_one_unit_more_takes_from_nobody(mode: ShortageMode, came: int, wants: list[Want]) -> None:
    fewer, more = allocate(mode, came, wants), allocate(mode, came + 1, wants)
    assert all(before <= after for before, after in zip(fewer, more, strict=True))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(ShortageMode.ONE_EACH, [2, 2, 1]), (ShortageMode.FIRST_COME, [4, 1, 0]), (ShortageMode.IN_PROPORTION, [3, 1, 1])],
)
def test_five_units_for_four_two_and_one(mode: ShortageMode, expected: list[int]) -> None:
    wants = [want(1, 4), want(2, 2, minute=1), want(3, 1, minute=2)]
    assert allocate(mode, 5, wants) == expected


def test_two_orders_of_one_person_are_one_person() -> None:
    wants = [want(1, 1, person=7), want(2, 1, person=7, minute=1), want(3, 1, person=8, minute=2)]
    assert allocate(ShortageMode.ONE_EACH, 2, wants) == [1, 0, 1]


def test_a_tie_goes_to_the_earlier_payer_then_to_the_lower_order() -> None:
    assert allocate(ShortageMode.ONE_EACH, 1, [want(1, 1, minute=5), want(2, 1)]) == [0, 1]
    assert allocate(ShortageMode.IN_PROPORTION, 1, [want(2, 1), want(1, 1)]) == [0, 1]


POINTS = st.dictionaries(st.integers(1, 6), st.integers(0, 40), max_size=6)


@given(POINTS, POINTS)
def test_levelling_gives_each_point_what_it_needs_and_leaves_the_rest_where_it_stands(
    extra: dict[int, int], needed: dict[int, int]
) -> None:
    stands = dict.fromkeys(needed, 0) | extra
    if (missing := sum(needed.values()) - sum(stands.values())) > 0:
        stands[1] = stands.get(1, 0) + missing
    after = dict(stands)
    for move in level(stands, needed):
        assert move.units > 0
        assert stands[move.source] > needed.get(move.source, 0)
        after[move.source] -= move.units
        after[move.target] += move.units
    assert all(after[point] >= units for point, units in needed.items())
    assert all(units >= 0 for units in after.values())


def test_nothing_moves_where_each_point_has_enough() -> None:
    assert level({1: 5, 2: 3}, {1: 4, 2: 3}) == []
