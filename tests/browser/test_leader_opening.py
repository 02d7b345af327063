"""A leader opens campaigns in the phone: a new one within a minute, last week's in three taps."""

from __future__ import annotations

from datetime import timedelta

from demo.clock import until
from demo.transcript import instant
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import LEADER, clock, closed, joined, leader, opened, types
from tests.browser.town import Town

DASHBOARD = "leader/pages/dashboard/dashboard"
MOST_SECONDS, MOST_TAPS = 60, 3
KEYSTROKE_SECONDS, TAP_SECONDS = 0.22, 2.0
"""How fast a person types on a phone and finds where to press next; what the machine adds is measured by the bench."""


def test_a_campaign_from_nothing_is_open_within_a_minute_of_human_typing(phone: OpenPhone, town: Town) -> None:
    mine = phone(LEADER, DASHBOARD)
    mine.sees("等我处理")
    before = mine.taps
    mine.tap("开新团")
    mine.sees("商品 1")
    keys = sum(
        types(mine, label, words)
        for label, words in (("商品名", "洞庭碧螺春"), ("团购价（元）", "39.9"), ("团名", "明前碧螺春周末团"))
    )
    mine.tap("预览，下一步开团")
    mine.sees("邻居会看到")
    mine.tap("现在开团")
    mine.sees("开团成功")

    assert keys * KEYSTROKE_SECONDS + (mine.taps - before) * TAP_SECONDS <= MOST_SECONDS
    campaign = _newest(town, "明前碧螺春周末团")
    assert campaign["state"] == "open"
    (offer,) = leader(town).get(f"/api/leader/campaigns/{campaign['id']}")["campaign"]["offers"]
    assert (offer["name"], offer["price_fen"], offer["unit"]) == ("洞庭碧螺春", 3990, "份")


def test_last_weeks_campaign_is_open_again_in_three_taps(phone: OpenPhone, town: Town) -> None:
    earlier = opened(town, "上周的螃蟹团")
    joined(town, earlier, "老陈", {"大闸蟹": 1})
    closed(town, earlier)
    before = leader(town).get(f"/api/leader/campaigns/{earlier}")["campaign"]

    mine = phone(LEADER, DASHBOARD)
    mine.tap("再开上周的团")
    mine.sees("时间已按上周顺延")
    mine.tap("开团")
    mine.sees("开团成功")

    assert mine.taps <= MOST_TAPS
    again = _newest(town, "上周的螃蟹团")
    assert again["state"] == "open"
    assert again["id"] != earlier
    assert instant(again["closes_at"]) - instant(before["closes_at"]) == timedelta(days=7)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_opened(phone: OpenPhone, town: Town) -> None:
    mine = phone(LEADER, "leader/pages/edit/edit")
    mine.tap("预览，下一步开团")
    mine.sees("写上商品名")
    mine.sees("写价格，比如 12.8")
    mine.fill("商品名", "一样写错的东西")
    mine.sees_not("写上商品名")
    mine.fill("团购价（元）", "20")
    mine.tap("限量、限购、阶梯价、佣金")
    mine.tap("加一档")
    mine.fill("满几份", "10")
    mine.fill("每份（元）", "25")
    mine.tap("预览，下一步开团")
    mine.sees("每一档要比上一档便宜")
    assert _titled(town, "一样写错的东西") == []


def test_the_dashboard_counts_an_order_while_one_looks(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "看着涨的团")
    mine = phone(LEADER, f"leader/pages/campaign/campaign?id={campaign_id}")
    mine.sees("¥0.00")
    joined(town, campaign_id, "王先生", {"红颜草莓": 2})
    mine.sees("¥59.80")


def test_giving_up_is_asked_once_with_its_consequence_and_a_reason(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "要取消的团", closes_at=clock(town).now() + timedelta(hours=9))
    mine = phone(LEADER, f"leader/pages/campaign/campaign?id={campaign_id}")
    mine.tap("取消这个团")
    mine.sees("所有没提走的商品全额退款")
    mine.tap("取消这个团", nth=-1)
    mine.sees("请写明原因")
    mine.fill("原因", "供货商临时没货")
    mine.tap("取消这个团", nth=-1)
    mine.sees("取消原因：供货商临时没货")
    until("the campaign to be given up", lambda: _newest(town, "要取消的团")["state"] == "cancelled")


def _titled(town: Town, title: str) -> list[dict[str, str]]:
    return [row for row in leader(town).pages("/api/leader/campaigns") if row["title"] == title]


def _newest(town: Town, title: str) -> dict[str, str]:
    return _titled(town, title)[0]
