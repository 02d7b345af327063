"""A day at a pickup point: come to work, count in, take cash, refuse what is broken, and be slowed when guessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from demo.http import Json
from tests.browser import counter_scene
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter
from tests.browser.phones import Phone
from tests.browser.town import Town

DESK, JOIN = "station/pages/desk/desk", "station/pages/join/join"
FIELD = "取货码、接龙号或手机尾号"
CLERK = "小朱"
WANTED = {"秦先生": {"大闸蟹": 2}, "许阿姨": {"红颜草莓": 2}, "何大爷": {"大闸蟹": 1}}


def shipped(town: Town, name: str) -> tuple[Counter, Json]:
    """A point to which goods are on their way that are paid for at their hand-over; and their delivery."""
    scene = counter_scene.set_up(town, name)
    counter_scene.sell(scene, WANTED, payment_policy="on_pickup")
    delivery = counter_scene.ship(scene)
    scene.staff(CLERK)
    return scene, delivery


@pytest.fixture(scope="session")
def counter(town: Town) -> Counter:
    """A point where such goods stand."""
    scene, delivery = shipped(town, "西门驿站")
    counter_scene.count_in(scene.desks[CLERK], delivery)
    return scene


def at_work(mine: Phone, scene: Counter) -> None:
    """A phone that does not know the desk yet: one tap on the point where its holder works."""
    mine.go(JOIN)
    mine.tap(scene.name)
    mine.at(DESK)


def look_up(mine: Phone, typed: str) -> None:
    """Type into the one field and press the keyboard's own key."""
    mine.fill(FIELD, typed)
    mine.page.get_by_label(FIELD).and_(mine.page.locator("input")).press("Enter")


def test_what_came_is_counted_in_line_by_line(phone: OpenPhone, town: Town) -> None:
    counter, _ = shipped(town, "河边驿站")
    mine = phone(CLERK)
    at_work(mine, counter)
    mine.tap("到货点数")
    mine.tap("货到了，开始点数")
    mine.tap("完成点数")
    mine.sees("大闸蟹 公 4 两还没点数")
    mine.tap("大闸蟹 公 4 两照计划 3")
    mine.tap("红颜草莓 500 克照计划 2")
    mine.tap("完成点数")
    mine.sees("每样都和计划一样。")
    mine.page.locator(".question .yes").tap()
    mine.sees("已点数")
    assert counter.state("秦先生") == "ready"


def test_cash_is_taken_in_an_open_drawer_that_is_counted_afterwards(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERK)
    at_work(mine, counter)
    look_up(mine, counter.number("秦先生"))
    mine.tap("收现金")
    mine.sees("应付 ¥116.00")
    mine.tap("已收到")
    mine.tap("开班收款")
    mine.sees("已交付 秦**（现金 ¥116.00）")
    assert counter.state("秦先生") == "collected"
    mine.tap("今日与待取")
    mine.tap("收银")
    mine.tap("点钱交班")
    mine.fill("数出来（元）", "110")
    mine.sees("比记的少 ¥6.00，请写原因。")
    mine.fill("原因", "找错零")
    mine.tap("交班")
    mine.page.locator(".question .yes").tap()
    mine.sees("少 ¥6.00：找错零")


def test_a_queue_of_neighbours_is_served_between_the_desk_and_the_list(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERK)
    at_work(mine, counter)
    for _ in range(12):
        mine.tap("今日与待取")
        mine.tap("待取")
        mine.tap("何**", exact=False)
        mine.at(DESK)
        mine.sees("收货付款 ¥58.00")
        mine.tap("关闭")
    desks = mine.page.locator(f".frame > .wx-page[data-page='{DESK}']")
    assert desks.count() == 1


def test_a_broken_unit_is_refused_with_a_picture(phone: OpenPhone, counter: Counter, tmp_path: Path) -> None:
    picture = tmp_path / "broken.jpg"
    Image.new("RGB", (900, 700), "#cc4433").save(picture)
    mine = phone(CLERK)
    at_work(mine, counter)
    look_up(mine, counter.number("许阿姨"))
    mine.tap("坏果")
    mine.tap("退 1 盒，马上退款")
    mine.sees("先拍一张坏果的照片。")
    mine.tap("拍照")
    with mine.page.expect_file_chooser() as chooser:
        mine.tap("从手机相册选择")
    chooser.value.set_files(picture)
    mine.sees("第 1 张照片")
    mine.tap("退 1 盒，马上退款")
    mine.sees("已退坏果 许**")
    mine.sees("收货付款 ¥29.90")


def test_who_guesses_is_slowed_and_sees_for_how_long(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERK)
    at_work(mine, counter)
    field, slowed = mine.page.get_by_label(FIELD).and_(mine.page.locator("input")), False
    for guess in range(901, 960):
        with mine.page.expect_response("**/api/station/search*") as answered:
            look_up(mine, str(guess))
        mine.settle()
        told = mine.find("秒再试。", exact=False)
        slowed = answered.value.status == 429 and field.is_disabled() and told.count() > 0
        if slowed:  # who looks too late finds the field open again, and guesses once more
            break
    assert slowed
    mine.sees_not("输错太多次了")
    look_up(mine, counter.number("何大爷"))
    mine.sees("收货付款 ¥58.00")
