"""How a neighbour comes to lead, and to have help: applied, approved, opened; invited, at the desk, removed, out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from demo.clock import until
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import set_up
from tests.browser.leader_scene import LEADER
from tests.browser.phones import Watched
from tests.browser.resident_scene import neighbour
from tests.browser.town import Town

DESK = "station/pages/desk/desk"
FIELD = "取货码、接龙号或手机尾号"


def test_a_neighbour_applies_is_approved_and_finds_a_dashboard(
    phone: OpenPhone, console_page: Watched, town: Town
) -> None:
    neighbour(town, "常姐")
    mine = phone("常姐", "pages/me/me")
    mine.tap("我要当团长")
    mine.fill("大家怎么称呼您", "5 栋常姐")
    mine.fill("介绍一下自己", "住了六年，想团菜")
    mine.tap("提交申请")
    mine.sees("平台一般在一个工作日内审核")
    until("her words to pass", lambda: not _being_checked(town))

    console = console_page.page
    console.goto(town.stack.console_link())
    console.get_by_role("button", name="进入").click()
    console.get_by_role("link", name="团长申请").click()
    console.get_by_role("link", name="5 栋常姐").click()
    console.get_by_role("button", name="通过").click()
    expect(console.locator("h1 .tag")).to_have_text("已通过")

    mine.open("leader/pages/apply/apply")
    mine.sees("您已经是团长了")
    mine.tap("进入工作台")
    mine.at("leader/pages/dashboard/dashboard")
    mine.settle().sees("现在没有进行中的团。")


def test_who_was_invited_works_at_the_desk_until_removed(phone: OpenPhone, town: Town) -> None:
    scene = set_up(town, "侧门驿站")
    neighbour(town, "小葛")
    hers = phone(LEADER, "leader/pages/staff/staff")
    hers.tap("邀请店员到侧门驿站")
    hers.sees("只能用一次")
    found = re.search(r"输入 (\w+)", hers.screen.inner_text())
    assert found is not None
    hers.tap("知道了")

    his = phone("小葛", "pages/me/me")
    his.tap("用邀请码加入自提点")
    his.fill("邀请码", found[1])
    his.fill("你的名字", "小葛")
    his.tap("开始上岗")
    his.at(DESK)
    his.sees("侧门驿站")

    staff = f"/api/leader/points/{scene.point['id']}/staff"
    until("his name to pass", lambda: scene.leader.get(staff)["items"][0]["display_name"] == "小葛")
    hers.open("leader/pages/staff/staff")
    hers.tap("移除小葛")
    hers.sees("马上不能再核销")
    hers.tap("移除", nth=-1)
    hers.settle().sees_not("移除小葛")
    assert town.person("小葛").app.get("/api/resident/me")["stations"] == []

    his.fill(FIELD, "1")
    his.tap("查找")
    his.sees("您已经不在这个自提点了")


def _being_checked(town: Town) -> list[str]:
    """Applications whose words the platform has not answered about."""
    checks = town.operator.get("/api/admin/content-checks")["items"]
    return [check["id"] for check in checks if check["subject"] == "leader" and check["state"] in ("waiting", "asked")]
