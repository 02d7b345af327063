"""Who works at a desk prints from the computer beside it, by a link that opens once; on the phone it is a workbook."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import counter_scene
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter
from tests.browser.phones import PATIENCE_MS
from tests.browser.town import Town

DESK, JOIN = "station/pages/desk/desk", "station/pages/join/join"
CLERK = "小沈"


@pytest.fixture(scope="session")
def counter(town: Town) -> Counter:
    """A point to which somebody's goods are on their way."""
    scene = counter_scene.set_up(town, "北门驿站")
    counter_scene.sell(scene, {"冯阿姨": {"大闸蟹": 2}})
    scene.staff(CLERK)
    return scene


def test_a_desk_copies_a_link_that_prints_once(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERK)
    mine.go(JOIN)
    mine.tap(counter.name)
    mine.at(DESK)
    mine.tap("打印单据")
    mine.tap("袋标", exact=False)
    mine.tap("复制链接，到电脑上打印")
    mine.sees("只能打开一次")
    link = str(mine.page.evaluate("navigator.clipboard.readText()"))
    mine.tap("知道了")
    printer = mine.page.context.new_page()
    printer.goto(link)
    printer.get_by_role("button", name="打开并打印").click()
    expect(printer.get_by_text(f"{counter.number('冯阿姨')}号 冯**")).to_be_visible(timeout=PATIENCE_MS)
    printer.goto(link)
    printer.get_by_role("button", name="打开并打印").click()
    expect(printer.get_by_text("已经打开过或过期了")).to_be_visible(timeout=PATIENCE_MS)
    mine.tap("接龙名单", exact=False)
    mine.tap("在手机上打开表格")
    mine.sees("打开 roster.xlsx")
