"""Shipping information against the sandbox: told once, known, and its money no longer frozen once received."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.wechat.mini_program import WeChatMiniProgram
from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import Refused, ShippingInfo, Unreachable
from tests.integrations.sandbox_process import Stage
from tests.integrations.test_sandbox_pay import paid


@pytest.fixture
def pay(stage: Stage) -> WeChatPayGateway:
    return stage.gateway()


@pytest.fixture
def app(stage: Stage) -> WeChatMiniProgram:
    return stage.mini_program()


def goods(stage: Stage, pay: WeChatPayGateway) -> tuple[str, ShippingInfo]:
    """A paid order's number, and what is to be told about its goods at the pickup point."""
    asked = paid(stage, pay)
    transaction = pay.query(asked.out_trade_no).transaction_id
    assert transaction is not None
    at = stage.clock()
    return asked.out_trade_no, ShippingInfo(transaction, asked.payer_openid, "pickup", "草莓×2", at)


def test_goods_are_told_once_and_known_as_shipped(stage: Stage, pay: WeChatPayGateway, app: WeChatMiniProgram) -> None:
    assert app.is_trade_managed()
    number, info = goods(stage, pay)
    assert app.shipping_state(info.transaction_id).order_state == 1
    app.upload_shipping(info)
    app.upload_shipping(info)
    assert app.shipping_state(info.transaction_id).order_state == 2
    stage.control(f"orders/{number}/confirm-receive", person="王先生")
    assert app.shipping_state(info.transaction_id).order_state in (3, 4)


def test_a_payment_just_made_is_told_later(stage: Stage, pay: WeChatPayGateway, app: WeChatMiniProgram) -> None:
    stage.control("knobs", shipping_unknown_seconds=60)
    _, info = goods(stage, pay)
    with pytest.raises(Unreachable) as caught:
        app.upload_shipping(info)
    assert caught.value.code == "10060001"
    stage.move_clock(120)
    app.upload_shipping(ShippingInfo(**{**vars(info), "uploaded_at": info.uploaded_at + timedelta(seconds=120)}))


def test_goods_of_somebody_else_are_refused(stage: Stage, pay: WeChatPayGateway, app: WeChatMiniProgram) -> None:
    _, info = goods(stage, pay)
    other = stage.control("people", name="李阿姨")["openid"]
    with pytest.raises(Refused) as caught:
        app.upload_shipping(ShippingInfo(**{**vars(info), "payer_openid": other}))
    assert caught.value.code == "10060031"


def test_nothing_is_known_of_a_payment_that_was_never_made(app: WeChatMiniProgram) -> None:
    with pytest.raises(Unreachable) as caught:
        app.shipping_state("4200000000000000")
    assert caught.value.code == "10060001"
