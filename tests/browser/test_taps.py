"""Taps are counted by the browser, and from the room's card to a paid order there are few.

The other counts stand where their stories are: a scan in test_station_counter, last week's campaign in
test_leader_opening.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.lone_scene import lone, told_in_a_room
from tests.browser.phones import PATIENCE_MS, Watched
from tests.browser.resident_scene import BERRY, neighbour
from tests.browser.town import Town

MOST_TAPS = 4
BUYER = "小何"


def test_after_the_rooms_card_an_order_is_paid_in_four_taps(room: Callable[..., Watched], town: Town) -> None:
    neighbour(town, BUYER)
    watched = room(BUYER)
    watched.page.locator(".card").last.get_by_role("heading").click()
    phone = watched.page.frame_locator("iframe.mine")
    expect(phone.get_by_label(f"{BERRY}加一")).to_be_visible(timeout=PATIENCE_MS)
    assert watched.taps == 1  # the card itself

    phone.get_by_label(f"{BERRY}加一").click()
    phone.get_by_text("去结算").click()
    phone.get_by_text("提交并支付").click()
    phone.get_by_role("dialog", name="微信支付").get_by_role("button", name="付款").click()
    expect(phone.get_by_role("button", name="允许")).to_be_visible(timeout=PATIENCE_MS)
    assert watched.taps - 1 == MOST_TAPS
    phone.get_by_role("button", name="允许").click()
    expect(phone.get_by_text("已付款").filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)


def test_where_one_thing_is_on_sale_the_rooms_card_and_three_taps_more_pay_for_it(
    room: Callable[..., Watched], town: Town
) -> None:
    neighbour(town, BUYER)
    watched = room(BUYER, told_in_a_room(town, lone(town, "只有草莓的团"), BUYER))
    watched.page.locator(".card").last.get_by_role("heading").click()
    phone = watched.page.frame_locator("iframe.mine")
    phone.get_by_text("去结算").click()
    phone.get_by_text("提交并支付").click()
    phone.get_by_role("dialog", name="微信支付").get_by_role("button", name="付款").click()
    expect(phone.get_by_role("button", name="允许")).to_be_visible(timeout=PATIENCE_MS)
    assert watched.taps == MOST_TAPS
    phone.get_by_role("button", name="允许").click()
    expect(phone.get_by_text("¥29.90").filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)


def test_a_touch_counts_whoever_makes_it_and_keys_and_scripts_do_not(phone: OpenPhone, town: Town) -> None:
    neighbour(town, "张阿姨")
    mine = phone("张阿姨", f"pages/campaign/campaign?id={town.campaign_id}")
    mine.sees("正在接龙")
    assert mine.taps == 0
    plus = mine.page.get_by_label(f"{BERRY}加一")
    plus.tap()
    plus.tap(force=True)
    assert mine.taps == 2
    plus.evaluate("plus => plus.click()")
    mine.page.keyboard.press("Tab")
    assert mine.taps == 2
    mine.go("pages/points/points")
    mine.tap("回首页")
    mine.open()
    assert mine.taps == 3
