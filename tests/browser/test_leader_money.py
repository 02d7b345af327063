"""By day, in a town of its own whose clock may move: who has not paid is reminded, commission is explained and paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.clock import until
from demo.http import Client
from demo.transcript import SHANGHAI
from tests.browser.browser import executable
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import LEADER, clock, closed, handed_over, joined, leader, opened
from tests.browser.town import Town, founded


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """It is ten in the morning, when people may be reminded."""
    executable()
    with founded(tmp_path_factory.mktemp("day") / "run") as opened_town:
        now = clock(opened_town).now()
        here = now.astimezone(SHANGHAI)
        ten = here.replace(hour=10, minute=0, second=0, microsecond=0)
        clock(opened_town).go_to(ten if ten > here else ten + timedelta(days=1))
        yield opened_town


def test_who_has_not_paid_is_reminded_in_private_once_a_day(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "要催款的团")
    joined(town, campaign_id, "张阿姨", {"大闸蟹": 1})
    joined(town, campaign_id, "赵奶奶", {"红颜草莓": 1}, pays=False)
    mine = phone(LEADER, f"leader/pages/roster/roster?id={campaign_id}")
    mine.tap("私下提醒 1 单没付款的")
    mine.sees("群里不会点名")
    mine.tap("提醒")
    mine.sees("已私下提醒 1 人")
    mine.tap("私下提醒 1 单没付款的")
    mine.tap("提醒")
    mine.sees("已私下提醒 0 人")

    mine.tap("张阿姨")
    mine.tap("备注和标签")
    mine.fill("备注", "送上楼")
    mine.fill("新标签", "老客")
    mine.tap("保存")
    mine.sees("我记：送上楼")
    mine.fill("找人：名字、接龙号、手机尾号、房号", "送上楼")
    mine.sees_not("赵奶奶")
    mine.sees("张阿姨")


def test_commission_is_explained_line_by_line_and_withdrawn(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "有佣金的团")
    joined(town, campaign_id, "老陈", {"大闸蟹": 2})
    closed(town, campaign_id)
    handed_over(town, campaign_id)
    mine = phone(LEADER, f"leader/pages/earnings/earnings?id={campaign_id}")
    mine.sees("成交 ¥116.00 × 8%")
    mine.sees("¥9.28")

    statement_id = _approved(town)
    mine.go("leader/pages/earnings/earnings")
    mine.tap("可以提现")
    mine.at("leader/pages/statement/statement")
    mine.tap("提现到微信")
    mine.tap("提现", nth=-1)
    mine.sees("微信在等您确认收款")
    number = leader(town).get(f"/api/leader/statements/{statement_id}")["payout"]["number"]
    town.sandbox.post(f"/control/transfers/{number}/confirm", {"person": LEADER})
    until("the payout", lambda: leader(town).get(f"/api/leader/statements/{statement_id}")["state"] == "paid")


def _approved(town: Town) -> str:
    """The after-sales time passes; one operator drafts the leader's statement, another approves it."""
    clock(town).advance(timedelta(hours=25))
    until("the commission to be payable", lambda: leader(town).get("/api/leader/earnings")["payable_fen"] > 0)
    town.sandbox.post("/control/funds/top-up", {"fen": 100_000})
    drafted = town.operator.post("/api/admin/statements/draft", {})["statements"]
    (mine,) = (row for row in drafted if row["payee"] == LEADER)
    login = {"name": town.stack.colleague, "password": town.stack.operator_password}
    colleague = Client(town.product_url, str(Client(town.product_url).post("/api/admin/login", login)["token"]))
    colleague.post(f"/api/admin/statements/{mine['id']}/approve")
    return str(mine["id"])
