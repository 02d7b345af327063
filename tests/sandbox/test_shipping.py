"""Shipping information: its rules, the money it sets free, and what the platform tells about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.merchant import Inbox, Merchant
from tests.sandbox.shop import EXPRESS, HOUR, Shop


@pytest.fixture
def shop(merchant: Merchant) -> Shop:
    merchant.paid("pay_000001")
    return Shop(merchant)


def test_money_thaws_when_the_payer_has_confirmed_receipt(shop: Shop) -> None:
    assert (shop.state(), shop.frozen()) == (1, (994, 0))
    assert shop.receive().get_json() == {"error": "not_shipped"}
    assert shop.ship() == 0
    assert (shop.state(), shop.frozen()) == (2, (994, 0))
    shop.merchant.control("people", {"name": "路人"})
    assert shop.receive(person="路人").get_json() == {"error": "not_the_payer"}
    received = shop.receive().get_json()
    assert (received["order_state"], received["frozen_fen"]) == (4, 0)
    assert received["settled_time"]
    assert (shop.state(), shop.frozen()) == (4, (0, 994))
    assert shop.receive().get_json() == {"error": "already_received"}
    assert shop.receive("pay_000404").get_json() == {"error": "unknown_order"}


@pytest.mark.parametrize(("how", "hours"), [({}, 48), ({"logistics_type": 2}, 48), (EXPRESS, 240)])
def test_unasked_receipt_confirms_itself(shop: Shop, how: dict[str, Any], hours: int) -> None:
    assert shop.ship(**how) == 0
    shop.advance(hours * HOUR - 60)
    assert (shop.state(), shop.frozen()) == (2, (994, 0))
    shop.advance(60)
    assert (shop.state(), shop.frozen()) == (4, (0, 994))


def test_the_knob_says_when_receipt_confirms_itself(shop: Shop) -> None:
    shop.merchant.control("knobs", {"shipping_auto_confirm_hours": 5})
    shop.ship()
    shop.advance(5 * HOUR)
    assert shop.state() == 4


def test_refunds_of_a_settled_payment_take_free_money(shop: Shop) -> None:
    shop.ship()
    shop.receive()
    shop.merchant.control("funds/withdraw", {"fen": 994})
    assert shop.merchant.refund("ref_1", "pay_000001", 500).get_json()["code"] == "NOT_ENOUGH"


def test_a_refund_closed_after_thawing_returns_to_the_free_money(shop: Shop) -> None:
    shop.merchant.control("knobs", {"refund_delay_ms": 600_000})
    shop.merchant.refund("ref_1", "pay_000001", 500)
    shop.ship()
    shop.receive()
    assert shop.frozen() == (0, 497)
    shop.merchant.control("refunds/ref_1/finish", {"from": "PROCESSING", "to": "CLOSED"})
    assert shop.frozen() == (0, 994)


def test_a_fully_refunded_payment_needs_no_shipping(shop: Shop, inbox: Inbox) -> None:
    shop.merchant.refund("ref_1", "pay_000001", 1000)
    while "out_refund_no" not in shop.merchant.opened(inbox.next()[1]):
        pass
    assert (shop.state(), shop.frozen(), shop.ship()) == (5, (0, 0), 10060004)
    shop.advance(72 * HOUR)
    assert shop.state() == 5
    assert shop.merchant.control("shipping")["pushes"] == []


def test_one_changed_upload_is_taken_and_then_no_more(shop: Shop) -> None:
    assert shop.ship() == 0
    assert shop.ship() == 10060023
    early = (shop.sent - timedelta(hours=1)).isoformat()
    assert shop.ship(shipping_list=[{"item_desc": "草莓 3 盒"}], upload_time=early) == 268485216
    assert shop.ship(shipping_list=[{"item_desc": "草莓 3 盒"}]) == 0
    assert shop.ship(shipping_list=[{"item_desc": "草莓 4 盒"}]) == 10060003
    shop.receive()
    assert shop.ship(shipping_list=[{"item_desc": "草莓 5 盒"}]) == 10060002


def test_parcels_come_one_after_another_until_all_are_sent(shop: Shop) -> None:
    parcel = {"item_desc": "草莓", "express_company": "SF"}

    def send(number: int, *, last: bool) -> int:
        sent = [parcel | {"tracking_no": f"SF{number}"}]
        return shop.ship(logistics_type=1, delivery_mode=2, is_all_delivered=last, shipping_list=sent)

    assert [send(1, last=False), shop.state(), send(2, last=True), shop.state()] == [0, 1, 0, 2]
    order = shop.merchant.control("orders/pay_000001")
    assert [sent["tracking_no"] for sent in order["shipping"]["shipping_list"]] == ["SF1", "SF2"]
    assert order["shipping"]["finish_shipping"] is True


@pytest.mark.parametrize(
    ("other", "errcode"),
    [
        ({"logistics_type": 5}, 10060005),
        ({"delivery_mode": 2, "is_all_delivered": True}, 10060006),
        (EXPRESS | {"delivery_mode": 2}, 10060007),
        (
            EXPRESS | {"delivery_mode": 2, "is_all_delivered": True, "shipping_list": [{"item_desc": "x"}] * 16},
            10060024,
        ),
        ({"delivery_mode": 3}, 268485224),
        ({"shipping_list": []}, 268485228),
        ({"shipping_list": [{"item_desc": "x"}] * 2}, 268485228),
        ({"shipping_list": "x"}, 10060014),
        ({"shipping_list": [{"item_desc": " "}]}, 10060008),
        ({"shipping_list": [{"item_desc": "长" * 121}]}, 10060009),
        ({"logistics_type": 1}, 268485226),
        ({"logistics_type": 1, "shipping_list": [{"item_desc": "x", "tracking_no": "SF1"}]}, 268485227),
        ({"upload_time": "today"}, 268485216),
        ({"upload_time": "2026-01-02T13:29:35"}, 268485216),
        ({"payer": None}, 10060014),
        ({"payer": {"openid": "nobody"}}, 10060031),
        ({"order_key": None}, 268485194),
        ({"order_key": {"order_number_type": 2}}, 268485195),
        ({"order_key": {"order_number_type": 2, "transaction_id": "4200"}}, 10060001),
        ({"order_key": {"order_number_type": 1, "mchid": "19"}}, 268485197),
    ],
)
def test_what_does_not_fit_has_its_own_error_and_changes_nothing(
    shop: Shop, other: dict[str, Any], errcode: int
) -> None:
    assert shop.ship(**other) == errcode
    assert shop.state() == 1


def test_a_payment_is_not_known_at_once_when_the_knob_says_so(shop: Shop) -> None:
    shop.merchant.control("knobs", {"shipping_unknown_seconds": 60})
    assert shop.ship() == 10060001
    shop.advance(61)
    assert shop.ship() == 0


def test_an_unpaid_order_is_not_known(shop: Shop) -> None:
    shop.merchant.order("pay_000002")
    assert shop.ship("pay_000002") == 10060001


def test_orders_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    for number in (2, 3):
        shop.merchant.paid(f"pay_00000{number}")
    shop.ship("pay_000002")
    first = shop.call("get_order_list", {"page_size": 2})
    assert [row["merchant_trade_no"] for row in first["order_list"]] == ["pay_000003", "pay_000002"]
    assert first["has_more"] is True
    rest = shop.call("get_order_list", {"page_size": 2, "last_index": first["last_index"]})
    assert [row["merchant_trade_no"] for row in rest["order_list"]] == ["pay_000001"]
    assert rest["has_more"] is False
    unshipped = shop.call("get_order_list", {"order_state": 1, "openid": shop.openid})
    assert [row["merchant_trade_no"] for row in unshipped["order_list"]] == ["pay_000003", "pay_000001"]
    assert shop.call("get_order_list", {"pay_time_range": {"end_time": 1}})["order_list"] == []
    assert shop.call("get_order_list", {"page_size": 101})["errcode"] == 10060014


def test_the_other_calls_answer(shop: Shop) -> None:
    own = {"appid": shop.merchant.appid}
    assert shop.call("is_trade_managed", own)["is_trade_managed"] is True
    assert shop.call("is_trade_management_confirmation_completed", own)["completed"] is True
    assert shop.call("is_trade_managed", {"appid": "wx0"})["errcode"] == 40013
    assert shop.call("set_msg_jump_path", {"path": "pages/order?from=ship"})["errcode"] == 0
    assert shop.call("set_msg_jump_path", {"path": ""})["errcode"] == 10060014
    assert shop.call("update_order_detail_path", {"path": "pages/order?no=1"})["errcode"] == 10060035
    assert shop.call("update_order_detail_path", {"path": "pages/order?no=${商品订单号}"})["errcode"] == 0
    known = shop.merchant.control("shipping")
    assert known["msg_jump_path"] == "pages/order?from=ship"
    assert known["order_detail_path"] == "pages/order?no=${商品订单号}"
    shop.merchant.control("knobs", {"freeze": "off"})
    assert shop.call("is_trade_managed", own)["is_trade_managed"] is False
    unsigned = shop.merchant.http.post("/wxa/sec/order/get_order", json={})
    assert unsigned.get_json()["errcode"] == 41001


def test_an_express_receipt_is_asked_for_once(shop: Shop) -> None:
    shop.merchant.paid("pay_000002")
    wish = {"merchant_id": shop.merchant.mchid, "merchant_trade_no": "pay_000001", "received_time": 1}
    assert shop.call("notify_confirm_receive", wish)["errcode"] == 10060028
    shop.ship(**EXPRESS)
    shop.ship("pay_000002")
    assert shop.call("notify_confirm_receive", wish | {"received_time": "x"})["errcode"] == 10060032
    assert shop.call("notify_confirm_receive", wish)["errcode"] == 0
    assert shop.call("notify_confirm_receive", wish)["errcode"] == 10060030
    assert shop.call("notify_confirm_receive", wish | {"merchant_trade_no": "pay_000002"})["errcode"] == 10060029
