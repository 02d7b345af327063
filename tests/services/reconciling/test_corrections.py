"""Bills that are corrected, lie, come late or were not read for weeks: no difference goes by unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from domain.actors import GATEWAY
from domain.clock import business_date
from models import OrderLine
from services import cancelling, payments
from services.flows import reconciling
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.bills import Day, movement, payment_row, publish
from tests.builders.campaigns import Terms
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.test_transfers import transfers
from tests.services.reconciling.world import (
    accept,
    after,
    assert_clearing_is_explained,
    balance,
    case_id,
    found,
    moved,
    run,
    trade,
    written,
)
from tests.services.settlements.conftest import payday
from tests.services.settlements.payday import Payday

__all__ = ["payday"]


def test_what_the_account_contradicts_is_found_though_the_bill_was_corrected(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    true, wrong = written(unit, *after(day, 2)), written(unit, *after(day, 2))
    number = true[day].trade[0].out_trade_no
    row = wrong[day].trade[0]
    wrong[day].trade[0] = replace(row, settlement_fen=row.settlement_fen + 5, total_fen=row.total_fen + 5)
    publish(outside.gateway, wrong)
    run(unit, outside, clock, *after(day, 2))
    assert found(unit) == {("amount", day, number)}
    flow = true[day].flows[0]
    true[day].flows[0] = replace(flow, amount_fen=flow.amount_fen - 7)
    publish(outside.gateway, true)
    run(unit, outside, clock, *after(day, 2))
    assert found(unit) == {("amount", day, number)}


def test_an_accepted_case_whose_row_a_corrected_bill_changes_again_is_open_again(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 2))
    row, number = bills[day].trade[0], bills[day].trade[0].out_trade_no
    for more in (5, 9):
        bills[day].trade[0] = replace(row, settlement_fen=row.settlement_fen + more, total_fen=row.total_fen + more)
        publish(outside.gateway, bills)
        run(unit, outside, clock, *after(day, 2))
        accept(unit, case_id(unit, number, "amount"))
    assert (balance(unit, "gateway_clearing"), balance(unit, "differences")) == (0, -9)


def test_a_refetch_that_lies_hides_no_case_of_the_file_that_counts(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=2, refunds=0)
    bills = written(unit, *after(day, 2))
    row = bills[day].trade.pop()
    bills[day].spoilt.append(row)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    assert found(unit) == {("format", day, row.out_trade_no)}
    bills[day].hash_matches = False
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    assert found(unit) == {("format", day, row.out_trade_no), ("hash", day, "交易账单文件")}


def test_a_top_up_that_a_corrected_bill_drops_is_taken_back(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 2))
    bills[day].flows.append(movement("充值", "in", 500, "top-up-1", clock.now()))
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    bills[day].flows.pop()
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    assert balance(unit, "gateway_balance") == moved(bills[day])


def test_a_transfer_that_stands_in_a_much_later_bill_ends_its_case(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    outside.gateway.finish_transfer(number)
    payday.poll(minutes=6)
    bills = written(payday.unit, *after(day, 5))
    bills[day + timedelta(days=4)].flows, bills[day].flows = bills[day].flows, []
    publish(outside.gateway, bills)
    run(payday.unit, outside, clock, *after(day, 3))
    reconciling.reconcile_due(payday.unit, outside)
    assert ("missing_there", day, number) in found(payday.unit)
    run(payday.unit, outside, clock, *after(day + timedelta(days=4), 1))
    reconciling.reconcile_due(payday.unit, outside)
    assert number not in {subject for *_, subject in found(payday.unit)}


def test_after_an_outage_of_weeks_every_day_is_read(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    publish(outside.gateway, written(unit, *after(day, 20)))
    clock.advance(days=20)
    reconciling.reconcile_due(unit, outside)
    assert balance(unit, "gateway_clearing") == 0


def test_a_payment_that_we_hear_of_after_its_bill_ends_its_case_by_itself(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = campaigns.stage_of(unit)
    number = campaigns.ask(unit, campaigns.place(unit, stage, 0), stage.buyers[0])
    paid_at, day = clock.now(), business_date(clock.now())
    bills = {of: Day() for of in after(day, 1)}
    bills[day].trade.append(payment_row(number, f"42{number[-26:]}", 2990, 2990, paid_at))
    bills[day].flows.append(movement("交易", "in", 2990, number, paid_at))
    bills[day].flows.append(movement("扣除交易手续费", "out", 18, number, paid_at))
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 1))
    assert found(unit) == {("status", day, number)}
    with unit(GATEWAY) as ctx:
        payments.book_trade(ctx, campaigns.success(number, 2990, paid_at))
    reconciling.reconcile_due(unit, outside)
    assert (found(unit), balance(unit, "gateway_clearing")) == (set(), 0)


def test_a_payout_is_not_missed_while_the_day_it_left_is_unread(
    payday: Payday, outside: PretendOutside, clock: FrozenClock
) -> None:
    number, day = transfers(payday, clock)
    payday.later(hours=20)
    outside.gateway.finish_transfer(number)
    payday.poll(minutes=6)
    publish(outside.gateway, written(payday.unit, *after(day, 3)))
    run(payday.unit, outside, clock, *after(day + timedelta(days=1), 1))
    assert number not in {subject for *_, subject in found(payday.unit)}
    run(payday.unit, outside, clock, day)
    assert number not in {item.number for item in assert_clearing_is_explained(payday.unit).items}


def test_two_refunds_under_numbers_that_are_not_ours_are_two_cases(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = campaigns.stage_of(unit, Terms(price_fen=2990), buyers=1, hours=240)
    order = campaigns.buy(unit, stage, 0, 3)
    for _ in range(2):
        with unit(campaigns.buyer(stage.buyers[0])) as ctx:
            line = ctx.session.scalars(select(OrderLine.public_id)).one()
            cancelling.cancel(ctx, order, units={line: 1})
        campaigns.refunded(unit)
        clock.advance(seconds=90)
    day = business_date(clock.now())
    bills = written(unit, *after(day, 1))
    rows = bills[day].trade
    refunds = [row.out_refund_no for row in rows if row.out_refund_no]
    rows[1:] = [replace(row, out_refund_no=f"rfd_0stranger{n}") for n, row in enumerate(rows[1:])]
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 1))
    assert len(refunds) == 2
    assert found(unit) == {("refund_mismatch", day, number) for number in refunds}


def test_numbers_longer_than_any_true_one_do_not_stop_an_import(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 1))
    bills[day].trade += [payment_row(f"stranger-{n}", "4" * 70 + str(n), 100, 100, clock.now()) for n in range(2)]
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    assert {subject for *_, subject in found(unit)} == {"stranger-0", "stranger-1"}
