"""The pretend gateway's refunds keep WeChat Pay's rules."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandbox.merchant import Inbox, Merchant


def _next_refund(merchant: Merchant, inbox: Inbox) -> dict[str, object]:
    """The content of the next notice about a refund."""
    while "refund_status" not in (content := merchant.opened(inbox.next()[1])):
        pass
    return content


def test_a_refund_is_processing_first_and_then_succeeds_with_a_notice(merchant: Merchant, inbox: Inbox) -> None:
    merchant.paid("pay_000001")
    answer = merchant.refund("ref_1", "pay_000001", 300).get_json()
    assert answer["status"] == "PROCESSING"
    assert answer["amount"]["payer_refund"] == 300
    content = _next_refund(merchant, inbox)
    assert (content["refund_status"], content["out_refund_no"]) == ("SUCCESS", "ref_1")
    assert merchant.refund_status("ref_1") == "SUCCESS"
    assert merchant.query("pay_000001").get_json()["trade_state"] == "REFUND"


@pytest.mark.parametrize("result", ["ABNORMAL", "CLOSED"])
def test_a_refund_may_end_badly_when_the_knob_says_so(merchant: Merchant, inbox: Inbox, result: str) -> None:
    merchant.control("knobs", {"refund_result": result, "refund_result_times": 1, "refund_spacing_seconds": 0})
    merchant.paid("pay_000001")
    merchant.refund("ref_1", "pay_000001", 300)
    assert _next_refund(merchant, inbox)["refund_status"] == result
    merchant.refund("ref_2", "pay_000001", 300)
    assert _next_refund(merchant, inbox)["refund_status"] == "SUCCESS"
    ledger = merchant.control("ledger")
    assert [row["state"] for row in ledger["refunds"]] == [result, "SUCCESS"]
    assert (ledger["refunded_fen"], ledger["balanced"]) == (300, True)


def test_the_console_can_end_an_abnormal_refund(merchant: Merchant, inbox: Inbox) -> None:
    merchant.control("knobs", {"refund_result": "ABNORMAL", "refund_result_times": 1})
    merchant.paid("pay_000001")
    merchant.refund("ref_1", "pay_000001", 300)
    _next_refund(merchant, inbox)
    merchant.control("refunds/ref_1/finish", {"from": "ABNORMAL", "to": "SUCCESS"})
    assert _next_refund(merchant, inbox)["refund_status"] == "SUCCESS"
    again = merchant.http.post("/control/refunds/ref_1/finish", json={"from": "ABNORMAL", "to": "SUCCESS"})
    assert again.status_code == 409


def test_the_same_number_again_is_the_same_refund_and_changed_parameters_are_refused(merchant: Merchant) -> None:
    merchant.paid("pay_000001")
    first = merchant.refund("ref_1", "pay_000001", 300).get_json()["refund_id"]
    assert merchant.refund("ref_1", "pay_000001", 300).get_json()["refund_id"] == first
    changed = merchant.refund("ref_1", "pay_000001", 301)
    assert (changed.status_code, changed.get_json()["code"]) == (400, "INVALID_REQUEST")
    assert len(merchant.control("ledger")["refunds"]) == 1


def test_two_refunds_of_one_order_are_a_minute_apart(merchant: Merchant) -> None:
    merchant.paid("pay_000001")
    merchant.refund("ref_1", "pay_000001", 300)
    assert merchant.refund("ref_2", "pay_000001", 300).get_json()["code"] == "FREQUENCY_LIMITED"
    merchant.control("clock", {"advance_seconds": 60})
    assert merchant.refund("ref_2", "pay_000001", 300).status_code == 200


def test_refunds_never_exceed_the_payment_nor_fifty_parts(merchant: Merchant) -> None:
    merchant.control("knobs", {"refund_spacing_seconds": 0})
    merchant.paid("pay_000001")
    assert merchant.refund("ref_x", "pay_000001", 1001).status_code == 400
    for part in range(50):
        assert merchant.refund(f"ref_{part}", "pay_000001", 1).status_code == 200
    assert "50" in merchant.refund("ref_50", "pay_000001", 1).get_json()["message"]


def test_sixteen_refunds_at_once_never_give_back_more_than_was_paid(merchant: Merchant) -> None:
    merchant.control("knobs", {"refund_spacing_seconds": 0})
    merchant.paid("pay_000001")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: merchant.refund(f"ref_{n}", "pay_000001", 300).status_code, range(16)))
    assert sorted(answers) == [200] * 3 + [400] * 13


def test_a_refund_needs_a_paid_order_of_that_total(merchant: Merchant) -> None:
    merchant.order("pay_000001")
    assert merchant.refund("ref_1", "pay_000001", 1).get_json()["code"] == "INVALID_REQUEST"
    assert merchant.refund("ref_1", "pay_000404", 1).get_json()["code"] == "RESOURCE_NOT_EXISTS"
    merchant.paid("pay_000002")
    assert merchant.refund("ref_1", "pay_000002", 1, total=999).get_json()["code"] == "INVALID_REQUEST"
    merchant.control("clock", {"advance_seconds": 366 * 86400})
    assert merchant.refund("ref_1", "pay_000002", 1).get_json()["code"] == "INVALID_REQUEST"


def test_without_funds_a_refund_is_refused_and_the_same_number_works_later(merchant: Merchant) -> None:
    merchant.paid("pay_000001")
    merchant.control("knobs", {"not_enough": 1})
    refused = merchant.refund("ref_1", "pay_000001", 300)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "NOT_ENOUGH")
    merchant.control("knobs", {"reset": True})
    assert merchant.refund("ref_1", "pay_000001", 300).status_code == 200


def test_the_frequency_knob_refuses_the_next_request_only(merchant: Merchant) -> None:
    merchant.paid("pay_000001")
    merchant.control("knobs", {"frequency_limited": 1})
    assert merchant.refund("ref_1", "pay_000001", 300).status_code == 429
    assert merchant.refund("ref_1", "pay_000001", 300).status_code == 200


def test_a_coupon_is_never_paid_back_and_the_parts_sum_to_what_was_paid(merchant: Merchant) -> None:
    merchant.control("knobs", {"refund_spacing_seconds": 0})
    merchant.paid("pay_000001", coupon_fen=101)
    paid = merchant.query("pay_000001").get_json()
    assert (paid["amount"]["total"], paid["amount"]["payer_total"]) == (1000, 899)
    parts = [merchant.refund(f"ref_{n}", "pay_000001", fen).get_json() for n, fen in enumerate((333, 333, 334))]
    assert sum(part["amount"]["payer_refund"] for part in parts) == 899
    assert sum(part["amount"]["discount_refund"] for part in parts) == 101
