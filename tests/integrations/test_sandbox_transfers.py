"""Merchant transfers against the sandbox: confirmed, refused, run out, cancelled, and lost on the way."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import Refused, Transfer, TransferRequest, Unknown
from tests.integrations.sandbox_process import Stage

LEADER = "陈团长"


@pytest.fixture
def pay(stage: Stage) -> WeChatPayGateway:
    stage.control("funds/top-up", fen=1_000_000)
    return stage.gateway()


def wish(stage: Stage, fen: int = 12_345, **changes: Any) -> TransferRequest:
    openid = stage.control("people", name=LEADER)["openid"]
    number = f"pyt{secrets.token_hex(10)}"
    return TransferRequest(number, openid, fen, "7月佣金", "社区团长", "团购佣金", **changes)


def told_end(stage: Stage, pay: WeChatPayGateway, asked: TransferRequest) -> Transfer:
    """How the gateway says that transfer ended; others may run out at the same time."""
    while True:
        told = stage.notice("/hooks/wechatpay/transfer")
        transfer = pay.read_notice(told.headers, told.body).transfer
        assert transfer is not None
        if transfer.out_bill_no == asked.out_bill_no:
            return transfer


def test_a_transfer_waits_for_its_payee_and_is_told_when_confirmed(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage)
    made = pay.transfer(asked)
    assert made.state in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM")
    standing = pay.query_transfer(asked.out_bill_no)
    assert (standing.state, standing.amount_fen, standing.openid) == ("WAIT_USER_CONFIRM", 12_345, asked.openid)
    package = pay.transfer_params(standing.package_info)["package"]
    stage.control(f"transfers/{asked.out_bill_no}/confirm", person=LEADER, package=package)
    ended = told_end(stage, pay, asked)
    assert (ended.out_bill_no, ended.state, ended.amount_fen) == (asked.out_bill_no, "SUCCESS", 12_345)
    assert pay.query_transfer(asked.out_bill_no).state == "SUCCESS"


def test_the_same_number_gives_the_same_transfer_and_never_another_sum(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage, 250_000, real_name=LEADER)
    assert pay.transfer(asked).transfer_bill_no == pay.transfer(asked).transfer_bill_no
    with pytest.raises(Refused):
        pay.transfer(TransferRequest(**{**vars(asked), "amount_fen": 250_001}))


def test_a_name_that_is_not_the_payees_moves_no_money(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage, 250_000, real_name="李四")
    pay.transfer(asked)
    ended = pay.query_transfer(asked.out_bill_no)
    assert (ended.state, ended.fail_reason) == ("FAIL", "NAME_NOT_CORRECT")


def test_a_payee_who_does_not_confirm_within_a_day_gets_nothing(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage)
    pay.transfer(asked)
    stage.move_clock(86_400 + 60)
    assert pay.query_transfer(asked.out_bill_no).state == "FAIL"
    assert told_end(stage, pay, asked).state == "FAIL"


def test_a_transfer_is_cancelled_while_it_waits(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage)
    pay.transfer(asked)
    assert pay.cancel_transfer(asked.out_bill_no).state in ("CANCELING", "CANCELLED")
    assert told_end(stage, pay, asked).state == "CANCELLED"
    assert pay.query_transfer(asked.out_bill_no).state == "CANCELLED"


def test_a_confirmed_transfer_is_not_cancelled(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage)
    pay.transfer(asked)
    stage.control(f"transfers/{asked.out_bill_no}/confirm", person=LEADER)
    assert told_end(stage, pay, asked).state == "SUCCESS"
    with pytest.raises(Refused) as caught:
        pay.cancel_transfer(asked.out_bill_no)
    assert caught.value.code == "INVALID_REQUEST"


@pytest.mark.parametrize("call", [WeChatPayGateway.query_transfer, WeChatPayGateway.cancel_transfer])
def test_a_transfer_nobody_asked_for_is_not_found(pay: WeChatPayGateway, call: Callable[..., Transfer]) -> None:
    with pytest.raises(Refused) as caught:
        call(pay, "pytnobody")
    assert caught.value.code == "NOT_FOUND"


def test_an_account_without_funds_says_so_and_the_number_stays_good(stage: Stage, pay: WeChatPayGateway) -> None:
    short = stage.seen("funds")["available_fen"]
    asked = wish(stage, short + 1, real_name=LEADER)
    with pytest.raises(Refused) as caught:
        pay.transfer(asked)
    assert caught.value.code == "NOT_ENOUGH"
    stage.control("funds/top-up", fen=1)
    assert pay.transfer(asked).out_bill_no == asked.out_bill_no


def test_a_transfer_behind_a_lost_answer_is_found_under_its_number(stage: Stage, pay: WeChatPayGateway) -> None:
    asked = wish(stage)
    stage.control("knobs", gateway_outage="drop_after_commit")
    with pytest.raises(Unknown):
        pay.transfer(asked)
    stage.control("knobs", reset=True)
    assert pay.query_transfer(asked.out_bill_no).state == "WAIT_USER_CONFIRM"
