"""A resident's way from the card to paid, in the phone; and back again."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from demo.clock import until
from demo.http import Unexpected
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import joined
from tests.browser.lone_scene import lone
from tests.browser.resident_scene import BERRY, CRAB, counted, neighbour, open_campaign, order, pay
from tests.browser.town import Town

HELD_MS = 600_000
A_DAY = re.compile(r"还剩 (1天|2\d小时)")
"""The town's campaign ends tomorrow at eight in the evening."""


def test_from_the_card_to_paid_are_four_taps(phone: OpenPhone, town: Town) -> None:
    mine = open_campaign(phone, town, "吴老师")
    mine.tap(f"{CRAB}加一")
    mine.tap("去结算")
    mine.tap("提交并支付")
    mine.tap("付款")
    assert mine.taps == 4
    mine.tap("允许")
    mine.sees("付款成功")
    mine.sees("接龙号")


def test_the_promises_and_the_seller_are_shown_before_paying(phone: OpenPhone, town: Town) -> None:
    mine = open_campaign(phone, town, "孙阿姨")
    mine.tap(f"{BERRY}加一")
    mine.tap("去结算")
    for words in ("前自提", "凭照片售后", "卖家：演示商户", "为您留货 30 分钟", "截团前可随时退"):
        mine.sees(words)
    mine.sees("约 ¥29.90")


def test_taps_while_the_order_is_on_its_way_place_no_second_one(phone: OpenPhone, town: Town) -> None:
    mine = open_campaign(phone, town, "周工")
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    mine.page.route("**/api/resident/orders", hold)
    mine.tap(f"{CRAB}加一")
    mine.tap("去结算")
    mine.tap("提交并支付")
    for _ in range(2):
        mine.find("提交并支付").first.tap(force=True)
    until("the order to be asked for", lambda: mine.page.evaluate("1") and asked)
    for each in asked:
        each.continue_()
    mine.sees("微信支付")
    assert (len(asked), len(town.person("周工").orders())) == (1, 1)


def test_who_wanted_more_than_is_left_takes_what_is_left(phone: OpenPhone, town: Town) -> None:
    campaign_id = lone(town, "只剩三盒的团", quota=3)
    neighbour(town, "许哥")
    mine = phone("许哥", f"pages/campaign/campaign?id={campaign_id}")
    mine.sees("共 1 份")
    mine.tap(f"{BERRY}加一")
    mine.tap("去结算")
    joined(town, campaign_id, "施姐", {BERRY: 2})
    mine.tap("提交并支付")
    mine.sees("要改成 1 份吗？")
    mine.tap("改数量")
    mine.sees("约 ¥29.90")
    mine.tap("提交并支付")
    pay(mine)
    (placed,) = town.person("许哥").orders()
    assert placed["total_fen"] == 2990


def test_who_does_not_pay_at_once_finds_the_order_with_its_time_left(phone: OpenPhone, town: Town) -> None:
    mine = order(phone, town, "郑姐")
    mine.tap("取消")
    mine.sees("还没有付款")
    mine.sees("请在 2")  # of half an hour, however slow the machine is
    mine.tap("付过了？查一下")
    mine.sees("还没有收到付款")
    mine.tap("付款 ¥58.00")
    pay(mine)


def test_a_part_is_taken_back_and_the_money_is_only_then_called_refunded(phone: OpenPhone, town: Town) -> None:
    mine = order(phone, town, "钱伯", CRAB, BERRY)
    pay(mine)
    town.sandbox.turn(refund_delay_ms=HELD_MS)
    mine.tap("退款 / 售后", exact=False)
    mine.tap(f"退 {CRAB}减一")
    mine.tap("退这 1 份")
    mine.tap("确定退")
    mine.sees("¥29.90")
    mine.sees("退款已提交", exact=True)
    assert mine.find("已退款").count() == 0
    town.sandbox.turn(refund_delay_ms=200)
    (placed,) = town.person("钱伯").orders()
    (refund,) = town.person("钱伯").see(placed)["refunds"]
    until("the gateway to give the money back", lambda: _finished(town, refund["id"]))
    mine.sees("已退款", exact=True)


def test_nothing_is_taken_back_by_who_thinks_again(phone: OpenPhone, town: Town) -> None:
    _, placed = counted(town, "冯婶")
    mine = phone("冯婶", f"pages/refund/refund?id={placed['id']}")
    mine.tap("整单退款")
    mine.tap("再想想")
    mine.sees("退哪些")
    assert town.person("冯婶").see(placed)["state"] == "paid"


def test_an_order_moves_to_the_other_point(phone: OpenPhone, town: Town) -> None:
    person, placed = counted(town, "陈爷爷")
    mine = phone("陈爷爷", f"pages/order/order?id={placed['id']}")
    mine.tap("换自提点", exact=False)
    mine.tap("2号楼便利店", exact=False)
    mine.tap("改过去")
    mine.sees("已改到新的自提点")
    assert person.see(placed)["point_name"] == "2号楼便利店"


def test_the_count_moves_while_one_looks(phone: OpenPhone, town: Town) -> None:
    mine = open_campaign(phone, town, "褚姐")
    _, placed = counted(town, "卫哥")
    mine.sees("卫**")
    assert town.person("卫哥").see(placed)["roster_number"]


def test_a_neighbour_pays_seeing_the_sum_and_a_masked_name_only(phone: OpenPhone, town: Town) -> None:
    mine = order(phone, town, "蒋姐", BERRY)
    mine.tap("取消")
    mine.sees("还没有付款")
    (placed,) = town.person("蒋姐").orders()
    neighbour(town, "沈叔")
    theirs = phone("沈叔", f"pages/payfor/payfor?id={placed['id']}")
    theirs.sees("帮 蒋** 付款")
    theirs.sees("¥29.90")
    theirs.sees_not("南门驿站")
    theirs.tap("帮忙付款")
    theirs.tap("付款")
    theirs.sees("付好了")
    mine.sees("接龙号")


def test_the_time_left_is_told_by_the_servers_clock(phone: OpenPhone, town: Town) -> None:
    mine = open_campaign(phone, town, "韩姨")
    mine.page.clock.install(time="2031-01-01T00:00:00Z")
    mine.open(f"pages/campaign/campaign?id={town.campaign_id}")
    expect(mine.page.get_by_text(A_DAY).filter(visible=True).first).to_be_visible()


def _finished(town: Town, refund_id: str) -> bool:
    """Whether the gateway ended the refund; it cannot before it was asked for it."""
    try:
        town.sandbox.post(f"/control/refunds/{refund_id}/finish", {"from": "PROCESSING", "to": "SUCCESS"})
    except Unexpected:
        return False
    return True
