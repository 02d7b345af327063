"""Each class of difference is found once, as what it is, and nothing else is reported."""

from __future__ import annotations

import pytest

from domain.reconciling import Difference
from services.transactions import Transactions
from tests.builders.bills import Planter, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.world import (
    after,
    assert_clearing_is_explained,
    balance,
    found,
    moved,
    run,
    traces,
    trade,
    written,
)

ROW_CLASSES = [difference for difference in Difference if difference is not Difference.HASH]


def test_true_bills_leave_no_case_and_an_empty_clearing(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=5, refunds=2)
    days = after(day, 2)
    bills = written(unit, *days)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *days)
    assert found(unit) == set()
    assert assert_clearing_is_explained(unit).items == []
    assert balance(unit, "gateway_clearing") == 0
    assert balance(unit, "gateway_balance") == sum(moved(of) for of in bills.values())
    assert balance(unit, "gateway_fee") == 3 * 18


@pytest.mark.parametrize("difference", list(Difference))
def test_each_class_is_found_once_and_nothing_else(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, difference: Difference
) -> None:
    _, day = trade(unit, clock, orders=4, refunds=2)
    days = after(day, 4)
    bills = written(unit, *days)
    planted = Planter(bills, seed=len(difference)).plant(difference, day)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *days)
    assert found(unit) == {(planted.difference, planted.day, planted.subject)}
    before = traces(unit)
    run(unit, outside, clock, *days)
    assert traces(unit) == before
    assert_clearing_is_explained(unit)


@pytest.mark.parametrize("seed", [1, 2])
def test_all_row_classes_in_one_day_are_told_apart(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, seed: int
) -> None:
    _, day = trade(unit, clock, orders=16, refunds=7)
    days = after(day, 4)
    bills = written(unit, *days)
    planter = Planter(bills, seed)
    planted = [
        planter.plant(difference, day) for difference in sorted(ROW_CLASSES, key=lambda one: "refund" not in one)
    ]
    publish(outside.gateway, bills)
    run(unit, outside, clock, *days)
    assert found(unit) == {(one.difference, one.day, one.subject) for one in planted}
    explained = assert_clearing_is_explained(unit)
    assert all(item.case for item in explained.items)
