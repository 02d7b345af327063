"""The payment guard against the sandbox's gateway, over true HTTP with true signatures."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import BadNotice, Notice, PrepayRequest, RefundRequest, Refused, Unknown, Unreachable
from tests.integrations.local_server import Asked
from tests.integrations.sandbox_process import Stage


@pytest.fixture
def pay(stage: Stage) -> WeChatPayGateway:
    return stage.gateway()


def order(stage: Stage, total: int = 2990) -> PrepayRequest:
    openid = stage.control("people", name="王先生")["openid"]
    return PrepayRequest(f"pay_{secrets.token_hex(8)}", total, "草莓×2", openid, stage.clock() + timedelta(minutes=30))


def paid(stage: Stage, pay: WeChatPayGateway, **options: object) -> PrepayRequest:
    asked = order(stage)
    params = pay.payer_params(pay.prepay(asked))
    stage.control("pay", params=params, person="王先生", **options)
    return asked


def read(pay: WeChatPayGateway, told: Asked) -> Notice:
    return pay.read_notice(told.headers, told.body)


def refund_of(asked: PrepayRequest, fen: int = 990) -> RefundRequest:
    return RefundRequest(asked.out_trade_no, f"rfd_{secrets.token_hex(8)}", fen, asked.amount_fen, "未达起订")


def test_an_order_is_placed_paid_told_and_found(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = order(stage)
    prepay_id = pay.prepay(asked)
    assert pay.prepay(asked) == prepay_id
    assert pay.query(asked.out_trade_no).state == "NOTPAY"
    stage.control("pay", params=pay.payer_params(prepay_id), person="王先生", coupon_fen=100)
    told = stage.notice("/hooks/wechatpay/pay")
    trade = read(pay, told).trade
    assert trade is not None
    assert (trade.out_trade_no, trade.total_fen, trade.payer_fen) == (asked.out_trade_no, 2990, 2890)
    assert trade.payer_openid == asked.payer_openid
    assert pay.query(asked.out_trade_no) == trade


def test_an_unpaid_order_is_closed_and_a_paid_one_is_not(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = order(stage)
    pay.prepay(asked)
    pay.close(asked.out_trade_no)
    pay.close(asked.out_trade_no)
    assert pay.query(asked.out_trade_no).state == "CLOSED"
    with pytest.raises(Refused):
        pay.close(paid(stage, pay).out_trade_no)


def test_an_order_that_nobody_placed_is_not_found(pay: WeChatPayGateway) -> None:
    with pytest.raises(Refused) as caught:
        pay.query("pay_nobody")
    assert caught.value.code == "ORDER_NOT_EXIST"
    with pytest.raises(Refused) as caught:
        pay.query_refund("rfd_nobody")
    assert caught.value.code == "RESOURCE_NOT_EXISTS"


def test_a_repeated_order_with_another_sum_is_refused(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = order(stage)
    pay.prepay(asked)
    changed = PrepayRequest(
        asked.out_trade_no, asked.amount_fen + 1, asked.description, asked.payer_openid, asked.expires_at
    )
    with pytest.raises(Refused):
        pay.prepay(changed)


def test_a_refund_is_accepted_told_and_found(stage: Stage, pay: WeChatPayGateway) -> None:
    wish = refund_of(paid(stage, pay))
    stage.notice()
    first = pay.refund(wish)
    assert first.state == "PROCESSING"
    told = stage.notice("/hooks/wechatpay/refund")
    refund = read(pay, told).refund
    assert refund is not None
    assert (refund.out_refund_no, refund.state, refund.refund_fen) == (wish.out_refund_no, "SUCCESS", 990)
    assert pay.query_refund(wish.out_refund_no) == refund == pay.refund(wish)


def test_an_account_without_funds_says_so(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = paid(stage, pay)
    stage.control("knobs", not_enough=1)
    with pytest.raises(Refused) as caught:
        pay.refund(refund_of(asked))
    assert caught.value.code == "NOT_ENOUGH"


def test_a_throttled_refund_was_not_made(stage: Stage, pay: WeChatPayGateway) -> None:
    wish = refund_of(paid(stage, pay))
    stage.control("knobs", frequency_limited=1)
    with pytest.raises(Unreachable) as caught:
        pay.refund(wish)
    assert caught.value.code == "FREQUENCY_LIMITED"
    assert pay.refund(wish).state in ("PROCESSING", "SUCCESS")


@pytest.mark.parametrize("outage", ["drop_after_commit", "error_after_commit"])
def test_what_was_done_behind_a_lost_answer_is_found_under_the_same_number(
    stage: Stage, pay: WeChatPayGateway, outage: str
) -> None:
    asked = order(stage)
    stage.control("knobs", gateway_outage=outage)
    with pytest.raises(Unknown):
        pay.prepay(asked)
    stage.control("knobs", reset=True)
    assert pay.query(asked.out_trade_no).state == "NOTPAY"
    assert pay.prepay(asked)


def test_an_outage_is_unknown_until_the_gateway_is_back(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = order(stage)
    stage.control("knobs", gateway_outage="refuse")
    with pytest.raises(Unknown):
        pay.prepay(asked)
    stage.control("knobs", reset=True)
    with pytest.raises(Refused):
        pay.query(asked.out_trade_no)


@pytest.mark.parametrize("how", ["body", "signature", "timestamp", "serial"])
def test_a_spoilt_notice_is_refused_and_the_true_one_after_it_is_read(
    stage: Stage, pay: WeChatPayGateway, how: str
) -> None:
    stage.control("knobs", tamper_notices=1, tamper_how=how)
    asked = paid(stage, pay)
    with pytest.raises(BadNotice) as caught:
        read(pay, stage.notice())
    assert not caught.value.probe
    trade = read(pay, stage.notice()).trade
    assert trade is not None
    assert trade.out_trade_no == asked.out_trade_no


def test_the_signature_test_is_known_as_such(stage: Stage, pay: WeChatPayGateway) -> None:
    stage.control("knobs", signtest_probe=1)
    paid(stage, pay)
    with pytest.raises(BadNotice) as caught:
        read(pay, stage.notice())
    assert caught.value.probe
    assert read(pay, stage.notice()).trade


@pytest.mark.parametrize("days", [1, 30])
def test_all_of_it_works_with_both_clocks_moved(stage: Stage, pay: WeChatPayGateway, days: int) -> None:
    stage.move_clock(days * 86_400)
    asked = paid(stage, pay)
    told = stage.notice()
    assert read(pay, told).trade == pay.query(asked.out_trade_no)
    stage.offset = timedelta()
    with pytest.raises(BadNotice, match="five minutes"):
        read(pay, told)
