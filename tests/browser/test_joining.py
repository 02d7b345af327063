"""A neighbour opens the campaign from the room's card, orders and pays in the phone, and the room's count moves."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phones import PATIENCE_MS, Watched
from tests.browser.resident_scene import neighbour
from tests.browser.town import Town


def test_from_the_rooms_card_to_a_paid_order_and_a_count_that_moves_by_itself(
    room: Callable[..., Watched], town: Town
) -> None:
    neighbour(town, "老陈")
    seen = room("老陈", town.live_room).page
    card = seen.locator(".card").last
    before = people(card)
    pay_from(seen, card)
    expect(count(card)).to_have_text(f"{before + 1}/5 人", timeout=PATIENCE_MS)


def test_a_wecom_card_shows_the_new_count_to_who_presses_it(room: Callable[..., Watched], town: Town) -> None:
    neighbour(town, "赵奶奶")
    seen = room("赵奶奶").page
    card = seen.locator(".card").last
    before = people(card)
    pay_from(seen, card)
    card.get_by_role("button", name="进度").click()  # WeCom lets a robot change a card only as the answer to a press
    expect(count(card)).not_to_have_text(f"{before}/5 人", timeout=PATIENCE_MS)


def pay_from(seen: Page, card: Locator) -> None:
    """Open the campaign from the card and pay for a box of strawberries in the phone of who speaks."""
    card.get_by_role("heading").click()
    phone = seen.frame_locator("iframe.mine")
    phone.get_by_label("红颜草莓加一").click()
    phone.get_by_text("去结算").click()
    phone.get_by_text("提交并支付").click()
    phone.get_by_role("dialog", name="微信支付").get_by_role("button", name="付款").click()
    phone.get_by_role("button", name="允许").click()
    expect(phone.get_by_text("已付款").filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)


def count(card: Locator) -> Locator:
    """Where the card says how many take part: n/5 人."""
    return card.locator(".emphasis strong")


def people(card: Locator) -> int:
    """The n of it, as it stands."""
    return int(count(card).inner_text().partition("/")[0])


def test_a_neighbours_phone_shows_the_new_count_by_itself(phone: OpenPhone, town: Town) -> None:
    watching = phone("赵奶奶", f"pages/campaign/campaign?id={town.campaign_id}")
    before = int(watching.page.get_by_text("人参团").first.inner_text().partition("人")[0])
    neighbour = town.person("张阿姨")
    neighbour.pay(
        neighbour.order(
            neighbour.app.get(f"/api/resident/campaigns/{town.campaign_id}"), town.points["南门驿站"], {"大闸蟹": 1}
        )
    )
    watching.sees(f"{before + 1} 人参团")


def test_on_a_narrow_screen_the_phone_lies_under_its_tab(room: Callable[..., Watched]) -> None:
    seen = room("赵奶奶", width=390, height=844).page
    expect(seen.locator("#phones")).to_be_hidden()
    seen.locator(".card").last.get_by_role("heading").click()
    expect(seen.frame_locator("#phones iframe").get_by_text("去结算")).to_be_visible(timeout=PATIENCE_MS)
    expect(seen.locator("#phones iframe")).to_have_count(1)
