"""Ends of cases: what they book is what the account moved, and only of what everybody has seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from domain.errors import PlanIsStale, WrongState
from domain.reconciling import Difference
from services import two_people
from services.flows import reconciling
from services.reconciling import resolving
from services.transactions import Transactions
from tests.builders.bills import Planter, movement, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.test_cases import desk
from tests.services.reconciling.test_transfers import bills_of, transfers
from tests.services.reconciling.world import (
    accept,
    after,
    assert_clearing_is_explained,
    balance,
    case_id,
    moved,
    operator,
    resolve,
    run,
    trade,
    written,
)
from tests.services.settlements.conftest import payday
from tests.services.settlements.payday import COMMISSION_FEN, Payday

__all__ = ["payday"]


@pytest.mark.parametrize(("kind", "way", "name"), [
    ("商家转账", "out", "pyt0unknown"), ("商家转账退回", "in", "pyt0unknown"), ("无名", "out", ""), ("无名", "in", "")
])  # fmt: skip
@pytest.mark.parametrize("how", ["fund_flow", "accept"])
def test_a_movement_nobody_knows_is_in_the_balance_however_its_case_ends(
    unit: Transactions,
    outside: PretendOutside,
    clock: FrozenClock,
    kind: str,
    way: Literal["in", "out"],
    name: str,
    how: str,
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 2))
    bills[day].flows.append(movement(kind, way, 700, name or "x", clock.now()))
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    case = case_id(unit, name or f"{kind}-x", "missing_here")
    if how == "accept":
        accept(unit, case)
    else:
        with pytest.raises(WrongState):  # it did move, and nothing of ours explains it
            resolve(unit, case, "fund_flow")
        accept(unit, case)
    assert balance(unit, "gateway_balance") == moved(bills[day])
    assert balance(unit, "gateway_clearing") == 0


def test_money_that_went_out_for_a_failed_payout_and_stayed_out_is_accepted_as_gone(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    outside.gateway.finish_transfer(number, confirmed=False, fail_reason="OVERDUE_CLOSE")
    payday.poll(minutes=6)
    bills = bills_of(payday, day)
    del bills[day].flows[-1]
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, *after(day, 2))
    accept(payday.unit, case_id(payday.unit, number, "missing_there"))
    assert number not in {item.number for item in assert_clearing_is_explained(payday.unit).items}
    assert balance(payday.unit, "gateway_balance") == sum(moved(bill) for bill in bills.values())
    assert balance(payday.unit, "differences") == COMMISSION_FEN


def test_nothing_is_accepted_while_a_corrected_bill_waits_to_be_matched(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 2))
    row, number = bills[day].trade[0], bills[day].trade[0].out_trade_no
    bills[day].trade[0] = replace(row, settlement_fen=row.settlement_fen + 5, total_fen=row.total_fen + 5)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    first, second = operator(unit), operator(unit)
    with unit(first) as ctx:
        proposal = resolving.propose(ctx, case_id(unit, number, "amount"), "平台确认").public_id
    bills[day].trade[0] = replace(row, settlement_fen=row.settlement_fen + 9, total_fen=row.total_fen + 9)
    publish(outside.gateway, bills)
    reconciling._fetch(unit, outside, "trade", day)
    with pytest.raises(PlanIsStale), unit(second) as ctx:
        two_people.accept(ctx, proposal)
    reconciling.match_waiting(unit)
    assert_clearing_is_explained(unit)


def test_a_row_of_another_merchant_whose_money_never_came_is_accepted_as_a_loss(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, Difference.UNKNOWN_MERCHANT)
    number, flows = at.planted[Difference.UNKNOWN_MERCHANT].subject, at.bills[at.day].flows
    gone = [flow for flow in flows if flow.voucher_no == number]
    at.bills[at.day].flows = [flow for flow in flows if flow not in gone]
    publish(outside.gateway, at.bills)
    run(unit, outside, clock, *after(at.day, 4))
    for resolution in ("fund_flow", "ignore"):
        with pytest.raises(WrongState):
            at.resolve(Difference.UNKNOWN_MERCHANT, resolution)
    lost = sum(item.amount_fen for item in assert_clearing_is_explained(unit).items)
    at.accept(Difference.UNKNOWN_MERCHANT)
    assert at.state_of(Difference.UNKNOWN_MERCHANT) == ("resolved", "accept")
    assert (balance(unit, "differences"), balance(unit, "gateway_clearing")) == (lost, 0)
    assert (abs(lost), balance(unit, "gateway_balance")) == (gone[0].amount_fen, at.true_balance)
    publish(outside.gateway, written(unit, *after(at.day, 4)))
    run(unit, outside, clock, at.day)
    assert (balance(unit, "differences"), balance(unit, "gateway_clearing")) == (0, 0)


def test_a_row_of_another_merchant_whose_money_came_is_booked_as_the_account_has_it(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, Difference.UNKNOWN_MERCHANT)
    at.accept(Difference.UNKNOWN_MERCHANT)
    assert (balance(unit, "differences"), balance(unit, "gateway_clearing")) == (0, 0)
    assert balance(unit, "gateway_balance") == at.true_balance


def test_a_row_of_another_merchant_is_not_accepted_before_the_account_is_read(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 1))
    planted = Planter(bills).plant(Difference.UNKNOWN_MERCHANT, day)
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    case = case_id(unit, planted.subject, "unknown_merchant")
    with pytest.raises(WrongState):
        accept(unit, case)
    run(unit, outside, clock, day + timedelta(days=1))
    accept(unit, case)
    assert balance(unit, "differences") == 0


def test_a_case_older_than_the_gateways_bills_is_asked_about_by_its_number_alone(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, Difference.AMOUNT)
    case, asked = at.id_of(Difference.AMOUNT), outside.gateway.asked
    clock.advance(days=100)
    bills, queries = asked["trade_bill"], asked["query"]
    assert reconciling.ask(unit, outside, at.first, case) == "open"
    assert (asked["trade_bill"], asked["query"]) == (bills, queries + 1)
