"""Money that fits nothing is kept to the fen until two people, or the rule of days, say where it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, GATEWAY, Actor, Role
from domain.errors import Forbidden, WrongState
from domain.ids import new_id
from domain.ledger import Account
from jobs.schedule import SCHEDULE
from models import Alert, AuditRecord, JournalEntry, Notification, Payment, Refund, SuspenseCase
from services import invariants, payments, suspense
from services.context import Ctx
from services.paging import Page
from services.queries import books
from services.queries.books import SuspenseRow
from services.suspense import ResolveByHand
from services.transactions import Transactions
from tests.builders.campaigns import ask, capture, place, refunded, stage_of, success
from tests.builders.clock import FrozenClock
from tests.builders.decisions import accepted, operators, refusal
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import balance


def wrong_amount(unit: Transactions, total_fen: int = 3990) -> str:
    """A payment of another sum than was asked; its case."""
    stage = stage_of(unit)
    capture(unit, ask(unit, place(unit, stage, 0), stage.buyers[0]), total_fen=total_fen, payer_fen=total_fen - 990)
    return only(unit).id


def unknown_number(unit: Transactions, clock: FrozenClock) -> str:
    """A verified payment of a number that is not ours; its case."""
    trade = success(new_id("Payment", clock.now()), 1200, clock.now(), 1000)
    for _ in range(2):
        with unit(GATEWAY) as ctx:
            payments.book_trade(ctx, trade)
    return only(unit).id


def only(unit: Transactions) -> SuspenseRow:
    with unit(Actor(Role.OPERATOR, 1)) as ctx:
        (row,) = books.suspense(ctx, Page()).items
        return row


def balances(unit: Transactions) -> tuple[int, ...]:
    """suspense, refund payable, gateway clearing, promotion, bank"""
    accounts = (
        Account.SUSPENSE, Account.REFUND_PAYABLE, Account.GATEWAY_CLEARING, Account.PROMOTION, Account.BANK
    )  # fmt: skip
    with unit.reading() as ctx:
        return tuple(balance(ctx, account) for account in accounts)


def propose_refund(unit: Transactions, by: Actor, case: str) -> str:
    with unit(by) as ctx:
        return suspense.propose_refund(ctx, case, "买家来电").public_id


def propose_by_hand(unit: Transactions, by: Actor, case: str) -> str:
    with unit(by) as ctx:
        return suspense.propose_by_hand(ctx, ResolveByHand(case, "回单 11", "查到付款人")).public_id


def sweep(unit: Transactions, outside: PretendOutside) -> int:
    (job,) = (job for job in SCHEDULE if job.name == "suspense.refund_overdue")
    return job.sweep(unit, outside)


def test_a_wrong_amount_shows_its_evidence_and_two_people_send_it_back(unit: Transactions) -> None:
    case = wrong_amount(unit)
    row = only(unit)
    assert (row.reason, row.received_fen, row.settled_fen, row.payer) == ("wrong_amount", 3990, 3000, "居**")
    assert row.payment == row.out_trade_no
    assert balances(unit) == (-3990, 0, 3000, 990, 0)
    first, second = operators(unit)
    proposal = propose_refund(unit, first, case)
    assert refusal(unit, first, proposal) == "same_person"
    accepted(unit, second, proposal)
    assert balances(unit) == (0, -3990, 3000, 990, 0)
    assert refunded(unit) == 3990
    assert balances(unit) == (0, 0, 0, 0, 0)
    assert (only(unit).state, only(unit).resolution) == ("resolved", "refunded")
    with unit.reading() as ctx:
        assert "付款与订单不符，¥39.90 将原路退回付款人" in ctx.session.scalars(select(Notification.body)).all()
        assert ctx.session.scalars(select(Alert.id).where(Alert.done_at.is_(None))).all() == []
        acts = select(AuditRecord.event).where(AuditRecord.subject == "suspense_case")
        assert ctx.session.scalars(acts).all() == ["resolve"]


def test_what_nobody_resolves_goes_back_by_itself_after_its_days(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    case = wrong_amount(unit, total_fen=1990)
    first, second = operators(unit)
    proposal = propose_refund(unit, first, case)
    clock.advance(days=6, hours=23)
    assert sweep(unit, outside) == 0
    clock.advance(hours=1)
    assert [sweep(unit, outside) for _ in range(2)] == [1, 0]
    assert refusal(unit, second, proposal) == "plan_is_stale"
    assert refunded(unit) == 1990
    assert balances(unit) == (0, 0, 0, 0, 0)


def test_two_clocks_with_the_same_list_send_it_back_once(unit: Transactions, clock: FrozenClock) -> None:
    wrong_amount(unit)
    clock.advance(days=8)
    with unit.reading() as ctx:
        (due,) = suspense.due(ctx)
    with unit(CLOCK) as ctx:
        suspense.refund_overdue(ctx, due)
    with pytest.raises(WrongState), unit(CLOCK) as ctx:
        suspense.refund_overdue(ctx, due)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(func.count(Refund.id))).one() == 1


def test_an_unknown_number_goes_back_by_bank_and_stays_one_case(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    case = unknown_number(unit, clock)
    assert balances(unit) == (-1200, 0, 1000, 200, 0)
    clock.advance(days=30)
    assert sweep(unit, outside) == 0
    first, second = operators(unit)
    with pytest.raises(WrongState):
        propose_refund(unit, first, case)
    proposal = propose_by_hand(unit, first, case)
    assert [refusal(unit, by, proposal) for by in (first, second, second)] == ["same_person", "", "wrong_state"]
    assert balances(unit) == (0, 0, 1000, 200, -1200)
    assert (only(unit).state, only(unit).resolution) == ("resolved", "by_hand")
    with pytest.raises(WrongState):
        propose_by_hand(unit, first, case)


def test_a_resolved_case_is_told_again_without_effect(unit: Transactions, clock: FrozenClock) -> None:
    case = unknown_number(unit, clock)
    first, second = operators(unit)
    accepted(unit, second, propose_by_hand(unit, first, case))
    row = only(unit)
    again = success(row.out_trade_no, row.received_fen, clock.now(), row.settled_fen)
    with unit(GATEWAY) as ctx:
        payments.book_trade(ctx, replace(again, transaction_id=row.transaction_id))
    assert balances(unit) == (0, 0, 1000, 200, -1200)
    assert only(unit).state == "resolved"


def test_a_payment_of_ours_is_not_paid_by_bank(unit: Transactions) -> None:
    case = wrong_amount(unit)
    with pytest.raises(WrongState):
        propose_by_hand(unit, operators(unit)[0], case)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.LEADER, Role.STAFF, Role.SYSTEM])
def test_nobody_but_operators_reads_or_proposes(unit: Transactions, role: Role) -> None:
    case, somebody = wrong_amount(unit), Actor(role, 1, resident_id=1)
    with pytest.raises(Forbidden):
        propose_refund(unit, somebody, case)
    with pytest.raises(Forbidden), unit(somebody) as ctx:
        books.suspense(ctx, Page())


def test_what_another_found_becomes_a_case_once_and_is_booked_with_it(unit: Transactions) -> None:
    for _ in range(2):
        with unit(CLOCK) as ctx:
            suspense.open_case(ctx, "4200001", "pay_elsewhere", 500, 500, "missing_here", "the bill shows it")
    assert balances(unit) == (-500, 0, 500, 0, 0)
    with unit.reading() as ctx:
        booked = select(func.count()).where(JournalEntry.event == "payment_unmatched")
        assert ctx.session.scalars(booked).one() == 1


def broken(ctx: Ctx) -> set[str]:
    return {breach.rule for breach in invariants.check(ctx)}


def test_a_case_closed_behind_the_books_would_be_seen(unit: Transactions) -> None:
    wrong_amount(unit)
    with unit(CLOCK) as ctx:
        ctx.session.scalars(select(SuspenseCase)).one().state = "resolved"
        ctx.session.flush()
        rules = broken(ctx)
        assert "3 each captured fen is in an order, a refund or a suspense case" in rules
        assert "2 every other account holds what the rows say" in rules
        ctx.session.rollback()
    with unit(CLOCK) as ctx:  # or a refund beside an open case
        ctx.session.scalars(select(Payment)).one().refunded_fen = 1
        assert "3 each captured fen is in an order, a refund or a suspense case" in broken(ctx)
        ctx.session.rollback()
