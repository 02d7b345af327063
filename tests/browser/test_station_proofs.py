"""By what a desk goes: the tail of a number that was bound in the phone, and the one offline list of its point."""

from __future__ import annotations

import pytest

from tests.browser import counter_scene
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter
from tests.browser.phones import Phone
from tests.browser.resident_scene import CRAB, neighbour
from tests.browser.town import Town

DESK = "station/pages/desk/desk"
FIELD = "取货码、接龙号或手机尾号"
BUYER, CLERKS = "傅叔", ("小穆", "小萧")


@pytest.fixture(scope="session")
def counter(town: Town) -> Counter:
    """A point at which something waits for somebody whose number nobody knows yet."""
    scene = counter_scene.set_up(town, "西街驿站")
    for clerk in CLERKS:
        scene.staff(clerk)
    scene.people[BUYER] = neighbour(town, BUYER)
    counter_scene.sell(scene, {BUYER: {CRAB: 2}})
    counter_scene.arrive(scene, scene.desks[CLERKS[0]])
    return scene


def at_work(phone: OpenPhone, counter: Counter, clerk: str) -> Phone:
    """The phone of somebody who works here, at the desk."""
    mine = phone(clerk, "station/pages/join/join")
    mine.tap(counter.name)
    mine.at(DESK)
    return mine


def test_who_bound_the_phone_is_found_by_its_tail(phone: OpenPhone, counter: Counter) -> None:
    tail = counter.people[BUYER].phone_tail
    desk = at_work(phone, counter, CLERKS[0])
    desk.fill(FIELD, tail)
    desk.tap("查找")
    desk.settle().sees_not("全部交付")

    his = phone(BUYER, "pages/me/me")
    his.sees("绑定后可报尾号提货")
    his.tap("绑定手机号")
    his.tap("允许")
    his.sees(tail)
    his.sees_not("绑定后可报尾号提货")

    desk.fill(FIELD, tail)
    desk.tap("查找")
    desk.sees("傅**")
    desk.sees("全部交付 2 件")


def test_an_offline_list_is_taken_over_and_who_held_it_is_told(phone: OpenPhone, counter: Counter) -> None:
    first, second = (at_work(phone, counter, clerk) for clerk in CLERKS)
    first.tap("离线名单")
    first.tap("取离线名单")
    first.sees("断网也能交货")
    second.tap("离线名单")
    second.tap("取离线名单")
    second.sees("名单在别的手机上")
    second.sees(CLERKS[0])
    second.tap("接管")
    second.sees("断网也能交货")

    first.tap("刷新名单")
    first.sees("名单在别的手机上")
    first.sees(CLERKS[1])
    first.tap("不接管")
    first.tap("知道了")
    first.sees("还没有离线名单")
