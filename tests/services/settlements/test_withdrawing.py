"""Withdrawing: the payee, the sum, the name, and never more than is owed."""

from __future__ import annotations

import threading

import pytest

from domain.actors import GATEWAY, Actor, Role
from domain.errors import BalanceTooLow, NotFound, PayoutTooSmall, RealNameMissing, WrongState
from domain.ids import new_id
from domain.policy import Policy
from models import Settlement
from services import payees
from services import payouts as asking
from services.flows import payouts
from services.paging import Page
from services.pickup.undoing import Undo, undo
from services.ports import Unknown
from services.queries import settlements as reads
from tests.services.settlements.payday import COMMISSION_FEN, FEE_FEN, Payday


def test_a_withdrawal_that_the_payee_confirms_is_paid(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    assert payday.owed() == (COMMISSION_FEN, 0)
    asked = payday.withdraw(statement)
    (payout,) = payday.payouts()
    assert asked.params["package"] == f"package-{payout.out_bill_no}"
    assert (asked.statement.state, payout.state, payday.owed()) == ("paying", "submitted", (0, COMMISSION_FEN))
    assert payout.out_bill_no == payout.public_id.replace("_", "")
    request = payday.outside.gateway.transfer_requests[payout.out_bill_no]
    assert (request.amount_fen, request.real_name, request.work) == (COMMISSION_FEN, "", "团购佣金")
    payday.outside.gateway.finish_transfer(payout.out_bill_no)
    payday.poll(seconds=20)
    assert (payday.settlement(statement).state, payday.owed()) == ("paid", (0, 0))
    with payday.unit.reading(payday.world.leader) as ctx:
        assert reads.earnings(ctx).paid_fen == COMMISSION_FEN
        view = reads.own_statements(ctx, Page()).items[0]
        assert view.payout is not None
        assert (view.payout.state, view.payout.confirmable) == ("succeeded", False)


def test_asking_again_goes_on_with_the_same_payout(payday: Payday) -> None:
    statement = payday.sent()
    assert payday.withdraw(statement).params["package"] == f"package-{payday.payouts()[0].out_bill_no}"
    assert len(payday.payouts()) == 1
    payday.outside.gateway.finish_transfer(payday.payouts()[0].out_bill_no)
    payday.poll(seconds=20)
    with pytest.raises(WrongState):
        payday.withdraw(statement)


def test_nothing_goes_out_of_a_draft(payday: Payday) -> None:
    payday.earned()
    leader = next(number for number in payday.drafted() if payday.settlement(number).payee_kind == "leader")
    with pytest.raises(WrongState):
        payday.withdraw(leader)
    assert payday.payouts() == []


def test_two_withdrawals_of_one_statement_at_once_are_one_payout(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    gate = threading.Barrier(2)

    def run() -> None:
        gate.wait()
        payday.withdraw(statement)

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(payday.payouts()) == 1
    assert len(payday.outside.gateway.transfers) == 1


@pytest.mark.breaks_invariants  # a statement is invented to be owed more than there is
def test_two_withdrawals_at_once_cannot_overdraw(payday: Payday) -> None:
    payday.earned()
    first = payday.approved()
    with payday.unit(GATEWAY) as ctx:
        row = payday.settlement(first)
        second = new_id("Settlement", ctx.now)
        values = {column.key: getattr(row, column.key) for column in Settlement.__table__.columns}
        del values["id"]
        ctx.session.add(Settlement(**{**values, "public_id": second}))
    gate, refused = threading.Barrier(2), []

    def run(statement: str) -> None:
        gate.wait()
        try:
            payday.withdraw(statement)
        except BalanceTooLow:
            refused.append(statement)

    workers = [threading.Thread(target=run, args=(statement,)) for statement in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(refused), len(payday.payouts()), payday.owed()[0]) == (1, 1, 0)


def test_what_was_lost_since_keeps_a_statement_from_being_withdrawn(payday: Payday) -> None:
    payday.keeper()
    redemption = payday.handed_over()
    point = payday.approved("point")
    keeper = payday.settlement(point).resident_id
    with payday.unit(payday.world.leader) as ctx:
        undo(ctx, Undo(redemption, "给错人了"))
    with pytest.raises(BalanceTooLow):
        payouts.withdraw(payday.unit, payday.outside, Actor(Role.RESIDENT, keeper or 0, keeper), point)
    assert payday.settlement(point).state == "approved"


def test_a_larger_payout_carries_the_real_name_that_was_entered_first(payday: Payday) -> None:
    payday.earned(1100)
    statement = payday.approved()
    assert payday.settlement(statement).amount_fen >= Policy().payout_name_from_fen
    with pytest.raises(RealNameMissing):
        payday.withdraw(statement)
    with payday.unit(payday.world.leader_as_resident) as ctx:
        assert payees.set_real_name(ctx, "王建国") == "王**"
    payday.withdraw(statement)
    request = payday.outside.gateway.transfer_requests[payday.payouts()[0].out_bill_no]
    assert request.real_name == "王建国"
    assert "王建国" not in repr(request)


def test_the_real_name_does_not_change_while_a_payout_may_be_under_way(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.fails = Unknown("lost")
    payday.withdraw(statement)
    payday.outside.gateway.fails = None
    with payday.unit(payday.world.leader_as_resident) as ctx, pytest.raises(WrongState):
        payees.set_real_name(ctx, "王建国")


@pytest.mark.breaks_invariants  # a statement below the least is invented
def test_less_than_the_least_is_refused(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    with payday.unit(GATEWAY) as ctx:
        row = ctx.session.get_one(Settlement, payday.settlement(statement).id)
        row.amount_fen = 9
    with pytest.raises(PayoutTooSmall):
        payday.withdraw(statement)


def test_a_keeper_withdraws_the_fees_of_the_point_and_nobody_else_does(payday: Payday) -> None:
    keeper = payday.keeper()
    payday.handed_over()
    point = payday.approved("point")
    for stranger in (payday.world.resident(), payday.world.leader):
        with pytest.raises(NotFound):
            payouts.withdraw(payday.unit, payday.outside, stranger, point)
        with pytest.raises(NotFound):
            payouts.cancel(payday.unit, payday.outside, stranger, point)
    assert payouts.withdraw(payday.unit, payday.outside, keeper, point).statement.amount_fen == FEE_FEN
    payday.outside.gateway.finish_transfer(payday.payouts()[0].out_bill_no)
    payday.poll(seconds=20)
    assert payday.settlement(point).state == "paid"
    with payday.unit.reading(keeper) as ctx:
        assert (reads.earnings(ctx).payable_fen, reads.earnings(ctx).paid_fen) == (0, FEE_FEN)


@pytest.mark.breaks_invariants  # that is the point
def test_without_holding_the_payee_two_withdrawals_would_overdraw(
    payday: Payday, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("one writer at a time there")
    payday.earned()
    first = payday.approved()
    with payday.unit(GATEWAY) as ctx:
        values = {column.key: getattr(payday.settlement(first), column.key) for column in Settlement.__table__.columns}
        del values["id"]
        second = new_id("Settlement", ctx.now)
        ctx.session.add(Settlement(**{**values, "public_id": second}))
    monkeypatch.setattr(asking, "hold", lambda *_: None)
    with payday.unit(payday.world.leader) as one_, payday.unit(payday.world.leader) as other:
        asking.ask(one_, first)
        asking.ask(other, second)
    assert payday.owed()[0] < 0
