"""My point, my inbox and my account, in the phone."""

from __future__ import annotations

import pytest

from demo.clock import until
from demo.http import Unexpected
from tests.browser.conftest import OpenPhone
from tests.browser.resident_scene import counted, neighbour
from tests.browser.town import Town


def test_the_point_one_chooses_fills_the_first_page(phone: OpenPhone, town: Town) -> None:
    neighbour(town, "孔叔")
    mine = phone("孔叔")
    mine.tap("选我的自提点")
    mine.tap("南门驿站", exact=False)
    mine.sees("周五大闸蟹 + 红颜草莓")
    mine.sees("我的自提点")


def test_a_leader_is_followed_with_one_tap_and_left_with_another(phone: OpenPhone, town: Town) -> None:
    neighbour(town, "曹姐")
    mine = phone("曹姐", f"pages/campaign/campaign?id={town.campaign_id}")
    mine.tap("关注")
    mine.sees("已关注", exact=True)
    mine.tap("已关注")
    mine.sees("关注", exact=True)


def test_a_name_is_changed_and_hidden(phone: OpenPhone, town: Town) -> None:
    person = neighbour(town, "华姐")
    mine = phone("华姐", "pages/me/me")
    mine.tap("昵称 华姐，点开修改")
    mine.fill("邻居怎么称呼您", "华华")
    mine.tap("保存")
    mine.sees("华华")
    mine.page.get_by_label("匿名参团").filter(visible=True).first.tap()
    mine.settle()
    assert person.app.get("/api/resident/me")["anonymous"]
    until("the new name to pass", lambda: person.app.get("/api/resident/me")["nickname"] == "华华")


def test_the_account_is_kept_while_an_order_runs(phone: OpenPhone, town: Town) -> None:
    person, placed = counted(town, "金哥")
    mine = phone("金哥", "pages/privacy/privacy")
    mine.tap("删除我的账号")
    mine.fill("删除我的账号", "删除我的账号")
    mine.tap("确认删除")
    mine.sees("办完后再注销")
    assert person.see(placed)["state"] == "paid"


def test_who_has_nothing_running_takes_their_data_along_and_leaves(phone: OpenPhone, town: Town) -> None:
    person = neighbour(town, "魏姐")
    mine = phone("魏姐", "pages/privacy/privacy")
    mine.tap("取一份我的数据")
    mine.sees("昵称：魏姐")
    mine.tap("把文件发到微信聊天")
    mine.sees("我的邻团数据.txt")
    mine.tap("发送")
    mine.tap("删除我的账号")
    mine.fill("删除我的账号", "删除我的账号")
    mine.tap("确认删除")
    mine.sees("您的个人信息已删除")
    mine.tap("知道了")
    mine.at("pages/home/home")
    with pytest.raises(Unexpected, match="401"):
        person.app.get("/api/resident/me")
