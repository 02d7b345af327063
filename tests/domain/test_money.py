"""Whole fen: parts sum to the whole, floors never pay out more than there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import bps_floor, share_of_units, split, yuan
from domain.payments import split_settled
from domain.posting_rules import RULES, Event, legs

FEN = st.integers(0, 10**12)


@given(FEN, st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_parts_sum_to_the_whole_and_none_is_off_by_a_fen(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert weight or not part


def test_a_sum_needs_somebody_to_carry_it() -> None:
    assert split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing carries"):
        split(1, [0, 0])


@given(FEN, st.integers(1, 99))
def test_the_shares_of_all_units_are_the_whole(total: int, units: int) -> None:
    steps = [share_of_units(total, k, units) for k in range(units + 1)]
    assert steps[0] == 0
    assert steps[-1] == total
    assert steps == sorted(steps)


@given(st.integers(0, 10_000), FEN)
def test_commission_is_never_more_than_its_rate(rate: int, fen: int) -> None:
    assert bps_floor(rate, fen) * 10_000 <= rate * fen < (bps_floor(rate, fen) + 1) * 10_000


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.lists(st.integers(1, 10**8), max_size=8))
def test_refund_parts_return_exactly_what_the_payer_paid(total: int, settled: int, parts: list[int]) -> None:
    settled = min(settled, total)
    before, pocket = 0, 0
    for part in [*(min(p, total) for p in parts), total]:
        now = min(part, total - before)
        pocket += split_settled(now, before, total, settled)
        before += now
    assert before == total
    assert pocket == settled


@pytest.mark.parametrize(("fen", "words"), [(0, "¥0.00"), (5, "¥0.05"), (1280, "¥12.80"), (-1, "-¥0.01")])
def test_yuan_is_printed_with_two_places(fen: int, words: str) -> None:
    assert yuan(fen) == words


@given(st.data())
def test_every_posting_rule_balances_for_any_amounts(data: st.DataObject) -> None:
    for event, rules in RULES.items():
        amounts = {rule.amount: data.draw(st.integers(-(10**9), 10**9)) for rule in rules}
        booked = legs(event, amounts, {side: f"{side}_x" for side in ("leader", "helper", "merchant", "point", "shift",
                                                                      "payee")})  # fmt: skip
        assert sum(leg.amount_fen for leg in booked) == 0


def test_a_rule_refuses_amounts_it_does_not_know_and_owners_it_was_not_given() -> None:
    with pytest.raises(KeyError, match="no amount named"):
        legs(Event.GOODS_ARRIVED, {"nonsense": 1})
    with pytest.raises(KeyError, match="merchant"):
        legs(Event.GOODS_ARRIVED, {"cost": 1})
    assert legs(Event.GOODS_ARRIVED, {}) == []
