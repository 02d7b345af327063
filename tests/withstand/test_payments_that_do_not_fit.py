"""Each line of the table of payments that do not fit, through the true client, over HTTP, on both databases."""

from __future__ import annotations

import pytest

from domain.actors import GATEWAY
from models import Notification, Payment, Refund, SuspenseCase
from models.records import Alert
from services import cancelling, payments
from services.flows import expiring
from services.ports import Trade
from services.transactions import Transactions
from tests.builders import campaigns
from tests.withstand.till import Till

PAST_HOLD = 31
EXPIRE = "orders.expire_due"


def _titles(till: Till) -> list[str]:
    return [row.title for row in till.rows(Notification, Notification.kind == "refund")]


def test_a_payment_whose_notice_is_lost_counts_though_the_campaign_closed_and_the_hold_ended(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.pay(till.ask(order), silent=True)
    till.advance(hours=9)
    till.sweep("campaigns.close_overdue", "campaigns.decide_outcome", EXPIRE, "campaigns.decide_outcome")
    assert till.order(order).state == "paid"
    till.sweep("campaigns.carry_out", "campaigns.carry_out")
    assert till.order(order).state == "confirmed"
    assert till.rows(Refund) == []


def test_a_late_notice_after_that_has_no_second_effect(till: Till) -> None:
    headers, body = till.true_notice(campaigns.place(till.unit, till.scene, 0))
    till.advance(minutes=4)
    assert till.sweep("payments.poll_silent") == 1
    paid = [(row.state, row.received_fen) for row in till.rows(Payment)]
    plain = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    assert till.notify(plain, body).status == 204
    assert paid == [(row.state, row.received_fen) for row in till.rows(Payment)] == [("succeeded", 2990)]


def test_a_payment_after_the_order_expired_is_returned_once_and_the_buyer_told(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    asked = till.ask(order)
    till.advance(minutes=PAST_HOLD)
    assert till.sweep(EXPIRE) == 1
    till.await_notice(till.pay(asked, late=True))
    assert till.order(order).state == "expired"
    assert till.sweep("refunds.submit_due", "refunds.submit_due") == 1
    till.refunds_end()
    assert [row["refund_fen"] for row in till.gateway_refunds(asked["payment"])] == [2990]
    assert _titles(till) == ["退款处理中", "已退款"]


def test_if_nothing_were_asked_before_expiring_a_paid_order_would_be_lost(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.pay(till.ask(order), silent=True)
    till.advance(minutes=PAST_HOLD)

    def close_unasked(unit: Transactions, _outside: object, payment_id: int, _number: str) -> Trade | None:
        with unit(GATEWAY) as ctx:
            payments.close(ctx, payment_id)
        return None

    monkeypatch.setattr(expiring, "close_at_gateway", close_unasked)
    till.sweep(EXPIRE)
    assert till.order(order).state == "expired"


def test_a_payment_after_the_order_was_cancelled_is_returned(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    asked = till.ask(order)
    with till.unit(campaigns.buyer(till.scene.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    till.await_notice(till.pay(asked))
    assert till.order(order).state == "cancelled"
    till.sweep("refunds.submit_due")
    till.refunds_end()
    assert _titles(till) == ["退款处理中", "已退款"]


def test_a_second_payment_for_one_order_is_returned(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    first, second = till.ask(order, 0), till.ask(order, 1)
    till.await_notice(till.pay(first, 0))
    till.await_notice(till.pay(second, 1))
    till.sweep("refunds.submit_due")
    till.refunds_end()
    assert till.order(order).state == "paid"
    assert till.gateway_refunds(first["payment"]) == []
    assert [row["refund_fen"] for row in till.gateway_refunds(second["payment"])] == [2990]


def test_another_amount_than_was_asked_is_kept_for_people_and_never_counts(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.await_notice(till.pay(till.ask(order), captured_fen=2989))
    assert till.order(order).state == "pending_payment"
    assert [(case.reason, case.received_fen) for case in till.rows(SuspenseCase)] == [("wrong_amount", 2989)]
    assert [alert.kind for alert in till.rows(Alert)] == ["suspense"]
    assert till.rows(Refund) == []


def test_a_coupon_makes_the_payer_s_part_smaller_and_the_order_counts(till: Till) -> None:
    order = till.bought(coupon_fen=1000)
    payment = till.rows(Payment)[0]
    assert till.order(order).state == "paid"
    assert (payment.received_fen, payment.settled_fen) == (2990, 1990)
    with till.unit(campaigns.buyer(till.scene.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    till.sweep("refunds.submit_due")
    till.refunds_end()
    assert [row["payer_refund_fen"] for row in till.gateway_refunds(payment.public_id)] == [1990]
    told = till.rows(Notification, Notification.title == "已退款")
    assert [row.body for row in told] == ["¥19.90 已退回付款人"]


def test_without_any_notice_the_poller_finds_the_payment_within_two_minutes(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.pay(till.ask(order), silent=True)
    assert till.sweep("payments.poll_silent") == 0
    till.advance(seconds=110)
    till.sweep("payments.poll_silent")
    assert till.order(order).state == "paid"


def test_a_buyer_who_asks_is_answered_at_once(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.pay(till.ask(order), silent=True)
    answer = till.as_buyer(0, f"/api/resident/orders/{order}/look-up")
    assert (answer.status, answer.json) == (200, {"state": "paid"})


def test_while_the_gateway_is_silent_nothing_expires_and_an_operator_is_told_after_ten_minutes(till: Till) -> None:
    order = campaigns.place(till.unit, till.scene, 0)
    till.ask(order)
    till.stage.control("knobs", gateway_outage="refuse")
    till.advance(minutes=PAST_HOLD)
    till.sweep(EXPIRE)
    assert till.rows(Alert) == []
    till.advance(minutes=10)
    till.sweep(EXPIRE)
    assert till.order(order).state == "pending_payment"
    assert [alert.kind for alert in till.rows(Alert)] == ["gateway_silent"]
    till.stage.control("knobs", reset=True)
    till.advance(minutes=1)
    assert till.sweep(EXPIRE) == 1
    assert till.order(order).state == "expired"
