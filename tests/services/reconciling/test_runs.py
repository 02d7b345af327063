"""Runs: again, beside each other, with corrected files, before the bill is written, and with very many rows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from domain.actors import CLOCK, SYSTEM
from domain.clock import business_date
from domain.errors import GatewayDown, Invalid
from domain.ids import new_id
from domain.posting_rules import Event
from domain.reconciling import Difference
from models import Alert, BillDay, BillFile, BillRow, SuspenseCase
from services import ledger
from services.flows import reconciling
from services.ledger import Booking
from services.ports import Unreachable
from services.reconciling import importing, matching
from services.transactions import Transactions
from services.writing import insert_all
from tests.builders.bills import Day, Planter, movement, payment_row, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.world import (
    after,
    assert_clearing_is_explained,
    balance,
    case_on,
    found,
    run,
    traces,
    trade,
    written,
)


def statuses(unit: Transactions) -> dict[str, str]:
    with unit.reading(SYSTEM) as ctx:
        return {f"{row.kind} {row.day:%d}": row.status for row in ctx.session.scalars(select(BillDay))}


def test_a_day_that_is_not_over_has_no_bill(unit: Transactions, outside: PretendOutside, clock: FrozenClock) -> None:
    with pytest.raises(Invalid):
        reconciling.reconcile(unit, outside, business_date(clock.now()))


def test_two_schedulers_at_once_import_and_book_once(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=4, refunds=2)
    bills = written(unit, day)
    planted = Planter(bills).plant(Difference.FEE, day)
    publish(outside.gateway, bills)
    clock.advance(days=1)
    together, broken = threading.Barrier(3), []

    def scheduler() -> None:
        together.wait(30)
        try:
            reconciling.reconcile(unit, outside, day)
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=scheduler) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    assert found(unit) == {(planted.difference, planted.day, planted.subject)}
    with unit.reading(SYSTEM) as ctx:
        assert len(list(ctx.session.scalars(select(BillFile)))) == 2
        assert len(list(ctx.session.scalars(select(BillRow).where(BillRow.kind == "payment")))) == 4
    assert balance(unit, "gateway_clearing") == 0


def test_a_run_that_dies_between_import_and_match_is_finished_by_the_next_sweep(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=2, refunds=0)
    publish(outside.gateway, written(unit, *after(day, 0)))
    clock.advance(days=1)
    for kind in reconciling.KINDS:
        reconciling._fetch(unit, outside, kind, day)
    assert balance(unit, "gateway_clearing") == 2 * 2990
    reconciling.reconcile_due(unit, outside)
    assert balance(unit, "gateway_clearing") == 0


def test_a_corrected_file_ends_the_case_and_books_what_was_left(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=6, refunds=1)
    true = written(unit, *after(day, 2))
    wrong = {of: Day(list(bill.trade), list(bill.flows)) for of, bill in true.items()}
    planter = Planter(wrong)
    for difference in (Difference.AMOUNT, Difference.DUPLICATE, Difference.MISSING_HERE, Difference.MISSING_THERE,
                       Difference.FORMAT):  # fmt: skip
        planter.plant(difference, day)
    publish(outside.gateway, wrong)
    run(unit, outside, clock, *after(day, 2))
    assert len(found(unit)) == 5
    publish(outside.gateway, true)
    run(unit, outside, clock, day)
    assert found(unit) == set()
    assert assert_clearing_is_explained(unit).items == []
    with unit.reading(SYSTEM) as ctx:
        assert "更正后的账单" in case_on(ctx, Difference.AMOUNT).resolved_words
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == []
    publish(outside.gateway, wrong)
    run(unit, outside, clock, day)
    assert {difference for difference, *_ in found(unit)} == {
        "amount", "duplicate", "missing_here", "missing_there", "format"
    }  # fmt: skip


def test_a_file_with_a_lying_hash_is_kept_and_not_imported(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 2))
    bills[day].hash_matches = False
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    assert found(unit) == {("hash", day, "交易账单文件")}
    assert statuses(unit)[f"trade {day:%d}"] == "refused"
    assert outside.files.get(importing.file_key(outside.gateway.trade_bills[day].content_sha256)) is not None
    assert balance(unit, "gateway_clearing") == 2990
    bills[day].hash_matches = True
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    assert (found(unit), balance(unit, "gateway_clearing")) == (set(), 0)


def test_a_file_that_does_not_add_up_is_one_format_case(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    bills = written(unit, *after(day, 1))
    bills[day].adds_up = False
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 1))
    assert found(unit) == {("format", day, "交易账单合计")}


def test_a_bill_not_written_yet_is_asked_for_again_and_late_after_a_day(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    publish(outside.gateway, written(unit, *after(day, 3)))
    outside.gateway.bills_are_written = False
    clock.advance(days=1)
    for _ in range(3):
        reconciling.reconcile_due(unit, outside)
    asked = outside.gateway.asked["trade_bill"]
    assert statuses(unit)[f"trade {day:%d}"] == "waiting"
    reconciling.reconcile_due(unit, outside)
    assert outside.gateway.asked["trade_bill"] == asked
    outside.gateway.bills_are_written = True
    clock.advance(days=2)
    reconciling.reconcile_due(unit, outside)
    assert {(difference, of) for difference, of, _ in found(unit)} >= {("late", day)}
    assert balance(unit, "gateway_clearing") == 0


def test_a_silent_gateway_is_no_empty_bill(unit: Transactions, outside: PretendOutside, clock: FrozenClock) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    clock.advance(days=1)
    outside.gateway.fails = Unreachable("no line")
    with pytest.raises(GatewayDown):
        reconciling.reconcile(unit, outside, day)
    assert reconciling.reconcile_due(unit, outside) == 0
    assert statuses(unit)[f"trade {day:%d}"] == "waiting"


def test_a_day_without_a_statement_misses_what_we_booked_once_the_next_day_is_there_too(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=1, refunds=0)
    run(unit, outside, clock, day)
    assert found(unit) == set()
    run(unit, outside, clock, day + timedelta(days=1))
    assert {(difference, of) for difference, of, _ in found(unit)} == {("missing_there", day)}


def test_a_bill_of_an_account_that_disagrees_with_the_trade_bill_is_a_case(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=3, refunds=0)
    bills = written(unit, *after(day, 2))
    flows = bills[day].flows
    flows[0] = replace(flows[0], amount_fen=flows[0].amount_fen - 1)
    flows[3] = replace(flows[3], amount_fen=flows[3].amount_fen + 1)
    del flows[4:]
    flows.append(movement("充值", "in", 500, "top-up-1", clock.now()))
    flows.append(movement("交易", "in", 77, "nobody-knows", clock.now()))
    flows.append(movement("无名", "out", 5, "mystery", clock.now()))
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 2))
    numbers = [row.out_trade_no for row in bills[day].trade]
    assert found(unit) == {
        ("amount", day, numbers[0]), ("fee", day, numbers[1]), ("missing_there", day, numbers[2]),
        ("missing_here", day, "nobody-knows"), ("missing_here", day, "无名-mystery"),
    }  # fmt: skip
    assert balance(unit, "bank") == -500


@contextmanager
def statements(unit: Transactions) -> Iterator[list[str]]:
    """Every statement that the database is asked while the block runs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(unit.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(unit.engine, "before_cursor_execute", note)


def test_five_thousand_rows_take_a_bounded_number_of_statements(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    day, count = business_date(clock.now()), 5000
    bills = {of: Day() for of in after(day, 1)}
    with unit(SYSTEM) as ctx:
        rows = [
            {"public_id": new_id("SuspenseCase", ctx.now), "state": "open", "out_trade_no": f"foreign-{n:05}",
             "transaction_id": f"42{n:030}", "payment_id": None, "received_fen": 1000 + n, "settled_fen": 1000 + n,
             "reason": "unknown_number", "detail": "", "resolution": "", "created_at": ctx.now}
            for n in range(count)
        ]  # fmt: skip
        insert_all(ctx.session, SuspenseCase, rows, SuspenseCase.id)
        ledger.post_all(ctx, Event.PAYMENT_UNMATCHED, [
            Booking(f"transaction:{row['transaction_id']}", {"settled": 1000 + n}) for n, row in enumerate(rows)
        ])  # fmt: skip
        for n, row in enumerate(rows):
            made = payment_row(str(row["out_trade_no"]), str(row["transaction_id"]), 1000 + n, 1000 + n, ctx.now)
            bills[day].trade.append(made)
            bills[day].flows.append(movement("交易", "in", 1000 + n, made.out_trade_no, ctx.now))
            bills[day].flows.append(movement("扣除交易手续费", "out", made.fee_fen, made.out_trade_no, ctx.now))
    publish(outside.gateway, bills)
    clock.advance(days=1)
    begun = time.process_time()
    with statements(unit) as seen:
        reconciling.reconcile(unit, outside, day)
    seconds = time.process_time() - begun
    assert len(seen) < 250, len(seen)
    assert seconds < 20, seconds
    assert (found(unit), balance(unit, "gateway_clearing")) == (set(), 0)
    with statements(unit) as seen, unit(CLOCK) as ctx:
        assert matching.match(ctx, day) == 0
    assert len(seen) < 40, len(seen)
    before = traces(unit)
    reconciling.reconcile(unit, outside, day)
    assert traces(unit) == before
