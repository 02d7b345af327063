"""Transfers to payees in the fund-flow bill: on their way, arrived, come back, unknown, and gone without a word."""

from __future__ import annotations

from datetime import date

from domain.clock import business_date
from services.flows import reconciling
from tests.builders.bills import Day, movement, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.world import (
    after,
    assert_clearing_is_explained,
    balance,
    case_id,
    found,
    operator,
    run,
    written,
)
from tests.services.settlements.conftest import payday
from tests.services.settlements.payday import COMMISSION_FEN, Payday

__all__ = ["payday"]


def bills_of(at: Payday, day: date) -> dict[date, Day]:
    bills = written(at.unit, *after(day, 2))
    publish(at.outside.gateway, bills)
    return bills


def transfers(at: Payday, clock: FrozenClock) -> tuple[str, date]:
    """A payout under way, its number, and the day before it was sent being read already."""
    at.sent()
    return at.payouts()[0].out_bill_no, business_date(clock.now())


def test_one_on_its_way_is_booked_and_stands_in_clearing_until_it_arrives(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    bills_of(payday, day)
    run(payday.unit, outside, clock, day)
    assert found(payday.unit) == set()
    items = {item.number: item.amount_fen for item in assert_clearing_is_explained(payday.unit).items}
    assert items[number] == COMMISSION_FEN
    outside.gateway.finish_transfer(number)
    payday.poll(minutes=6)
    items = {item.number: item.amount_fen for item in assert_clearing_is_explained(payday.unit).items}
    assert number not in items


def test_one_that_came_back_leaves_nothing(payday: Payday, outside: PretendOutside, clock: FrozenClock) -> None:
    number, day = transfers(payday, clock)
    outside.gateway.finish_transfer(number, confirmed=False, fail_reason="OVERDUE_CLOSE")
    payday.poll(minutes=6)
    bills = bills_of(payday, day)
    before = balance(payday.unit, "gateway_balance")
    run(payday.unit, outside, clock, *after(day, 2))
    assert (found(payday.unit), balance(payday.unit, "gateway_balance")) == (set(), before)
    del bills[day].flows[-1]
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, day)
    assert found(payday.unit) == {("missing_there", day, number)}


def test_one_the_bill_lacks_and_one_nobody_knows_are_cases(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    outside.gateway.finish_transfer(number)
    payday.poll(minutes=6)
    bills = bills_of(payday, day)
    bills[day].flows = [movement("商家转账", "out", 700, "pyt0unknown", clock.now())]
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, *after(day, 2))
    assert found(payday.unit) == {("missing_there", day, number), ("missing_here", day, "pyt0unknown")}
    assert_clearing_is_explained(payday.unit)


def test_one_of_another_sum_or_told_twice_is_a_case(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    bills = bills_of(payday, day)
    (flow,) = bills[day].flows
    bills[day].flows = [flow, movement("商家转账", "out", 1, number, clock.now(), "again")]
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, day)
    assert {difference for difference, *_ in found(payday.unit)} == {"duplicate"}


def test_one_that_a_case_is_about_is_asked_for_by_its_number(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    bills = bills_of(payday, day)
    bills[day].flows = [movement("商家转账", "out", COMMISSION_FEN + 1, number, clock.now())]
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, *after(day, 1))
    case = case_id(payday.unit, number, "amount")
    outside.gateway.finish_transfer(number)
    assert reconciling.ask(payday.unit, outside, operator(payday.unit), case) == "open"
    (payout,) = payday.payouts()
    assert (payout.state, payday.owed()) == ("succeeded", (0, 0))
    assert_clearing_is_explained(payday.unit)


def test_one_of_which_the_gateway_has_never_heard_stays_a_case(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    outside.gateway.finish_transfer(number)
    payday.poll(minutes=6)
    bills = bills_of(payday, day)
    bills[day].flows = []
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, *after(day, 2))
    del outside.gateway.transfers[number]
    case = case_id(payday.unit, number, "missing_there")
    assert reconciling.ask(payday.unit, outside, operator(payday.unit), case) == "open"
    assert payday.payouts()[0].state == "succeeded"
