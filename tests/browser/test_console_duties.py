"""Who decides about money in the console: a claim is ruled by one, and who only looks has no buttons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.http import Json
from demo.pictures import picture
from stack.folder import environment
from stack.processes import run_once
from stack.stack import FLASK
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import closed, handed_over, joined, leader, opened
from tests.browser.phones import Watched
from tests.browser.resident_scene import BERRY, neighbour
from tests.browser.town import Town

LOOKER = "看看的小谢"


@pytest.fixture
def looking(browser: Browser, town: Town) -> Iterator[Page]:
    """The console of an operator who may only look; it must stay quiet."""
    machine = environment(town.stack.folder, town.product_url)
    run_once([*FLASK, "operators", "create", LOOKER, "--kind", "viewer"], machine)
    watched = Watched(browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page())
    yield entered(watched.page, run_once([*FLASK, "operators", "link", LOOKER], machine).split()[-1])
    said = [*watched.console]  # what leaving cuts off is no fault of the page
    watched.page.context.close()
    assert said == []


def entered(page: Page, link: str) -> Page:
    """The console, entered by a printed link."""
    page.goto(link)
    page.get_by_role("button", name="进入").click()
    page.wait_for_url("**/console")
    return page


def escalated(town: Town, name: str) -> Json:
    """A claim that its leader rejected and its buyer brought before the operators."""
    neighbour(town, name)
    campaign_id = opened(town, "说不拢的团")
    order = joined(town, campaign_id, name, {BERRY: 2})
    closed(town, campaign_id)
    handed_over(town, campaign_id)
    buyer = town.person(name).app
    shot = {"picture": ("a.png", picture((214, 40, 57)), "image/png")}
    proof = [buyer.upload("/api/resident/evidence", shot, {})["id"]]
    wrong = {"line": order["lines"][0]["id"], "reason": "bad", "units": 1, "words": "压坏了", "evidence": proof}
    claim = buyer.post(f"/api/resident/orders/{order['id']}/claims", wrong)
    leader(town).post(f"/api/leader/claims/{claim['id']}/reject", {"words": "送到时是好的"})
    return dict(buyer.post(f"/api/resident/claims/{claim['id']}/escalate"))


def test_a_claim_is_ruled_by_who_may_and_only_looked_at_by_who_may_not(
    phone: OpenPhone, console_page: Watched, looking: Page, town: Town
) -> None:
    claim = escalated(town, "谢姨")
    address = f"{town.product_url}/console/claims/{claim['id']}"
    ruling = entered(console_page.page, town.stack.console_link())
    for page in (ruling, looking):
        page.goto(address)
        expect(page.locator("h1 .tag")).to_have_text("待平台裁定")
    expect(looking.locator("main form")).to_have_count(0)
    ruling.on("dialog", lambda dialog: dialog.accept())
    ruling.get_by_role("button", name="全额赔付").click()
    expect(ruling.locator("h1 .tag")).to_have_text("已赔付")

    looking.goto(f"{town.product_url}/console/orders/{claim['order_id']}")
    expect(looking.get_by_role("heading", name="经过")).to_be_visible()
    expect(looking.locator("main form")).to_have_count(0)
    ruling.goto(f"{town.product_url}/console/orders/{claim['order_id']}")
    expect(ruling.get_by_role("button", name="全部退款")).to_be_visible()
    mine = phone("谢姨", f"pages/order/order?id={claim['order_id']}")
    mine.sees("¥29.90")
