"""Notices arrive sealed, signed and at least once, and go wrong only when a knob says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from sandbox.app import create_app, stop
from sandbox.config import Config
from tests.sandbox.merchant import Inbox, Merchant


def _notices(merchant: Merchant) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = merchant.control("notices")["notices"]
    return listed


def test_a_payment_is_told_in_a_signed_and_sealed_notice(merchant: Merchant, inbox: Inbox) -> None:
    receipt = merchant.paid("pay_000001")
    headers, body = inbox.next()
    assert merchant.verifies(headers, body)
    assert json.loads(body)["event_type"] == "TRANSACTION.SUCCESS"
    assert merchant.opened(body)["transaction_id"] == receipt["transaction_id"]


def test_a_refused_notice_comes_again_under_the_same_id(merchant: Merchant, inbox: Inbox) -> None:
    inbox.statuses += [500, 401]
    merchant.paid("pay_000001")
    ids = {json.loads(inbox.next()[1])["id"] for _ in range(3)}
    assert len(ids) == 1


def test_a_notice_may_come_fifty_times_in_parallel(merchant: Merchant, inbox: Inbox) -> None:
    merchant.control("knobs", {"duplicate_notices": 50})
    merchant.paid("pay_000001")
    assert len({json.loads(inbox.next()[1])["id"] for _ in range(50)}) == 1


def test_a_lost_notice_never_comes_until_it_is_sent_again(merchant: Merchant, inbox: Inbox) -> None:
    lost = merchant.paid("pay_000001", silent=True)["notice_id"]
    merchant.control("knobs", {"lose_notices": 1})
    merchant.paid("pay_000002")
    merchant.paid("pay_000003")
    assert merchant.opened(inbox.next()[1])["out_trade_no"] == "pay_000003"
    assert [notice["state"] for notice in _notices(merchant)][:2] == ["lost", "lost"]
    assert inbox.received.empty()
    assert merchant.http.post("/control/notices/nothing/resend").status_code == 409
    assert merchant.http.post(f"/control/notices/{_notices(merchant)[1]['id']}/resend").status_code == 200
    assert merchant.opened(inbox.next()[1])["out_trade_no"] == "pay_000002"
    assert lost == _notices(merchant)[0]["id"]


def test_a_held_notice_comes_after_a_later_one(merchant: Merchant, inbox: Inbox) -> None:
    merchant.control("knobs", {"reorder_notices": 1})
    merchant.paid("pay_000001")
    merchant.paid("pay_000002")
    order = [merchant.opened(inbox.next()[1])["out_trade_no"] for _ in range(2)]
    assert order == ["pay_000002", "pay_000001"]


@pytest.mark.parametrize("how", ["body", "signature", "serial"])
def test_a_spoilt_copy_comes_first_and_does_not_verify(merchant: Merchant, inbox: Inbox, how: str) -> None:
    merchant.control("knobs", {"tamper_notices": 1, "tamper_how": how})
    merchant.paid("pay_000001")
    assert [merchant.verifies(*inbox.next()) for _ in range(2)] == [False, True]


def test_a_stale_copy_verifies_but_is_an_hour_old(merchant: Merchant, inbox: Inbox) -> None:
    merchant.control("knobs", {"tamper_notices": 1, "tamper_how": "timestamp"})
    merchant.paid("pay_000001")
    (stale, body), (fresh, _) = inbox.next(), inbox.next()
    assert merchant.verifies(stale, body)
    assert int(fresh["Wechatpay-Timestamp"]) - int(stale["Wechatpay-Timestamp"]) >= 3600


def test_the_signature_probe_is_recognisable_and_wrong(merchant: Merchant, inbox: Inbox) -> None:
    merchant.control("knobs", {"signtest_probe": 1})
    merchant.paid("pay_000001")
    headers, body = inbox.next()
    assert headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not merchant.verifies(headers, body)
    assert merchant.verifies(*inbox.next())


def test_money_for_an_unknown_number_is_noticed_and_in_the_ledger(merchant: Merchant, inbox: Inbox) -> None:
    wish = {"out_trade_no": "stray_001", "total_fen": 700, "person": "路人", "notify_url": merchant.notify_url}
    merchant.control("stray-payment", wish)
    assert merchant.opened(inbox.next()[1])["amount"]["total"] == 700
    assert merchant.http.post("/control/stray-payment", json=wish).get_json() == {"error": "number_taken"}
    assert merchant.control("ledger")["received_fen"] == 700


def test_a_captured_sum_may_differ_from_what_was_asked(merchant: Merchant, inbox: Inbox) -> None:
    merchant.paid("pay_000001", captured_fen=999)
    assert merchant.opened(inbox.next()[1])["amount"]["total"] == 999


def test_what_a_stop_interrupted_is_taken_up_again(sandbox_config: Config, inbox: Inbox) -> None:
    app = create_app(sandbox_config)
    merchant = Merchant(app, sandbox_config.data_dir, f"{inbox.url}/hooks")
    merchant.control("knobs", {"notice_delay_ms": 600_000, "refund_delay_ms": 600_000})
    merchant.paid("pay_000001")
    merchant.refund("ref_1", "pay_000001", 300)
    merchant.control("knobs", {"reset": True})
    stop(app)
    app = create_app(sandbox_config)
    kinds = {json.loads(inbox.next()[1])["event_type"] for _ in range(2)}
    stop(app)
    assert kinds == {"TRANSACTION.SUCCESS", "REFUND.SUCCESS"}


def test_the_gateway_can_be_out(merchant: Merchant, sandbox_app: Flask) -> None:
    merchant.control("knobs", {"gateway_outage": "refuse"})
    assert merchant.order("pay_000001").get_json()["code"] == "SYSTEM_ERROR"
    merchant.control("knobs", {"gateway_outage": "error_after_commit"})
    assert merchant.order("pay_000001").status_code == 500
    merchant.control("knobs", {"gateway_outage_only": "/v3/refund"})
    assert merchant.query("pay_000001").get_json()["trade_state"] == "NOTPAY"


def test_a_knob_that_does_not_exist_or_fit_is_refused_by_name(merchant: Merchant) -> None:
    for wish in ({"no_such": 1}, {"slow_ms": -1}, {"slow_ms": "1"}, {"slow_ms": True}, {"tamper_how": "gently"}):
        answer = merchant.http.post("/control/knobs", json=wish)
        assert answer.status_code == 400
        assert next(iter(wish)) in answer.get_json()["error"]
    about = merchant.control("knobs")["about"]
    assert all(knob["doc"] for knob in about.values())


@pytest.mark.parametrize("address", ["clock", "knobs", "people", "pay", "plant", "stray-payment"])
@pytest.mark.parametrize("body", ["", "no json", "[]", "{}"])
def test_a_control_address_that_is_told_nonsense_says_so(merchant: Merchant, address: str, body: str) -> None:
    answer = merchant.http.post(f"/control/{address}", data=body)
    assert answer.status_code in ((200, 400, 409) if body == "{}" else (400,))
