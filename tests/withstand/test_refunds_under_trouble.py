"""Refunds when the gateway fails, is short, or says no: one number each, and nobody is paid twice or forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from domain.actors import CLOCK
from domain.ids import new_id
from models import Notification, Refund
from models.records import Alert
from services import cancelling, refund_tasks
from services.flows import refunding
from services.refund_tasks import PayByHand
from tests.builders import campaigns
from tests.builders.decisions import accepted, operators
from tests.withstand.till import Till, eventually

SUBMIT, POLL = "refunds.submit_due", "refunds.poll_submitted"


def _cancel(till: Till, order: str, who: int = 0) -> str:
    with till.unit(campaigns.buyer(till.scene.buyers[who])) as ctx:
        cancelling.cancel(ctx, order)
    return till.rows(Refund)[-1].public_id


@pytest.mark.parametrize("outage", ["refuse", "drop_after_commit", "error_after_commit"])
def test_a_refund_whose_fate_is_unknown_goes_again_under_its_own_number(till: Till, outage: str) -> None:
    number = _cancel(till, till.bought())
    till.stage.control("knobs", gateway_outage=outage)
    till.sweep(SUBMIT)
    till.stage.control("knobs", reset=True)
    assert [(row.state, row.public_id) for row in till.rows(Refund)] == [("requested", number)]
    till.advance(seconds=70)
    till.sweep(SUBMIT, POLL)
    till.refunds_end()
    assert [row.public_id for row in till.rows(Refund)] == [number]
    told = till.stage.seen("ledger")["refunds"]
    assert [row["refund_fen"] for row in told if row["out_refund_no"] == number] == [2990]


def test_under_a_new_number_after_a_time_out_the_gateway_would_be_asked_to_pay_twice(till: Till) -> None:
    _cancel(till, till.bought())
    till.stage.control("knobs", gateway_outage="drop_after_commit", gateway_outage_only="refund")
    till.sweep(SUBMIT)
    with till.unit(CLOCK) as ctx:
        ctx.session.execute(update(Refund).values(public_id=new_id("Refund", ctx.now)))
    till.stage.control("knobs", reset=True)
    till.advance(seconds=70)
    till.sweep(SUBMIT)
    assert {alert.kind for alert in till.rows(Alert)} >= {"refund_refused"}


def test_a_refund_the_gateway_closed_goes_under_a_new_number_linked_to_the_old(till: Till) -> None:
    number = _cancel(till, till.bought())
    till.stage.control("knobs", refund_result="CLOSED", refund_result_times=1)
    till.sweep(SUBMIT)
    first, second = eventually(lambda: rows if len(rows := till.rows(Refund)) == 2 else None)
    assert (first.public_id, first.state, second.state) == (number, "closed", "requested")
    assert second.replaces_id == first.id
    assert second.public_id != number
    till.advance(seconds=70)
    till.sweep(SUBMIT)
    eventually(lambda: till.rows(Refund, Refund.id == second.id, Refund.state == "succeeded") or None)
    assert till.rows(Notification, Notification.title == "已退款")


def test_without_funds_refunds_wait_and_the_oldest_alone_is_tried_once_a_minute(till: Till) -> None:
    numbers = [_cancel(till, till.bought(who), who) for who in range(3)]
    till.stage.control("knobs", not_enough=1)
    till.sweep(SUBMIT, SUBMIT, SUBMIT)
    waiting = till.rows(Refund)
    assert [(row.state, row.waiting) for row in waiting] == [("requested", "waiting_funds")] * 3
    assert [row.attempts for row in waiting] == [1, 0, 0]
    assert [alert.kind for alert in till.rows(Alert)] == ["waiting_funds"]
    assert "已退款" not in {row.title for row in till.rows(Notification)}
    till.advance(seconds=61)
    till.sweep(SUBMIT, SUBMIT)
    assert [row.attempts for row in till.rows(Refund)] == [2, 0, 0]
    till.stage.control("knobs", reset=True)
    till.advance(seconds=61)
    till.sweep(SUBMIT, SUBMIT)
    assert [row.public_id for row in till.refunds_end()] == numbers


def test_an_abnormal_refund_is_a_task_for_people_and_may_still_succeed(till: Till) -> None:
    order = till.bought()
    number = _cancel(till, order)
    till.stage.control("knobs", refund_result="ABNORMAL", refund_result_times=1)
    till.sweep(SUBMIT)
    till.refunds_end("abnormal")
    assert [alert.kind for alert in till.rows(Alert)] == ["refund_abnormal"]
    assert "已退款" not in {row.title for row in till.rows(Notification)}
    till.stage.control(f"refunds/{number}/finish", **{"from": "ABNORMAL", "to": "SUCCESS"})
    till.refunds_end()
    assert till.order(order).refunded_fen == 2990


def test_an_abnormal_refund_is_paid_by_bank_and_the_gateways_late_success_is_an_alarm(till: Till) -> None:
    order = till.bought()
    number = _cancel(till, order)
    till.stage.control("knobs", refund_result="ABNORMAL", refund_result_times=1)
    till.sweep(SUBMIT)
    till.refunds_end("abnormal")
    first, second = operators(till.unit)
    with till.unit(first) as ctx:
        proposal = refund_tasks.propose(ctx, PayByHand(number, "bank", "回单 1", "账户注销")).public_id
    accepted(till.unit, second, proposal)
    assert till.order(order).refunded_fen == 2990
    till.stage.control(f"refunds/{number}/finish", **{"from": "ABNORMAL", "to": "SUCCESS"})
    eventually(lambda: till.rows(Alert, Alert.kind == "refund_paid_twice") or None)
    assert [(row.state, row.channel) for row in till.rows(Refund)] == [("succeeded", "bank")]
    assert till.order(order).refunded_fen == 2990


def test_an_abnormal_refund_that_is_tried_again_keeps_its_number(till: Till) -> None:
    order = till.bought()
    number = _cancel(till, order)
    till.stage.control("knobs", refund_result="ABNORMAL", refund_result_times=1)
    till.sweep(SUBMIT)
    till.refunds_end("abnormal")
    till.stage.control("knobs", lose_notices=1)
    till.stage.control(f"refunds/{number}/finish", **{"from": "ABNORMAL", "to": "SUCCESS"})
    refunding.retry(till.unit, till.product.outside, operators(till.unit)[0], number)
    till.refunds_end()
    assert till.order(order).refunded_fen == 2990
    assert [row["out_refund_no"] for row in till.stage.seen("ledger")["refunds"]].count(number) == 1


def test_without_its_notice_a_refund_is_asked_about(till: Till) -> None:
    _cancel(till, till.bought())
    till.stage.control("knobs", lose_notices=1)
    till.sweep(SUBMIT)
    till.advance(seconds=25)

    def found() -> bool | None:
        till.advance(seconds=21)
        till.sweep(POLL)
        return till.rows(Refund)[0].state == "succeeded" or None

    assert eventually(found)
