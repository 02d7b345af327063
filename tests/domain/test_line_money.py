"""A line's price falls on its units to the fen, whatever part of it is refunded, rebated, handed over or given back."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaos.splits import example, whole
from domain.line_money import LinePrice, next_tier, tier_price

TIERS = [(10, 2590), (30, 2290), (20, 2490)]


@given(st.randoms(use_true_random=False))
def test_discounts_rebates_refunds_sales_and_commission_always_sum_to_the_whole(random: Random) -> None:
    assert whole(example(random)) == []


@given(st.integers(0, 10**9), st.integers(1, 9999))
def test_shares_differ_by_a_fen_at_most_and_the_first_units_carry_the_odd_ones(amount: int, units: int) -> None:
    price = LinePrice(amount, units)
    first, last = price.of_first(1), price.of_last(1)
    assert first - last in (0, 1)
    assert price.of_first(units) == amount


def test_refunding_one_unit_after_another_returns_one_share_after_another() -> None:
    price = LinePrice(1000, 3)
    assert [price.of_first(k + 1) - price.of_first(k) for k in range(3)] == [334, 333, 333]


def test_a_rebate_is_on_confirmed_units_only_and_never_more_than_was_paid_for_one() -> None:
    price = LinePrice(1000, 4, confirmed_units=3, rebate_unit_fen=50)
    assert price.net_fen == 850
    assert price.of_first(1) == 250
    assert price.of_last(3) == 600
    assert LinePrice(90, 3).rebate_down_to(0, 40) == 30
    assert LinePrice(120, 3).rebate_down_to(50, 40) == 0


@pytest.mark.parametrize(("units", "price"), [(1, 2990), (9, 2990), (10, 2590), (29, 2490), (30, 2290), (99, 2290)])
def test_the_highest_tier_reached_is_the_price(units: int, price: int) -> None:
    assert tier_price(2990, TIERS, units) == price


def test_the_next_tier_is_the_nearest_one_not_reached() -> None:
    assert next_tier(TIERS, 0) == (10, 2590)
    assert next_tier(TIERS, 10) == (10, 2490)
    assert next_tier(TIERS, 30) is None
    assert next_tier([], 5) is None
