"""The platform tells the product what became of its shipments, by message push."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.sandbox.chat_stage import Stage, open_stage
from tests.sandbox.merchant import Merchant
from tests.sandbox.shop import EXPRESS, HOUR, Shop


@pytest.fixture
def heard() -> Queue[dict[str, Any]]:
    """What the product was told."""
    return Queue()


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path, heard: Queue[dict[str, Any]]) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        opened.product.answer = heard.put
        yield opened


@pytest.fixture
def shop(stage: Stage, tmp_path: Path) -> Shop:
    merchant = Merchant(stage.client.application, tmp_path / "sandbox")
    merchant.paid("pay_000001", silent=True)
    return Shop(merchant)


def seconds(shop: Shop, number: str = "pay_000001") -> int:
    return int(shop.merchant.control(f"orders/{number}")["pay_time"])


def test_shipping_and_settling_are_told(shop: Shop, heard: Queue[dict[str, Any]]) -> None:
    shop.ship(**EXPRESS)
    shipped = heard.get(timeout=60)
    assert (shipped["MsgType"], shipped["Event"]) == ("event", "trade_manage_order_settlement")
    assert (shipped["merchant_trade_no"], shipped["merchant_id"]) == ("pay_000001", shop.merchant.mchid)
    assert shipped["FromUserName"] == shop.openid
    assert shipped["pay_time"] == seconds(shop)
    assert shipped["estimated_settlement_time"] - shipped["shipped_time"] == 240 * HOUR
    assert "settlement_time" not in shipped
    shop.receive()
    settled = heard.get(timeout=60)
    assert (settled["Event"], settled["confirm_receive_method"]) == ("trade_manage_order_settlement", 1)
    assert settled["settlement_time"] == settled["confirm_receive_time"]


def test_receipt_that_confirmed_itself_is_told_as_such(shop: Shop, heard: Queue[dict[str, Any]]) -> None:
    shop.ship()
    heard.get(timeout=60)
    shop.advance(48 * HOUR)
    assert heard.get(timeout=60)["confirm_receive_method"] == 2


def test_what_stays_unshipped_for_two_days_is_reminded_of_once(shop: Shop, heard: Queue[dict[str, Any]]) -> None:
    shop.merchant.paid("pay_000002", silent=True)
    shop.ship("pay_000002")
    heard.get(timeout=60)
    shop.advance(47 * HOUR)
    assert heard.empty()
    shop.advance(HOUR)
    told = [heard.get(timeout=60) for _ in range(2)]
    (reminder,) = [event for event in told if event["Event"] == "trade_manage_remind_shipping"]
    assert (reminder["merchant_trade_no"], reminder["transaction_id"][:4]) == ("pay_000001", "4200")
    assert reminder["msg"]
    shop.advance(48 * HOUR)
    assert shop.state() == 1
    assert heard.empty()


def test_a_push_is_tried_three_times(stage: Stage, shop: Shop) -> None:
    stage.product.answer = lambda body: 500
    shop.ship()
    while (push := shop.merchant.control("shipping")["pushes"][0])["state"] == "pending":
        pass
    assert (push["state"], push["tries"], len(stage.product.heard)) == ("given_up", 3, 3)
