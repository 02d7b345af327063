"""Commission to the fen: parts always sum to the whole, and a full way back leaves exactly nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.commissions import expensed, pending

RATES = st.integers(0, 10_000)
FEN = st.integers(0, 10_000_000)


@given(RATES, FEN)
def test_a_fully_refunded_line_gives_exactly_zero(rate: int, price: int) -> None:
    assert pending(rate, price * 0) == 0


@given(RATES, FEN, FEN)
def test_commission_never_exceeds_its_net_and_falls_with_it(rate: int, net: int, less: int) -> None:
    assert 0 <= pending(rate, net) <= net
    assert pending(rate, min(net, less)) <= pending(rate, net)


@given(FEN, st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_the_parts_of_hand_overs_sum_to_the_whole(commission: int, parts: list[int]) -> None:
    units, handed, booked = sum(parts), 0, 0
    for part in parts:
        delta = expensed(commission, handed + part, units) - expensed(commission, handed, units)
        assert delta >= 0
        handed, booked = handed + part, booked + delta
    assert booked == commission


@given(FEN, st.integers(1, 50), st.lists(st.booleans(), max_size=60))
def test_any_walk_of_hand_overs_and_undos_back_to_nothing_books_zero(fen: int, units: int, steps: list[bool]) -> None:
    handed, booked = 0, 0
    for forward in [*steps, *[False] * units]:
        after = min(units, handed + 1) if forward else max(0, handed - 1)
        booked += expensed(fen, after, units) - expensed(fen, handed, units)
        handed = after
    assert (handed, booked) == (0, 0)
