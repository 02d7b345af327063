"""A campaign under its leader's thumb while it runs, and the roster as the leader reads it."""

from __future__ import annotations

from functools import partial

from playwright.sync_api import expect

from demo.clock import until
from demo.http import Json
from demo.people import Person
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import LEADER, leader, opened
from tests.browser.resident_scene import BERRY, neighbour
from tests.browser.town import Town


def brought_home(town: Town, campaign_id: str, name: str, building: str, room: str) -> None:
    """A neighbour's order that is to be brought to this door; it counts."""
    person = neighbour(town, name)
    campaign = person.app.get(f"/api/resident/campaigns/{campaign_id}")
    offers = {offer["name"]: offer["id"] for offer in campaign["offers"]}
    lines, point = [{"offer": offers[BERRY], "units": 1}], campaign["points"][0]["id"]
    body = {"campaign": campaign_id, "point": point, "lines": lines, "building": building, "room": room}
    order = person.app.post("/api/resident/orders", body)
    person.pay(order)
    until(f"{name}'s order to count", partial(_counted, person, order))


def test_a_campaign_is_paused_resumed_extended_and_closed_early(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "停停走走的团")
    neighbour(town, "文叔")
    before = leader(town).get(f"/api/resident/campaigns/{campaign_id}")["closes_at"]
    hers = phone(LEADER, f"leader/pages/campaign/campaign?id={campaign_id}")
    his = phone("文叔", f"pages/campaign/campaign?id={campaign_id}")
    his.sees("正在接龙")

    for move, tells, neighbours in (
        ("暂停接单", "随时可以恢复", "团长暂停了接单"),
        ("恢复接单", "恢复后居民可以继续下单", "正在接龙"),
    ):
        hers.tap(move)
        hers.sees(tells)
        hers.tap(move, nth=-1)
        hers.sees_not(tells)
        his.open(f"pages/campaign/campaign?id={campaign_id}").sees(neighbours)

    hers.tap("延长时间")
    hers.sees("只能延长一次")
    hers.tap("延长到", exact=False)
    hers.sees("延长过一次")
    hers.sees_not("延长时间")
    assert leader(town).get(f"/api/resident/campaigns/{campaign_id}")["closes_at"] > before

    hers.tap("提前截团")
    hers.sees("截团后不能再开")
    hers.tap("提前截团", nth=-1)
    hers.sees_not("暂停接单")
    assert leader(town).get(f"/api/resident/campaigns/{campaign_id}")["state"] not in ("open", "paused")
    his.open(f"pages/campaign/campaign?id={campaign_id}").settle().sees_not("去结算")


def test_a_roster_is_searched_noted_tagged_and_put_in_the_order_of_doors(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "按门牌送的团", delivery_method="door")
    for name, building, room in (("雷姨", "12栋", "301"), ("贺伯", "2栋", "1102"), ("倪姐", "2栋", "502")):
        brought_home(town, campaign_id, name, building, room)
    until("the doors to pass their check", lambda: all(row["place"] for row in _roster(town, campaign_id)))
    mine = phone(LEADER, f"leader/pages/roster/roster?id={campaign_id}")
    mine.sees("倪姐")
    rows = mine.screen.locator(".row .lt-strong")
    expect(rows).to_have_text(["雷姨", "贺伯", "倪姐"])
    mine.tap("按楼栋房号")
    expect(rows).to_have_text(["倪姐", "贺伯", "雷姨"])

    mine.tap("贺伯")
    mine.tap("备注和标签")
    mine.fill("备注", "耳朵不好，多敲几下")
    mine.fill("新标签", "送上楼")
    mine.tap("加上")
    mine.tap("保存")
    mine.sees("我记：耳朵不好，多敲几下")
    mine.tap("标签 送上楼")
    mine.sees_not("雷姨")
    expect(rows).to_have_text(["贺伯"])
    mine.tap("标签 送上楼")
    mine.sees("雷姨")
    mine.fill("找人：名字、接龙号、手机尾号、房号", "502")
    mine.sees_not("雷姨")
    mine.sees("倪姐")
    his = phone("贺伯", "pages/orders/orders")
    his.sees("按门牌送的团")
    his.settle().sees_not("耳朵不好")


def _roster(town: Town, campaign_id: str) -> list[Json]:
    return list(leader(town).pages(f"/api/leader/campaigns/{campaign_id}/roster"))


def _counted(person: Person, order: Json) -> bool:
    return bool(person.see(order)["roster_number"])
