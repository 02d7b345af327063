"""Cases: whose task they are, and every way in which one ends with its money explained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor
from domain.errors import Forbidden, Invalid, PlanIsStale, SamePerson, WrongState
from domain.posting_rules import Event
from domain.reconciling import Difference
from models import AuditRecord, BillCase, Operator, Payment, Refund
from services import ledger, two_people
from services.flows import reconciling
from services.ports import Trade
from services.reconciling import cases, resolving
from services.reconciling.resolving import ResolveCase
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.bills import Day, Planted, Planter, payment_row, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.world import (
    after,
    assert_clearing_is_explained,
    balance,
    case_on,
    found,
    moved,
    operator,
    run,
    trade,
    written,
)


@dataclass
class Desk:
    """Planted differences that were found, and two operators."""

    unit: Transactions
    outside: PretendOutside
    clock: FrozenClock
    day: date
    bills: dict[date, Day]
    planted: dict[Difference, Planted]
    first: Actor
    second: Actor

    def id_of(self, difference: Difference) -> str:
        with self.unit.reading(SYSTEM) as ctx:
            return case_on(ctx, difference).public_id

    def state_of(self, difference: Difference) -> tuple[str, str]:
        with self.unit.reading(SYSTEM) as ctx:
            row = case_on(ctx, difference)
            return row.state, row.resolution

    def resolve(self, difference: Difference, resolution: str) -> None:
        with self.unit(self.first) as ctx:
            resolving.resolve(ctx, ResolveCase(self.id_of(difference), resolution, "核对过资金账单"))

    def accept(self, difference: Difference) -> None:
        with self.unit(self.first) as ctx:
            proposal = resolving.propose(ctx, self.id_of(difference), "平台确认").public_id
        with self.unit(self.second) as ctx:
            two_people.accept(ctx, proposal)

    @property
    def true_balance(self) -> int:
        return sum(moved(of) for of in self.bills.values())


def desk(unit: Transactions, outside: PretendOutside, clock: FrozenClock, *planted: Difference) -> Desk:
    _, day = trade(unit, clock, orders=6, refunds=3)
    days = after(day, 4)
    bills = written(unit, *days)
    planter = Planter(bills, seed=5)
    made = {difference: planter.plant(difference, day) for difference in planted}
    publish(outside.gateway, bills)
    run(unit, outside, clock, *days)
    return Desk(unit, outside, clock, day, bills, made, operator(unit), operator(unit))


D = Difference
BY_THE_ACCOUNT = (D.REFUND_MISMATCH, D.AMOUNT, D.FEE, D.MISSING_THERE, D.STATUS)


def test_the_accounts_own_movement_explains_what_the_trade_bill_got_wrong(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, *BY_THE_ACCOUNT)
    for difference in BY_THE_ACCOUNT:
        at.resolve(difference, "fund_flow")
        assert_clearing_is_explained(unit)
    assert balance(unit, "gateway_clearing") == 0
    assert balance(unit, "gateway_balance") == at.true_balance
    run(unit, outside, clock, *after(at.day, 4))
    assert {at.state_of(difference) for difference in BY_THE_ACCOUNT} == {("resolved", "fund_flow")}
    assert balance(unit, "gateway_balance") == at.true_balance


@pytest.mark.parametrize("difference", [D.UNKNOWN_MERCHANT, D.FORMAT])
def test_what_the_account_moved_ends_a_row_that_cannot_be_believed(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, difference: Difference
) -> None:
    at = desk(unit, outside, clock, difference)
    with pytest.raises(WrongState):
        at.resolve(difference, "ignore")
    assert at.state_of(difference) == ("open", "")
    at.resolve(difference, "fund_flow")
    assert (balance(unit, "gateway_clearing"), balance(unit, "gateway_balance")) == (0, at.true_balance)


def test_a_duplicate_is_ignored_with_a_reason_and_posts_nothing(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.DUPLICATE)
    before = balance(unit, "gateway_balance")
    at.resolve(D.DUPLICATE, "ignore")
    assert (at.state_of(D.DUPLICATE), balance(unit, "gateway_balance")) == (("resolved", "ignore"), before)
    with pytest.raises(WrongState):
        at.resolve(D.DUPLICATE, "ignore")


@pytest.mark.parametrize("difference", [D.AMOUNT, D.FEE, D.MISSING_HERE, D.MISSING_THERE, D.REFUND_MISMATCH, D.STATUS])
def test_two_people_accept_the_bill_and_the_difference_is_booked(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, difference: Difference
) -> None:
    at = desk(unit, outside, clock, difference)
    with unit.reading(SYSTEM) as ctx:
        row = case_on(ctx, difference)
        ours, theirs = row.ours_fen, row.theirs_fen
    at.accept(difference)
    assert at.state_of(difference) == ("resolved", "accept")
    assert balance(unit, "gateway_clearing") == 0
    if difference in (D.AMOUNT, D.MISSING_HERE):
        assert balance(unit, "differences") == ours - theirs
    if difference is D.FEE:
        assert balance(unit, "differences") == 0
    run(unit, outside, clock, *after(at.day, 4))
    assert (at.state_of(difference), balance(unit, "gateway_clearing")) == (("resolved", "accept"), 0)


def test_an_accepted_difference_that_a_corrected_bill_takes_away_is_taken_back(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.AMOUNT)
    at.accept(D.AMOUNT)
    assert balance(unit, "differences") < 0
    publish(outside.gateway, written(unit, *after(at.day, 4)))
    run(unit, outside, clock, at.day)
    assert (balance(unit, "differences"), balance(unit, "gateway_clearing")) == (0, 0)
    assert balance(unit, "gateway_balance") == at.true_balance


def test_nobody_accepts_alone_nor_what_has_changed(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.AMOUNT)
    with unit(at.first) as ctx:
        proposal = resolving.propose(ctx, at.id_of(D.AMOUNT), "平台确认").public_id
    with pytest.raises(SamePerson), unit(at.first) as ctx:
        two_people.accept(ctx, proposal)
    at.resolve(D.AMOUNT, "fund_flow")
    with pytest.raises(PlanIsStale), unit(at.second) as ctx:
        two_people.accept(ctx, proposal)
    assert balance(unit, "differences") == 0


def test_only_resolutions_that_fit_the_class_and_only_operators(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.FEE)
    for resolution in ("ignore", "ask"):
        with pytest.raises(Invalid):
            at.resolve(D.FEE, resolution)
    with pytest.raises(Forbidden), unit(CLOCK) as ctx:
        resolving.resolve(ctx, ResolveCase(at.id_of(D.FEE), "fund_flow", "."))


def test_a_payment_we_never_heard_of_is_asked_about_and_kept_in_suspense(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.MISSING_HERE)
    number = at.planted[D.MISSING_HERE].subject
    row = next(row for row in at.bills[at.day].trade if row.out_trade_no == number)
    outside.gateway.trades[number] = Trade(number, "SUCCESS", row.transaction_id, 1234, 1234, row.traded_at)
    assert reconciling.ask(unit, outside, at.first, at.id_of(D.MISSING_HERE)) == "resolved"
    assert balance(unit, "suspense") == -1234
    assert balance(unit, "gateway_clearing") == 0


def test_a_payment_whose_success_we_missed_is_asked_about_and_counts(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = campaigns.stage_of(unit)
    order = campaigns.place(unit, stage, 0)
    number = campaigns.ask(unit, order, stage.buyers[0])
    paid_at, day = clock.now(), clock.now().date()
    bills = {of: Day() for of in after(day, 1)}
    bills[day].trade.append(payment_row(number, f"42{number[-26:]}", 2990, 2990, paid_at))
    publish(outside.gateway, bills)
    run(unit, outside, clock, day)
    assert found(unit) == {("status", day, number)}
    outside.gateway.trades[number] = campaigns.success(number, 2990, paid_at)
    who = operator(unit)
    with unit.reading(SYSTEM) as ctx:
        case = case_on(ctx, D.STATUS).public_id
    assert reconciling.ask(unit, outside, who, case) == "resolved"
    with unit.reading(SYSTEM) as ctx:
        assert campaigns.order_row(ctx, order).state == "paid"
    assert balance(unit, "gateway_clearing") == 0


def test_one_operator_takes_a_case_and_another_may_be_given_it(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    at = desk(unit, outside, clock, D.FEE)
    case = at.id_of(D.FEE)
    with unit(at.first) as ctx:
        assert cases.take(ctx, case).owner_id == at.first.id
    with pytest.raises(WrongState), unit(at.second) as ctx:
        cases.take(ctx, case)
    with unit(at.second) as ctx:
        name = ctx.session.get_one(Operator, at.second.id).public_id
        assert cases.assign(ctx, case, name).owner_id == at.second.id
    at.resolve(D.FEE, "fund_flow")
    with pytest.raises(WrongState), unit(at.first) as ctx:
        cases.assign(ctx, case, name)
    with unit.reading(SYSTEM) as ctx:
        rows = ctx.session.scalars(select(AuditRecord).where(AuditRecord.subject == "bill_case"))
        assert [row.event for row in rows] == ["find", "take", "assign", "resolve"]


def test_a_refund_of_another_payment_is_a_mismatch(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=3, refunds=1)
    bills = written(unit, *after(day, 1))
    rows = bills[day].trade
    rows[-1] = replace(rows[-1], out_trade_no=rows[0].out_trade_no)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 1))
    with unit.reading(SYSTEM) as ctx:
        refund = ctx.session.scalars(select(Refund.public_id)).one()
    assert found(unit) == {("refund_mismatch", day, refund)}


def test_a_refund_of_which_the_bill_says_more_was_asked_than_we_asked_is_a_mismatch(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    _, day = trade(unit, clock, orders=2, refunds=1)
    bills = written(unit, *after(day, 1))
    row = bills[day].trade[-1]
    bills[day].trade[-1] = replace(row, requested_refund_fen=row.requested_refund_fen + 100)
    publish(outside.gateway, bills)
    run(unit, outside, clock, *after(day, 1))
    with unit.reading(SYSTEM) as ctx:
        case = case_on(ctx, D.REFUND_MISMATCH)
    sums = row.requested_refund_fen, row.requested_refund_fen + 100
    assert (case.subject, case.ours_fen, case.theirs_fen) == (row.out_refund_no, *sums)
    assert found(unit) == {("refund_mismatch", day, row.out_refund_no)}


@pytest.mark.breaks_invariants
def test_a_booking_behind_the_bills_back_would_be_seen(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    """The negative control of the clearing equation."""
    _, day = trade(unit, clock, orders=1, refunds=0)
    publish(outside.gateway, written(unit, *after(day, 1)))
    run(unit, outside, clock, *after(day, 1))
    with unit(CLOCK) as ctx:
        ledger.post(ctx, Event.BILL_TRADE, "by hand", {"amount": 7})
    with pytest.raises(AssertionError):
        assert_clearing_is_explained(unit)
    with unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Payment.state)).all() == ["succeeded"]
        assert list(ctx.session.scalars(select(BillCase))) == []
