"""Ordering to one's door, by courier, and to pay on pickup, in the phone."""

from __future__ import annotations

from demo.clock import until
from demo.http import Json
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import brought, closed, leader, opened
from tests.browser.phones import Phone
from tests.browser.resident_scene import BERRY, CRAB, neighbour
from tests.browser.town import Town


def checkout(phone: OpenPhone, town: Town, name: str, campaign_id: str, what: str) -> Phone:
    """The neighbour's phone at the checkout with one unit."""
    neighbour(town, name)
    mine = phone(name, f"pages/campaign/campaign?id={campaign_id}")
    mine.tap(f"{what}加一")
    mine.tap("去结算")
    mine.at("pages/checkout/checkout")
    return mine


def test_a_door_is_asked_for_before_the_order_and_stands_on_it(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "送上门的团", delivery_method="door", delivery_fee_fen=300)
    mine = checkout(phone, town, "陶姐", campaign_id, BERRY)
    mine.sees("约 ¥32.90")
    mine.tap("提交并支付")
    mine.sees("请填写楼栋")
    assert town.person("陶姐").orders() == []
    mine.fill("楼栋", "3栋")
    mine.fill("门牌号", "1201")
    mine.tap("提交并支付")
    mine.tap("付款")
    mine.tap("允许")
    mine.sees("接龙号")
    row = until("the door to pass its check", lambda: _with_a_door(town, campaign_id))
    assert (row["place"]["building"], row["place"]["room"], row["total_fen"]) == ("3栋", "1201", 3290)


def _with_a_door(town: Town, campaign_id: str) -> Json | None:
    (row,) = leader(town).pages(f"/api/leader/campaigns/{campaign_id}/roster")
    return row if row["place"] else None


def test_a_parcel_is_addressed_sent_and_received(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "寄快递的团", delivery_method="courier")
    mine = checkout(phone, town, "姜叔", campaign_id, CRAB)
    mine.fill("收件人", "姜小妹")
    mine.fill("手机号", "13800001234")
    mine.fill("收货地址", "杭州市西湖区文三路 1 号")
    mine.tap("提交并支付")
    mine.tap("付款")
    mine.tap("允许")
    mine.sees("接龙号")

    closed(town, campaign_id)
    brought(town, campaign_id)
    (placed,) = town.person("姜叔").orders()
    sent = {"company": "SF", "tracking_number": "SF1234567890"}
    leader(town).post(f"/api/leader/orders/{placed['id']}/parcel", sent)
    mine.open(f"pages/order/order?id={placed['id']}")
    mine.sees("SF1234567890")
    mine.tap("确认收货")
    mine.tap("收到了")
    mine.sees_not("确认收货")
    assert town.person("姜叔").see(placed)["state"] == "collected"


def test_an_order_to_be_paid_on_pickup_counts_at_once(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "提货再付的团", payment_policy="on_pickup")
    mine = checkout(phone, town, "范奶奶", campaign_id, CRAB)
    mine.sees("收货付款：提货时在自提点付款")
    mine.tap("提交订单")
    mine.tap("到货提醒我")
    mine.tap("允许")
    mine.sees("接龙号 1")
    mine.sees("提货时付 ¥58.00")
    (placed,) = town.person("范奶奶").orders()
    assert placed["state"] == "confirmed"
