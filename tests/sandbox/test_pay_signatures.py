"""The pretend gateway listens only to its merchant, and signs what it says."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.sandbox.merchant import Merchant


def test_every_2xx_is_signed_also_an_empty_one(merchant: Merchant) -> None:
    placed = merchant.order("pay_000001")
    closed = merchant.close("pay_000001")
    for answer in (placed, closed):
        assert merchant.verifies(answer.headers, answer.get_data())
        assert answer.headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
        assert answer.headers["Request-ID"]
    assert closed.get_data() == b""


def test_a_refusal_is_not_signed(merchant: Merchant) -> None:
    answer = merchant.query("pay_000404")
    assert answer.status_code == 404
    assert "Wechatpay-Signature" not in answer.headers
    assert answer.headers["Request-ID"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mchid": "1900000001"},
        {"serial_no": "ABC"},
        {"signature": "AAAA"},
        {"signature": "不是"},
        {"timestamp": "soon"},
        {"nonce_str": "another"},
    ],
)
def test_a_request_that_the_merchant_did_not_sign_is_refused(merchant: Merchant, wrong: dict[str, Any]) -> None:
    merchant.order("pay_000001")
    path = f"/v3/pay/transactions/out-trade-no/pay_000001?mchid={merchant.mchid}"
    assert merchant.ask("GET", path, **wrong).get_json()["code"] == "SIGN_ERROR"


def test_a_stale_request_is_refused_and_one_near_either_clock_is_heard(merchant: Merchant) -> None:
    merchant.order("pay_000001")
    path = f"/v3/pay/transactions/out-trade-no/pay_000001?mchid={merchant.mchid}"
    now = int(time.time())
    assert merchant.ask("GET", path, timestamp=str(now - 400)).status_code == 401
    merchant.control("clock", {"advance_seconds": 86400})
    assert merchant.ask("GET", path, timestamp=str(now)).status_code == 200
    assert merchant.ask("GET", path, timestamp=str(now + 86400)).status_code == 200
    assert merchant.ask("GET", path, timestamp=str(now + 40000)).status_code == 401


def test_body_and_query_are_under_the_signature(merchant: Merchant) -> None:
    path = "/v3/pay/transactions/out-trade-no/pay_000001/close"
    merchant.order("pay_000001")
    headers = {"Authorization": merchant.authorization("POST", path, "{}")}
    changed = merchant.http.post(path, data='{"mchid":"' + merchant.mchid + '"}', headers=headers)
    assert changed.status_code == 401
    headers = {"Authorization": merchant.authorization("GET", "/v3/certificates", "")}
    assert merchant.http.get("/v3/certificates?x=1", headers=headers).status_code == 401
    assert merchant.http.get("/v3/certificates", headers=headers).get_json()["code"] == "RESOURCE_NOT_EXISTS"


def test_no_authorization_is_refused(merchant: Merchant) -> None:
    assert merchant.http.post("/v3/pay/transactions/jsapi", json={}).status_code == 401
