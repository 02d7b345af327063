"""Shipping information against the sandbox's true platform: money is frozen until it has it, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from integrations.wechat.mini_program import WeChatMiniProgram
from models import Delivery, Payment, Payout, ShippingUpload
from models.records import Alert
from services import cancelling
from services.flows import shipping
from services.pickup import arriving, deliveries
from services.ports import Refused, ShippingInfo
from tests.builders import campaigns
from tests.integrations.local_server import Answer, Asked, local_server
from tests.services.pickup.world import planned
from tests.withstand.test_withdrawals import SEND, Payee
from tests.withstand.till import Till, eventually

UPLOAD, WATCH = "shipping.upload_due", "shipping.watch"
TO_SHIP, SHIPPED, SETTLED = 1, 2, 4


class Yard:
    """A till whose goods come, and to which the platform's pushes are forwarded while `open`."""

    def __init__(self, till: Till) -> None:
        self.till, self.open = till, True
        till.stage.product.answer = self._forward

    def _forward(self, asked: Asked) -> Answer:
        if not self.open:
            return Answer(503)
        answer = requests.request(asked.method, self.till.url + asked.target, data=asked.body,
                                  headers={"Content-Type": "application/json"}, timeout=60)  # fmt: skip
        return Answer(answer.status_code, answer.content)

    def settle(self) -> None:
        """Let the deadline pass and settle."""
        self.till.advance(hours=9)
        self.till.sweep("campaigns.close_overdue", "campaigns.decide_outcome", *["campaigns.carry_out"] * 2)

    def bring(self) -> None:
        """Let all goods stand at the point."""
        with self.till.unit(self.till.scene.leader) as ctx:
            for delivery in deliveries.dispatch(ctx, self.till.scene.campaign):
                deliveries.pick(ctx, delivery.public_id)
                deliveries.ship(ctx, delivery.public_id)
        for row in self.till.rows(Delivery):
            with self.till.unit(self.till.scene.leader) as ctx:
                arriving.arrive(ctx, arriving.Arrive(row.public_id, planned(ctx, row.public_id)))

    def payment(self, order: str) -> Payment:
        """The payment of an order."""
        return self.till.rows(Payment, Payment.order_id == self.till.order(order).id)[0]

    def seen(self, order: str) -> dict[str, Any]:
        """That payment as the platform has it."""
        seen: dict[str, Any] = self.till.stage.seen(f"orders/{self.payment(order).public_id}")
        return seen

    def upload(self, order: str) -> ShippingUpload | None:
        """Its upload here."""
        rows = self.till.rows(ShippingUpload, ShippingUpload.payment_id == self.payment(order).id)
        return rows[0] if rows else None

    def reminded(self, order: str) -> str | None:
        """Where its upload stands once the platform has complained."""
        upload = self.upload(order)
        return upload.state if upload and upload.reminded_at else None

    def released(self, order: str) -> bool | None:
        """Whether we know that its money is free; None while we do not."""
        upload = self.upload(order)
        return True if upload and upload.released_at else None


@pytest.fixture
def yard(till: Till) -> Iterator[Yard]:
    """That till."""
    made = Yard(till)
    yield made
    made.open = False


def test_money_is_frozen_until_the_goods_are_told_of_and_received(till: Till, yard: Yard) -> None:
    order = till.bought()
    yard.settle()
    assert till.sweep(UPLOAD) == 0
    assert (yard.seen(order)["order_state"], yard.seen(order)["frozen_fen"]) == (TO_SHIP, 2990 - 18)
    yard.bring()
    assert till.sweep(UPLOAD) == 1
    seen = yard.seen(order)
    assert (seen["order_state"], seen["shipping"]["logistics_type"]) == (SHIPPED, 4)
    assert seen["shipping"]["goods_desc"] == "红颜草莓×1"
    till.stage.control(f"orders/{yard.payment(order).public_id}/confirm-receive", person=till.names[0])
    assert eventually(lambda: yard.released(order))
    assert (yard.seen(order)["order_state"], yard.seen(order)["frozen_fen"]) == (SETTLED, 0)


def test_receipt_confirms_itself_and_without_the_push_we_ask(till: Till, yard: Yard) -> None:
    order = till.bought()
    yard.settle()
    yard.bring()
    till.sweep(UPLOAD)
    yard.open = False
    till.advance(hours=49, seconds=60)
    assert not yard.released(order)
    till.sweep(WATCH)
    assert yard.released(order)
    assert yard.seen(order)["frozen_fen"] == 0


def test_a_payout_for_want_of_released_money_goes_through_when_it_thaws(till: Till) -> None:
    payee = Payee(till)
    yard = Yard(till)
    till.stage.control("funds/withdraw", fen=till.stage.seen("funds")["available_fen"])
    payee.withdraw()
    assert (till.rows(Payout)[0].waiting, payee.told()) == ("waiting_funds", [])
    assert till.sweep(UPLOAD) == 1
    number = till.rows(Payment)[0].public_id
    till.stage.control(f"orders/{number}/confirm-receive", person=till.names[0])
    package = payee.confirmable()
    (payout,) = till.rows(Payout)
    till.stage.control(f"transfers/{payout.out_bill_no}/confirm", person=payee.name, package=package)
    till.advance(seconds=70)
    till.sweep(SEND, "payouts.poll_submitted")
    assert payee.ended("paid").amount_fen == payee.told()[0][1]
    yard.open = False


def test_the_48_hour_reminder_is_heard_and_the_upload_follows_the_goods(till: Till, yard: Yard) -> None:
    order = till.bought()
    till.advance(hours=48, seconds=60)
    assert eventually(lambda: yard.reminded(order)) == "waiting"
    till.sweep(WATCH)
    kinds = {alert.kind for alert in till.rows(Alert, Alert.done_at.is_(None))}
    assert kinds >= {"shipping_reminded", "shipping_late"}
    yard.settle()
    yard.bring()
    assert till.sweep(UPLOAD) == 1
    assert yard.seen(order)["order_state"] == SHIPPED


@pytest.mark.parametrize("received", [False, True])
def test_a_lost_reply_is_repeated_and_told_once(till: Till, yard: Yard, received: bool) -> None:
    order = till.bought()
    yard.settle()
    yard.bring()
    with local_server() as between:
        between.answer = _losing(till)
        words = till.stage.settings
        adapter = WeChatMiniProgram(between.url, words["LINTUAN_WXA_APPID"], words["LINTUAN_WXA_SECRET"])
        assert shipping.upload_due(till.unit, replace(till.product.outside, mini_program=adapter)) == 0
    upload = yard.upload(order)
    assert upload and (upload.state, upload.attempts) == ("pending", 1)
    assert yard.seen(order)["order_state"] == SHIPPED
    if received:
        till.stage.control(f"orders/{yard.payment(order).public_id}/confirm-receive", person=till.names[0])
    till.advance(seconds=61)
    assert till.sweep(UPLOAD) == 1
    upload = yard.upload(order)
    assert upload and upload.state == "uploaded"
    assert yard.seen(order)["shipping"]["finish_shipping_count"] == 1


def _losing(till: Till) -> Any:
    """The platform behind a line that is cut after an upload has gone through."""

    def forward(asked: Asked) -> Answer:
        answer = requests.request(asked.method, till.stage.url + asked.target, data=asked.body,
                                  headers={"Content-Type": "application/json"}, timeout=60)  # fmt: skip
        return Answer(answer.status_code, answer.content, drop="upload_shipping_info" in asked.target)

    return forward


def test_what_went_back_whole_is_never_told_and_the_platform_would_refuse_it(till: Till, yard: Yard) -> None:
    order, other = till.bought(), till.bought(1)
    with till.unit(campaigns.buyer(till.scene.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    till.sweep("refunds.submit_due")
    till.refunds_end()
    yard.settle()
    yard.bring()
    assert till.sweep(UPLOAD, WATCH, UPLOAD) == 1
    assert (yard.upload(order), yard.seen(other)["order_state"]) == (None, SHIPPED)
    payment = yard.payment(order)
    openid = yard.seen(order)["openid"]
    told = ShippingInfo(str(payment.transaction_id), openid, "pickup", "红颜草莓×1", till.clock.now())
    with pytest.raises(Refused) as refusal:
        till.product.outside.mini_program.upload_shipping(told)
    assert refusal.value.code == "10060004"


def test_a_payment_the_platform_does_not_know_yet_is_told_of_later(till: Till, yard: Yard) -> None:
    order = till.bought()
    yard.settle()
    yard.bring()
    till.stage.control("knobs", shipping_unknown_seconds=360_000)
    assert till.sweep(UPLOAD) == 0
    till.stage.control("knobs", shipping_unknown_seconds=0)
    assert till.sweep(UPLOAD) == 0
    till.advance(seconds=31)
    assert till.sweep(UPLOAD) == 1
    assert yard.seen(order)["order_state"] == SHIPPED
