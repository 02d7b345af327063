"""Payouts whose calls fail, get lost, are refused or come late: one number at a time, and nothing is paid twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.actors import GATEWAY
from domain.errors import WrongState
from models import JournalEntry
from services import payout_results
from services.flows import payouts
from services.ports import OutsideError, Refused, Transfer, TransferRequest, Unknown, Unreachable
from tests.services.settlements.payday import COMMISSION_FEN, Payday


@pytest.mark.parametrize("trouble", [Unknown("lost"), Unreachable("down")])
def test_a_call_that_fails_keeps_its_number_and_is_tried_again(payday: Payday, trouble: OutsideError) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.fails = trouble
    assert payday.withdraw(statement).params == {}
    assert payday.payouts()[0].state == "requested"
    payday.outside.gateway.fails = None
    payday.later(seconds=61)
    assert payouts.send_due(payday.unit, payday.outside) == 1
    assert [(row.state, row.attempts) for row in payday.payouts()] == [("submitted", 2)]
    assert list(payday.outside.gateway.transfers) == [payday.payouts()[0].out_bill_no]


def test_an_answer_that_was_lost_is_asked_for_and_never_sent_again(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.loses = Unknown("the reply was lost")
    payday.withdraw(statement)
    payday.outside.gateway.loses = None
    assert payday.payouts()[0].state == "requested"
    payday.later(seconds=61)
    payouts.send_due(payday.unit, payday.outside)
    assert (payday.payouts()[0].state, payday.outside.gateway.asked["transfer"]) == ("submitted", 1)
    payday.outside.gateway.finish_transfer(payday.payouts()[0].out_bill_no)
    payday.poll(seconds=20)
    assert payday.settlement(statement).state == "paid"


def test_a_lost_answer_about_a_paid_transfer_is_found_as_paid(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.loses = Unknown("the reply was lost")
    payday.withdraw(statement)
    payday.outside.gateway.loses = None
    payday.outside.gateway.finish_transfer(payday.payouts()[0].out_bill_no)
    payday.later(seconds=61)
    payouts.send_due(payday.unit, payday.outside)
    assert (payday.settlement(statement).state, payday.owed()) == ("paid", (0, 0))


def test_while_a_number_is_open_there_is_never_a_second(payday: Payday) -> None:
    statement = payday.sent()
    payday.outside.gateway.fails = Unknown("silence")
    for _ in range(3):
        payday.poll(seconds=30)
        payday.withdraw(statement)
        payouts.send_due(payday.unit, payday.outside)
    payday.outside.gateway.fails = None
    assert len(payday.payouts()) == len(payday.outside.gateway.transfers) == 1


def test_a_refusal_fails_it_only_when_the_gateway_never_heard_of_the_number(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.refuses_transfer = Refused("no", code="NO_AUTH")
    payday.withdraw(statement)
    assert [(row.state, row.fail_reason) for row in payday.payouts()] == [("failed", "NO_AUTH")]
    assert (payday.settlement(statement).state, payday.owed()) == ("failed", (COMMISSION_FEN, 0))
    payday.outside.gateway.refuses_transfer = None
    payday.withdraw(statement)
    first, second = payday.payouts()
    assert (second.state, second.out_bill_no != first.out_bill_no) == ("submitted", True)
    with payday.unit.reading() as ctx:
        causes = ctx.session.scalars(select(JournalEntry.cause).where(JournalEntry.event == "withdrawal_asked")).all()
    assert causes == [f"payout:{first.id}", f"payout:{second.id}"]


def test_a_refusal_after_a_lost_call_waits_until_that_call_cannot_arrive_any_more(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.fails = Unknown("lost")
    payday.withdraw(statement)
    payday.outside.gateway.fails = None
    payday.outside.gateway.refuses_transfer = Refused("no", code="NO_AUTH")
    payday.later(seconds=61)
    payouts.send_due(payday.unit, payday.outside)
    assert [(row.state, row.waiting) for row in payday.payouts()] == [("requested", "refused")]
    payday.later(minutes=6)
    payouts.send_due(payday.unit, payday.outside)
    assert payday.payouts()[0].state == "failed"


def test_an_empty_account_keeps_it_waiting_under_its_number_and_alerts_once(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.refuses_transfer = Refused("no funds", code="NOT_ENOUGH")
    payday.withdraw(statement)
    for _ in range(3):
        payday.later(seconds=61)
        payouts.send_due(payday.unit, payday.outside)
    (payout,) = payday.payouts()
    assert (payout.state, payout.waiting, payday.alerts()) == ("requested", "waiting_funds", ["payout_funds"])
    payday.outside.gateway.refuses_transfer = None
    payday.later(seconds=61)
    payouts.send_due(payday.unit, payday.outside)
    (payout,) = payday.payouts()
    assert (payout.state, payout.waiting, payout.attempts) == ("submitted", "", 5)


def test_one_that_nobody_confirmed_for_a_day_is_owed_again(payday: Payday) -> None:
    statement = payday.sent()
    payday.poll(hours=25)
    assert payday.payouts()[0].state == "submitted"
    payday.outside.gateway.finish_transfer(
        payday.payouts()[0].out_bill_no, confirmed=False, fail_reason="OVERDUE_CLOSE"
    )
    payday.poll(minutes=6)
    assert (payday.payouts()[0].fail_reason, payday.settlement(statement).state) == ("OVERDUE_CLOSE", "failed")
    assert payday.owed() == (COMMISSION_FEN, 0)
    payday.withdraw(statement)
    assert [row.state for row in payday.payouts()] == ["failed", "submitted"]


def test_the_payee_takes_an_unconfirmed_one_back(payday: Payday) -> None:
    statement = payday.sent()
    assert payouts.cancel(payday.unit, payday.outside, payday.world.leader, statement).state == "paying"
    (payout,) = payday.payouts()
    assert (payout.package_info, payday.withdraw(statement).params) == ("", {})
    payday.outside.gateway.finish_transfer(payout.out_bill_no)
    payday.poll(seconds=21)
    assert (payday.settlement(statement).state, payday.owed()) == ("failed", (COMMISSION_FEN, 0))
    with pytest.raises(WrongState):
        payouts.cancel(payday.unit, payday.outside, payday.world.leader, statement)


def test_a_cancel_that_was_lost_is_asked_again_and_one_too_late_is_paid(payday: Payday) -> None:
    statement = payday.sent()
    payday.outside.gateway.fails = Unknown("lost")
    payouts.cancel(payday.unit, payday.outside, payday.world.leader, statement)
    payday.outside.gateway.fails = None
    assert payday.outside.gateway.query_transfer(payday.payouts()[0].out_bill_no).state == "WAIT_USER_CONFIRM"
    payday.poll(seconds=21)
    assert payday.outside.gateway.query_transfer(payday.payouts()[0].out_bill_no).state == "CANCELING"
    late = payday.sent()
    payday.outside.gateway.finish_transfer(payday.payouts()[-1].out_bill_no)
    payouts.cancel(payday.unit, payday.outside, payday.world.leader, late)
    assert payday.settlement(late).state == "paid"


def test_one_that_waits_for_funds_is_taken_back_without_being_sent(payday: Payday) -> None:
    payday.earned()
    statement = payday.approved()
    payday.outside.gateway.refuses_transfer = Refused("no funds", code="NOT_ENOUGH")
    payday.withdraw(statement)
    payday.outside.gateway.refuses_transfer = None
    payouts.cancel(payday.unit, payday.outside, payday.world.leader, statement)
    assert [(row.state, row.fail_reason) for row in payday.payouts()] == [("failed", "CANCELLED")]
    assert payday.outside.gateway.transfers == {}


@pytest.mark.parametrize("what", ["sum", "person", "number"])
def test_an_answer_about_another_sum_person_or_number_is_never_booked_as_paid(payday: Payday, what: str) -> None:
    statement = payday.sent()
    (payout,) = payday.payouts()
    number = "pyt0unheardof" if what == "number" else payout.out_bill_no
    fen = payout.amount_fen + (what == "sum")
    told = Transfer(number, "SUCCESS", fen, openid="somebody-else" if what == "person" else "")
    with payday.unit(GATEWAY) as ctx:
        payout_results.book(ctx, told)
    assert payday.settlement(statement).state == "paying"
    assert payday.alerts() == ["unknown_transfer" if what == "number" else "transfer_differs"]


def test_answers_in_any_order_have_one_effect(payday: Payday) -> None:
    statement = payday.sent()
    (payout,) = payday.payouts()
    answers = [
        Transfer(payout.out_bill_no, state, payout.amount_fen)
        for state in ("SUCCESS", "WAIT_USER_CONFIRM", "TRANSFERING", "FAIL", "SUCCESS")
    ]
    for answer in answers:
        with payday.unit(GATEWAY) as ctx:
            payout_results.book(ctx, answer)
    assert (payday.settlement(statement).state, payday.payouts()[0].state) == ("paid", "succeeded")


def test_money_that_left_after_it_had_ended_unpaid_is_never_passed_over(payday: Payday) -> None:
    payday.sent()
    (payout,) = payday.payouts()
    for state in ("FAIL", "SUCCESS"):
        with payday.unit(GATEWAY) as ctx:
            payout_results.book(ctx, Transfer(payout.out_bill_no, state, payout.amount_fen))
    assert (payday.payouts()[0].state, payday.alerts()) == ("failed", ["transfer_paid_late"])


class SlowLine:
    """A gateway whose first transfer call hangs so long that another process sends the payout meanwhile."""

    def __init__(self, payday: Payday, code: str) -> None:
        self._payday, self._code = payday, code
        self._way, self._calls = payday.outside.gateway.transfer, 0
        payday.outside.gateway.transfer = self  # type: ignore[method-assign]  # its line, not its mind

    def __call__(self, request: TransferRequest) -> Transfer:
        """The first is refused once the second is out; the second is on its way and arrives late."""
        self._calls += 1
        if self._calls == 1:
            self._payday.later(seconds=61)
            payouts.send_due(self._payday.unit, self._payday.outside)
            raise Refused("no", code=self._code)
        if self._calls == 2:
            raise Unknown("still under way")
        return self._way(request)


@pytest.mark.parametrize("code", ["NO_AUTH", "NOT_ENOUGH"])
def test_a_late_refusal_says_nothing_of_what_another_process_has_sent_meanwhile(payday: Payday, code: str) -> None:
    payday.earned()
    statement = payday.approved()
    SlowLine(payday, code)
    payday.withdraw(statement)
    (payout,) = payday.payouts()
    assert (payout.state, payout.attempts, payout.sent_at) == ("requested", 2, payday.world.clock.now())
    assert payout.lease_until is not None
