"""The chat room page: what it loads, what it is told, and that nonsense at its addresses is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import people
from sandbox.miniprogram import groups
from tests.sandbox.chat_stage import Stage, open_stage
from tests.sandbox.merchant import Merchant


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "box") as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/neighbours"])
def test_a_page_loads_only_what_the_sandbox_serves(stage: Stage, path: str) -> None:
    page = stage.client.get(path)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assets = re.findall(r'(?:src|href)="(/room/static/[^"]+)"', page.text)
    assert len(assets) == 2
    scripts = ("api", "card", "chat", "dom", "panels", "paying", "phones", "stage")
    for asset in [*assets, *(f"/room/static/{name}.js" for name in scripts)]:
        with stage.client.get(asset) as answer:
            assert answer.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_scripts_never_build_markup_from_text() -> None:
    folder = Path(__file__).parents[2] / "sandbox" / "room" / "static"
    scripts = "".join(file.read_text() for file in folder.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts)


def test_a_view_shows_groups_and_only_ones_own_single_chat(stage: Stage) -> None:
    room = stage.room("李姐", "张阿姨")
    stage.post("/control/dm", {"person": "张阿姨", "text": "帮助"})
    stage.say(room, "张阿姨", "在吗", mention=False)
    view = stage.get(f"/room/view?as=李姐&room={room}")
    assert [(one["kind"], one["name"]) for one in view["rooms"]] == [("wecom", "3号楼团购群"), ("single", "李姐")]
    assert [line["text"] for line in view["lines"]] == ["在吗"]
    assert stage.get(f"/room/view?as=李姐&room={room}&after={view['lines'][-1]['seq']}")["lines"] == []


def test_the_two_pages_lead_to_each_other(stage: Stage) -> None:
    assert 'href="/neighbours"' in stage.client.get("/").text
    assert 'href="/"' in stage.client.get("/neighbours").text


def test_a_group_is_shown_as_its_viewer_sees_it(stage: Stage) -> None:
    group = groups.ensure(stage.box, "7号楼邻居群")
    for name in ("李姐", "张阿姨"):
        groups.member(stage.box, group, people.ensure(stage.box, name))
    groups.say(stage.box, group["id"], "李姐发布的大闸蟹已结束")
    aunt = people.ensure(stage.box, "张阿姨").openid
    groups.say(stage.box, group["id"], "你关注的「大闸蟹」已到齐", only_for=aunt)
    views = [stage.get(f"/neighbours/view?as={name}&group=7号楼邻居群") for name in ("李姐", "张阿姨")]
    assert [len(view["lines"]) for view in views] == [1, 2]
    assert [view["groups"][0]["last"][:2] for view in views] == ["李姐", "你关"]
    assert views[0]["groups"][0]["members"] == ["李姐", "张阿姨"]


def test_a_group_that_nobody_made_is_empty_and_is_not_made_by_a_look(stage: Stage) -> None:
    view = stage.get("/neighbours/view?as=路人&group=没有的群")
    assert (view["groups"], view["lines"], view["people"]) == ([], [], [])


def test_unpaid_orders_wait_for_their_payer(merchant: Merchant) -> None:
    merchant.order("pay_000001", total=1280)
    merchant.order("pay_000002", total=999)
    orders = merchant.control("pending-orders")["orders"]
    assert [(order["out_trade_no"], order["total_fen"]) for order in orders] == [
        ("pay_000001", 1280),
        ("pay_000002", 999),
    ]
    merchant.pay(orders[0]["prepay_id"])
    left = merchant.control(f"pending-orders?name={orders[0]['person']}")["orders"]
    assert [order["out_trade_no"] for order in left] == ["pay_000002"]


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"person": 1}', '{"text": " "}', '{"message_id": {}}', '{"members": 1}']
)
@pytest.mark.parametrize(
    "path", ["rooms", "rooms/1/say", "rooms/1/click", "rooms/1/members", "dm", "customer/李姐/say"]
)
def test_nonsense_is_refused_by_name(stage: Stage, path: str, body: str) -> None:
    stage.room("李姐")
    answer = stage.client.post(f"/control/{path}", data=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_a_room_that_is_not_there_is_not_found(stage: Stage) -> None:
    assert stage.client.get("/control/rooms/9/messages").status_code == 404
    assert stage.client.get("/control/dm/路人").status_code == 404
