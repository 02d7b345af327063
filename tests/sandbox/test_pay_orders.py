"""The pretend gateway's orders keep WeChat Pay's rules."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.merchant import Merchant


def test_the_same_order_again_gives_the_same_prepay_id(merchant: Merchant) -> None:
    first = merchant.order("pay_000001").get_json()
    assert merchant.order("pay_000001").get_json() == first


def test_changed_parameters_under_the_same_number_are_refused(merchant: Merchant) -> None:
    merchant.order("pay_000001", total=1000)
    answer = merchant.order("pay_000001", total=1001)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("out_trade_no", "short"),
        ("out_trade_no", "x" * 33),
        ("out_trade_no", "no space"),
        ("description", ""),
        ("description", "长" * 128),
        ("amount", {"total": 0}),
        ("amount", {"total": "1000"}),
        ("amount", {"total": 10.0}),
        ("amount", {"total": True}),
        ("amount", {"total": 100, "currency": "USD"}),
        ("amount", 100),
        ("payer", {"openid": "nobody"}),
        ("payer", None),
        ("notify_url", "https://shop.example/hook?x=1"),
        ("time_expire", "tomorrow"),
        ("time_expire", "2030-01-01T00:00:00"),
        ("mchid", "1900000000"),
        ("appid", "wx0000000000000000"),
    ],
)
def test_a_wrong_field_is_refused(merchant: Merchant, field: str, value: Any) -> None:
    answer = merchant.order("pay_000001", **{field: value})
    assert answer.status_code == 400
    assert merchant.query("pay_000001").status_code == 404


def test_a_query_shows_an_unpaid_and_then_a_paid_order(merchant: Merchant) -> None:
    prepay_id = merchant.order("pay_000001").get_json()["prepay_id"]
    unpaid = merchant.query("pay_000001").get_json()
    assert unpaid["trade_state"] == "NOTPAY"
    assert "transaction_id" not in unpaid
    assert "payer_total" not in unpaid["amount"]
    receipt = merchant.pay(prepay_id).get_json()
    paid = merchant.query("pay_000001").get_json()
    assert paid["trade_state"] == "SUCCESS"
    assert paid["amount"] == {"total": 1000, "payer_total": 1000, "currency": "CNY", "payer_currency": "CNY"}
    by_id = merchant.ask("GET", f"/v3/pay/transactions/id/{receipt['transaction_id']}?mchid={merchant.mchid}")
    assert by_id.get_json() == paid


def test_closing_is_repeatable_and_refused_once_paid(merchant: Merchant) -> None:
    prepay_id = merchant.order("pay_000001").get_json()["prepay_id"]
    assert [merchant.close("pay_000001").status_code for _ in range(2)] == [204, 204]
    assert merchant.query("pay_000001").get_json()["trade_state"] == "CLOSED"
    assert merchant.pay(prepay_id).get_json() == {"error": "order_closed"}
    merchant.paid("pay_000002")
    assert merchant.close("pay_000002").get_json()["code"] == "ORDER_PAID"
    assert merchant.close("pay_000003").get_json()["code"] == "ORDER_NOT_EXIST"


def test_an_order_cannot_be_paid_after_its_time_or_with_an_old_prepay_id(merchant: Merchant) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat(timespec="seconds")
    short = merchant.order("pay_000001", time_expire=soon).get_json()["prepay_id"]
    merchant.control("clock", {"advance_seconds": 660})
    assert merchant.pay(short).get_json() == {"error": "order_expired"}
    old = merchant.order("pay_000002").get_json()["prepay_id"]
    merchant.control("clock", {"advance_seconds": 7200})
    assert merchant.pay(old).get_json() == {"error": "prepay_expired"}
    fresh = merchant.order("pay_000002").get_json()["prepay_id"]
    assert fresh != old
    assert merchant.pay(fresh).status_code == 200


def test_a_time_expire_under_a_minute_is_moved_to_one_minute(merchant: Merchant) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=10)).isoformat(timespec="seconds")
    prepay_id = merchant.order("pay_000001", time_expire=past).get_json()["prepay_id"]
    assert merchant.pay(prepay_id).status_code == 200


def test_an_unpaid_order_closes_itself_after_seven_days(merchant: Merchant) -> None:
    merchant.order("pay_000001")
    merchant.control("clock", {"advance_seconds": 7 * 86400 + 1})
    assert merchant.query("pay_000001").get_json()["trade_state"] == "CLOSED"


def test_a_late_payment_is_captured_in_spite_of_closing(merchant: Merchant) -> None:
    prepay_id = merchant.order("pay_000001").get_json()["prepay_id"]
    merchant.close("pay_000001")
    assert merchant.pay(prepay_id, late=True).status_code == 200
    assert merchant.query("pay_000001").get_json()["trade_state"] == "SUCCESS"


def test_sixteen_people_pressing_pay_at_once_pay_once(merchant: Merchant) -> None:
    prepay_id = merchant.order("pay_000001").get_json()["prepay_id"]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: merchant.pay(prepay_id).status_code, range(16)))
    assert sorted(answers) == [200] + [409] * 15
    assert merchant.control("ledger")["received_fen"] == 1000


def test_the_sheet_takes_only_parameters_that_the_merchant_signed(merchant: Merchant) -> None:
    package = f"prepay_id={merchant.order('pay_000001').get_json()['prepay_id']}"
    params = {"timeStamp": "1", "nonceStr": "n", "package": package, "signType": "RSA", "appId": merchant.appid}
    forged = params | {"paySign": merchant.sign(merchant.appid, "2", "n", package)}
    true = params | {"paySign": merchant.sign(merchant.appid, "1", "n", package)}
    refused = merchant.http.post("/control/pay", json={"params": forged, "person": "王阿姨"})
    assert refused.get_json() == {"error": "bad_pay_sign"}
    assert merchant.control("ledger")["payments"] == []
    assert merchant.http.post("/control/pay", json={"params": true, "person": "王阿姨"}).status_code == 200


def test_only_the_person_who_ordered_can_pay(merchant: Merchant) -> None:
    merchant.control("people", {"name": "老李"})
    prepay_id = merchant.order("pay_000001").get_json()["prepay_id"]
    assert merchant.pay(prepay_id, person="老李").get_json() == {"error": "openid_mismatch"}
