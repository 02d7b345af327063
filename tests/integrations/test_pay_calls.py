"""Calls to WeChat Pay: what goes out, and how each way to fail is read."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.wechatpay.gateway import WeChatPayGateway
from services.ports import PrepayRequest, RefundRequest, Refused, Unknown, Unreachable
from tests.integrations.local_server import Answer, Asked, LocalServer, closed_port
from tests.integrations.pay_keys import (
    APPID,
    KEY_ID,
    MCHID,
    NOW,
    SERIAL,
    gateway,
    made_refund,
    merchant_key,
    paid_trade,
    signed,
)

ORDER = PrepayRequest("pay_01m7", 2990, "周五大闸蟹", "oUpF8uMuAJO", datetime(2026, 11, 22, 4, 35, 6, tzinfo=UTC))
REFUND = RefundRequest("pay_01m7", "rfd_01m7", 990, 2990, "未达起订")
CALLS: dict[str, Callable[[WeChatPayGateway], Any]] = {
    "prepay": lambda pay: pay.prepay(ORDER),
    "query": lambda pay: pay.query("pay_01m7"),
    "close": lambda pay: pay.close("pay_01m7"),
    "refund": lambda pay: pay.refund(REFUND),
    "query_refund": lambda pay: pay.query_refund("rfd_01m7"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def signed_answer(content: Any, status: int = 200, /, **changes: str) -> Answer:
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json", **signed(body, **changes)})


def check_signature(asked: Asked, at: datetime = NOW) -> None:
    """As the gateway does: over the raw target and the raw body, by the merchant's key."""
    scheme, _, rest = asked.headers["authorization"].partition(" ")
    told = {name: value.strip('"') for name, _, value in (part.partition("=") for part in rest.split(","))}
    assert (scheme, told["mchid"], told["serial_no"]) == ("WECHATPAY2-SHA256-RSA2048", MCHID, SERIAL)
    assert told["timestamp"] == str(int(at.timestamp()))
    text = "\n".join([asked.method, asked.target, told["timestamp"], told["nonce_str"], ""]).encode()
    signature = base64.b64decode(told["signature"])
    merchant_key().public_key().verify(signature, text + asked.body + b"\n", PKCS1v15(), SHA256())


def test_prepay_places_the_order(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({"prepay_id": "wx22120506"})
    assert gateway(server.url).prepay(ORDER) == "wx22120506"
    (asked,) = server.asked
    check_signature(asked)
    assert (asked.method, asked.target) == ("POST", "/v3/pay/transactions/jsapi")
    assert (asked.headers["accept"], asked.headers["wechatpay-serial"]) == ("application/json", KEY_ID)
    assert asked.json == {
        "appid": APPID,
        "mchid": MCHID,
        "description": "周五大闸蟹",
        "out_trade_no": "pay_01m7",
        "time_expire": "2026-11-22T12:35:06+08:00",
        "notify_url": "https://us.invalid/hooks/wechatpay/pay",
        "amount": {"total": 2990, "currency": "CNY"},
        "payer": {"openid": "oUpF8uMuAJO"},
    }


def test_requests_are_dated_by_the_given_clock(server: LocalServer) -> None:
    at = NOW + timedelta(days=3)
    server.answer = lambda _: signed_answer({"prepay_id": "wx1"}, timestamp=str(int(at.timestamp())))
    assert gateway(server.url, clock=lambda: at).prepay(ORDER) == "wx1"
    check_signature(server.asked[0], at)


def test_a_long_description_is_cut_between_characters(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer({"prepay_id": "wx1"})
    gateway(server.url).prepay(replace(ORDER, description="蟹" * 60))
    assert server.asked[0].json["description"] == "蟹" * 42


def test_the_payers_parameters_are_signed_with_the_merchants_key() -> None:
    told = gateway().payer_params("wx22120506")
    assert set(told) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert (told["appId"], told["package"], told["signType"]) == (APPID, "prepay_id=wx22120506", "RSA")
    text = f"{APPID}\n{int(NOW.timestamp())}\n{told['nonceStr']}\nprepay_id=wx22120506\n".encode()
    merchant_key().public_key().verify(base64.b64decode(told["paySign"]), text, PKCS1v15(), SHA256())


def test_query_tells_a_paid_trade(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer(paid_trade())
    trade = gateway(server.url).query("pay_01m7")
    assert (trade.state, trade.total_fen, trade.payer_fen) == ("SUCCESS", 2990, 2890)
    assert server.asked[0].target == f"/v3/pay/transactions/out-trade-no/pay_01m7?mchid={MCHID}"
    check_signature(server.asked[0])


def test_query_tells_an_unpaid_trade(server: LocalServer) -> None:
    unpaid = {name: paid_trade()[name] for name in ("mchid", "appid", "out_trade_no", "payer")}
    server.answer = lambda _: signed_answer({**unpaid, "trade_state": "NOTPAY", "amount": {"total": 2990}})
    trade = gateway(server.url).query("pay_01m7")
    assert (trade.state, trade.transaction_id, trade.total_fen, trade.payer_fen) == ("NOTPAY", None, 2990, None)
    assert trade.success_at is None


def test_close_is_content_with_an_empty_signed_answer(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer(None, 204)
    gateway(server.url).close("pay_01m7")
    (asked,) = server.asked
    check_signature(asked)
    assert (asked.target, asked.json) == ("/v3/pay/transactions/out-trade-no/pay_01m7/close", {"mchid": MCHID})


def test_refund_asks_and_tells(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer(made_refund())
    told = gateway(server.url).refund(REFUND)
    assert (told.state, told.refund_fen, told.payer_refund_fen, told.success_at) == ("PROCESSING", 990, 957, None)
    check_signature(server.asked[0])
    assert server.asked[0].json == {
        "notify_url": "https://us.invalid/hooks/wechatpay/refund",
        "out_refund_no": "rfd_01m7",
        "out_trade_no": "pay_01m7",
        "reason": "未达起订",
        "amount": {"refund": 990, "total": 2990, "currency": "CNY"},
    }


def test_query_refund_tells_when_it_arrived(server: LocalServer) -> None:
    at = "2026-11-22T12:06:00+08:00"
    server.answer = lambda _: signed_answer(made_refund(status="SUCCESS", success_time=at))
    told = gateway(server.url).query_refund("rfd_01m7")
    assert told.success_at == datetime(2026, 11, 22, 4, 6, tzinfo=UTC)
    assert server.asked[0].target == "/v3/refund/domestic/refunds/rfd_01m7"


@every_call
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "PARAM_ERROR", Refused),
        (401, "SIGN_ERROR", Refused),
        (403, "NOT_ENOUGH", Refused),
        (404, "ORDER_NOT_EXIST", Refused),
        (429, "FREQUENCY_LIMITED", Unreachable),
        (500, "SYSTEM_ERROR", Unknown),
        (502, "", Unknown),
        (302, "", Unknown),
    ],
)
def test_each_status_is_read(
    server: LocalServer, call: Callable[..., Any], status: int, code: str, kind: type[Refused | Unreachable | Unknown]
) -> None:
    body = json.dumps({"code": code, "message": "张三 的订单"}).encode() if code else b"<html>"
    server.answer = lambda _: Answer(status, body, {"Location": server.url})
    with pytest.raises(kind) as caught:
        call(gateway(server.url))
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert "张三" not in str(caught.value)
    assert len(server.asked) == 1


def test_the_gateway_may_name_when_to_come_back(server: LocalServer) -> None:
    server.answer = lambda _: Answer(429, b"{}", {"Retry-After": "7"})
    with pytest.raises(Unreachable) as caught:
        gateway(server.url).refund(REFUND)
    assert caught.value.retry_after == 7


@every_call
@pytest.mark.parametrize(
    "change",
    [
        {"signature": base64.b64encode(b"0" * 256).decode()},
        {"signature": ""},
        {"serial": "PUB_KEY_ID_1"},
        {"timestamp": str(int(NOW.timestamp()) - 301)},
        {"signature": "WECHATPAY/SIGNTEST/a0b1c2"},
    ],
)
def test_a_good_answer_with_a_bad_signature_is_unknown(
    server: LocalServer, call: Callable[..., Any], change: dict[str, str]
) -> None:
    content = {**paid_trade(), **made_refund(), "prepay_id": "wx1"}
    server.answer = lambda _: signed_answer(content, **change)
    with pytest.raises(Unknown, match="not verified"):
        call(gateway(server.url))


@every_call
@pytest.mark.parametrize("how", [{"drop": True}, {"hang": True}])
def test_silence_after_sending_is_unknown(server: LocalServer, call: Callable[..., Any], how: dict[str, bool]) -> None:
    answer = Answer(**how)  # type: ignore[arg-type]  # one flag
    server.answer = lambda _: answer
    with pytest.raises(Unknown) as caught:
        call(gateway(server.url, timeout=answer.patience))
    assert caught.value.__context__ is None


@every_call
def test_nobody_at_home_means_not_done(call: Callable[..., Any]) -> None:
    with pytest.raises(Unreachable) as caught:
        call(gateway(f"http://127.0.0.1:{closed_port()}"))
    assert caught.value.__context__ is None


@pytest.mark.parametrize("content", [{}, [], {"prepay_id": 5}, {"prepay_id": ""}])
def test_a_verified_answer_without_prepay_id_is_unknown(server: LocalServer, content: Any) -> None:
    server.answer = lambda _: signed_answer(content)
    with pytest.raises(Unknown):
        gateway(server.url).prepay(ORDER)


@pytest.mark.parametrize("change", [{"out_trade_no": "pay_other"}, {"mchid": "1"}, {"trade_state": "NEW"}])
def test_a_verified_answer_about_something_else_is_unknown(server: LocalServer, change: dict[str, str]) -> None:
    server.answer = lambda _: signed_answer(paid_trade(**change))
    with pytest.raises(Unknown):
        gateway(server.url).query("pay_01m7")


def test_a_refund_answer_about_another_refund_is_unknown(server: LocalServer) -> None:
    server.answer = lambda _: signed_answer(made_refund(out_refund_no="rfd_other"))
    with pytest.raises(Unknown):
        gateway(server.url).refund(REFUND)


@pytest.mark.parametrize("number", ["pay_1/../x", "pay_01m7?mchid=2", "pay 01m7", "", "付款000001"])
def test_a_number_that_is_no_number_never_goes_out(server: LocalServer, number: str) -> None:
    with pytest.raises(Refused):
        gateway(server.url).query(number)
    assert server.asked == []
