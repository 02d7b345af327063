"""A card goes from a phone into the neighbours' group, is opened there, and counts where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phones import PATIENCE_MS, Watched
from tests.browser.resident_scene import counted, neighbour, open_campaign
from tests.browser.town import Town

GROUP = "5号楼邻居群"
SHARER, OPENER = "卢姐", "侯叔"


@pytest.fixture
def neighbours(browser: Browser, town: Town) -> Iterator[Callable[[str], Watched]]:
    """`neighbours("侯叔")`: the group of neighbours with that person's phone beside it."""
    opened: list[Watched] = []

    def open_group(person: str) -> Watched:
        context = browser.new_context(viewport={"width": 1600, "height": 960}, locale="zh-CN")
        opened.append(Watched(context.new_page()))
        opened[-1].page.goto(f"{town.sandbox_url}/neighbours?as={person}&group={GROUP}")
        return opened[-1]

    yield open_group
    said = [one.console for one in opened if one.console]
    for one in opened:
        one.page.context.close()
    assert said == []


def test_a_card_sent_from_a_phone_tells_its_group_and_counts_by_itself(
    phone: OpenPhone, neighbours: Callable[[str], Watched], town: Town
) -> None:
    town.sandbox.get(f"/control/wx-groups/{GROUP}")
    mine = open_campaign(phone, town, SHARER)
    mine.tap("分享到群")
    mine.sees("卡片上的人数会自己更新")
    mine.tap("发到微信群")
    mine.tap(GROUP)
    mine.sees("已发送")

    neighbour(town, OPENER)
    group = neighbours(OPENER).page
    card = group.locator(".card.shared")
    with group.expect_response("**/api/resident/shares/*/opened", timeout=PATIENCE_MS) as told:
        card.get_by_role("button", name="打开").click()
    assert told.value.status == 200
    expect(group.frame_locator("iframe.mine").get_by_text("正在接龙").first).to_be_visible(timeout=PATIENCE_MS)
    before = card.locator(".count").inner_text()
    assert before.startswith("成员正在加入，当前 ")
    counted(town, OPENER)
    expect(card.locator(".count")).not_to_have_text(before, timeout=PATIENCE_MS)


def test_a_campaign_opened_elsewhere_tells_of_no_group(phone: OpenPhone, town: Town) -> None:
    town.sandbox.get(f"/control/wx-groups/{GROUP}")
    person = neighbour(town, OPENER)
    ticket = person.app.post(f"/api/resident/campaigns/{town.campaign_id}/shares", {"mode": "updatable"})
    asked: list[str] = []
    mine = phone(OPENER)
    mine.page.on("request", lambda request: asked.append(request.url))
    mine.go(ticket["path"]).settle()
    mine.sees("正在接龙")
    assert [url for url in asked if "/opened" in url] == []
