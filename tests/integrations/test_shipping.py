"""Shipping information: what goes out, what counts as done already, and what is to be tried later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.wechat.mini_program import WeChatMiniProgram
from services.ports import Refused, ShippingInfo, ShippingState, Unknown, Unreachable
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, Asked, LocalServer, json_answer

OK = {"errcode": 0, "errmsg": "ok"}
PICKUP = ShippingInfo("4200001", "o1", "pickup", "草莓×2", datetime(2026, 1, 2, 5, 29, 35, 120_999, tzinfo=UTC))


def told(server: LocalServer, content: Any = OK) -> WeChatMiniProgram:
    """An adapter whose platform answers every call but the token's with `content`."""

    def answer(asked: Asked) -> Answer:
        token = asked.path == "/cgi-bin/stable_token"
        return json_answer({"access_token": "t", "expires_in": 7200} if token else content)

    server.answer = answer
    return WeChatMiniProgram(server.url, "wxours", "secret", timeout=PATIENCE_SECONDS)


def test_goods_at_the_pickup_point_are_told_whole(server: LocalServer) -> None:
    told(server).upload_shipping(PICKUP)
    asked = server.asked[-1]
    assert asked.path == "/wxa/sec/order/upload_shipping_info"
    assert "草莓".encode() in asked.body
    assert asked.json == {
        "order_key": {"order_number_type": 2, "transaction_id": "4200001"},
        "logistics_type": 4,
        "delivery_mode": 1,
        "shipping_list": [{"item_desc": "草莓×2"}],
        "upload_time": "2026-01-02T13:29:35.120+08:00",
        "payer": {"openid": "o1"},
    }


def test_a_parcel_carries_its_number_and_a_masked_phone(server: LocalServer) -> None:
    parcel = replace(
        PICKUP,
        logistics_type="express",
        tracking_no="SF1",
        express_company="SF",
        receiver_contact_masked="138****1234",
    )
    told(server).upload_shipping(parcel)
    assert server.asked[-1].json["logistics_type"] == 1
    assert server.asked[-1].json["shipping_list"] == [
        {
            "item_desc": "草莓×2",
            "tracking_no": "SF1",
            "express_company": "SF",
            "contact": {"receiver_contact": "138****1234"},
        }
    ]


def test_a_long_description_is_cut(server: LocalServer) -> None:
    told(server).upload_shipping(replace(PICKUP, item_desc="蟹" * 130))
    assert server.asked[-1].json["shipping_list"][0]["item_desc"] == "蟹" * 120


@pytest.mark.parametrize("code", [10060002, 10060003, 10060023])
def test_what_was_told_before_counts_as_told(server: LocalServer, code: int) -> None:
    told(server, {"errcode": code, "errmsg": "rid: 1-2-3"}).upload_shipping(PICKUP)


@pytest.mark.parametrize("code", [10060001, 10060012, 10060019])
def test_a_payment_not_known_yet_is_told_later(server: LocalServer, code: int) -> None:
    with pytest.raises(Unreachable) as caught:
        told(server, {"errcode": code, "errmsg": "later"}).upload_shipping(PICKUP)
    assert caught.value.code == str(code)


@pytest.mark.parametrize("code", [10060004, 10060031, 268485216])
def test_every_other_no_is_a_no(server: LocalServer, code: int) -> None:
    with pytest.raises(Refused) as caught:
        told(server, {"errcode": code, "errmsg": "no"}).upload_shipping(PICKUP)
    assert caught.value.code == str(code)


@pytest.mark.parametrize(("state", "complained"), [(1, False), (2, True), (6, False)])
def test_the_state_of_a_payments_goods_is_read(server: LocalServer, state: int, complained: bool) -> None:
    mini = told(server, {**OK, "order": {"order_state": state, "in_complaint": complained, "openid": "o1"}})
    assert mini.shipping_state("4200001") == ShippingState(state, complained)
    assert (server.asked[-1].path, server.asked[-1].json) == ("/wxa/sec/order/get_order", {"transaction_id": "4200001"})


@pytest.mark.parametrize("order", [None, [], {}, {"order_state": "2"}, {"order_state": True}])
def test_an_answer_without_a_state_is_unknown(server: LocalServer, order: Any) -> None:
    with pytest.raises(Unknown):
        told(server, {**OK, "order": order}).shipping_state("4200001")


@pytest.mark.parametrize("managed", [True, False])
def test_whether_trade_is_managed_is_asked_by_app(server: LocalServer, managed: bool) -> None:
    assert told(server, {**OK, "is_trade_managed": managed}).is_trade_managed() is managed
    assert server.asked[-1].json == {"appid": "wxours"}


def test_an_answer_that_does_not_say_is_unknown(server: LocalServer) -> None:
    with pytest.raises(Unknown):
        told(server).is_trade_managed()
