"""Shared cards at the pretend platform: the two state machines, every refusal, and what the group sees."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.miniprogram.card_rules import FULL, LIFE_SECONDS, STARTS, TEMPLATES
from tests.sandbox.merchant import Merchant

WXOPEN = "/cgi-bin/message/wxopen"
TOOL = TEMPLATES["chat_tool"][1]
GROUP = "wx-groups/幸福里3号楼"


class Cards:
    """The product's server and the neighbours' phones."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.token = self.fresh_token()

    def fresh_token(self) -> str:
        """A living access token."""
        wish = {"grant_type": "client_credential", "appid": self.merchant.appid,
                "secret": self.merchant.env["LINTUAN_WXA_SECRET"]}  # fmt: skip
        return str(self.merchant.http.post("/cgi-bin/stable_token", json=wish).get_json()["access_token"])

    def create(self) -> str:
        """A new activity."""
        answer = self.merchant.http.get(f"{WXOPEN}/activityid/create?access_token={self.token}").get_json()
        return str(answer["activity_id"])

    def send(self, path: str, **body: Any) -> int:
        """One call; its errcode, or the HTTP status of an answer that got lost."""
        answer = self.merchant.http.post(f"{WXOPEN}/{path}?access_token={self.token}", json=body)
        return int(answer.get_json()["errcode"]) if answer.status_code == 200 else answer.status_code

    def update(self, activity: object, state: object, **values: Any) -> int:
        """An updatable card's change."""
        listed = [{"name": name, "value": value} for name, value in values.items()]
        return self.send("updatablemsg/send", activity_id=activity, target_state=state,
                         template_info={"parameter_list": listed})  # fmt: skip

    def count(self, activity: object, members: object = "7", room: object = "10") -> int:
        """n/m."""
        return self.update(activity, 0, member_count=members, room_limit=room)

    def full(self, activity: str, version: str = "release") -> int:
        """All have come."""
        return self.update(activity, 1, path="pages/campaign/campaign?id=1", version_type=version)

    def tool(self, activity: object, state: object, names: object = None, **more: Any) -> int:
        """A chat-tool card's change."""
        body: dict[str, Any] = {"activity_id": activity, "target_state": state, "template_id": TOOL, "version_type": 0}
        return self.send("chattoolmsg/send", **body, **more, **(
            {} if names is None else {"participator_info_list": [{"group_openid": one, "state": 1} for one in names]}  # type: ignore[attr-defined]  # tests give lists
        ))  # fmt: skip

    def ticket(self, activity: str, mode: str = "updatable", **other: Any) -> dict[str, Any]:
        """What the client hands to `wx.updateShareMenu`."""
        first = [{"name": "member_count", "value": "1"}, {"name": "room_limit", "value": "10"}]
        return {"mode": mode, "activity_id": activity, "template_id": FULL if mode == "updatable" else TOOL,
                "parameter_list": first, "title": "大闸蟹", "path": "pages/campaign/campaign?id=1&share=s",
                **other}  # fmt: skip

    def post(self, person: str, ticket: dict[str, Any], group: str = GROUP) -> dict[str, Any]:
        """Somebody posts the card; how it looks."""
        shown: dict[str, Any] = self.merchant.control(f"{group}/share", {"person": person, "ticket": ticket})
        return shown

    def refused(self, group: str = GROUP, **body: Any) -> int:
        """The status of a posting that the client would not make."""
        return self.merchant.http.post(f"/control/{group}/share", json={"person": "李姐", **body}).status_code

    def lines(self, viewer: str = "") -> list[str]:
        """The group as text."""
        view = self.merchant.control(f"{GROUP}?as={viewer}")
        return [line["text"] if line["kind"] == "grey" else line["card"]["words"] for line in view["lines"]]

    def open(self, person: str, card: int) -> dict[str, Any]:
        """The phone opens a card; what the platform sealed for it, opened."""
        sealed = self.merchant.control(f"{GROUP}/open", {"person": person, "card": card})
        login = self.merchant.http.get("/sns/jscode2session", query_string={
            "appid": self.merchant.appid, "secret": self.merchant.env["LINTUAN_WXA_SECRET"],
            "js_code": sealed["js_code"], "grant_type": "authorization_code",
        }).get_json()  # fmt: skip
        key, iv = base64.b64decode(login["session_key"]), base64.b64decode(sealed["iv"])
        decryptor = Cipher(algorithms.AES128(key), modes.CBC(iv)).decryptor()
        plain = decryptor.update(base64.b64decode(sealed["encrypted_data"])) + decryptor.finalize()
        data: dict[str, Any] = json.loads(plain[: -plain[-1]])
        return data


@pytest.fixture
def cards(merchant: Merchant) -> Cards:
    return Cards(merchant)


def test_the_posted_card_follows_the_server(cards: Cards) -> None:
    activity = cards.create()
    cards.post("李姐", cards.ticket(activity))
    assert cards.lines() == ["成员正在加入，当前 1/10 人"]
    assert cards.count(activity) == 0
    assert cards.lines() == ["成员正在加入，当前 7/10 人"]
    assert cards.full(activity) == 0
    assert cards.lines() == ["已到齐"]
    assert cards.update(activity, 2) == 0
    assert cards.lines() == ["已结束"]


def test_the_other_template_says_it_has_begun(cards: Cards) -> None:
    activity = cards.create()
    cards.post("李姐", cards.ticket(activity, template_id=STARTS))
    cards.full(activity)
    assert cards.lines() == ["已开始"]


def test_an_updatable_card_never_goes_back(cards: Cards) -> None:
    activity = cards.create()
    assert [cards.count(activity), cards.count(activity), cards.full(activity)] == [0, 0, 0]
    assert [cards.count(activity), cards.full(activity)] == [47502, 47502]
    assert cards.update(activity, 2) == 0
    assert [cards.count(activity), cards.full(activity), cards.update(activity, 2)] == [47502] * 3


def test_a_card_ends_by_itself_after_a_day(cards: Cards) -> None:
    activity = cards.create()
    cards.post("李姐", cards.ticket(activity))
    cards.merchant.control("clock", {"advance_seconds": LIFE_SECONDS - 1})
    cards.token = cards.fresh_token()
    assert cards.count(activity) == 0
    cards.merchant.control("clock", {"advance_seconds": 1})
    assert cards.lines() == ["已结束"]
    assert [cards.count(activity), cards.tool(cards.create(), 3)] == [47504, 0]
    assert cards.refused(ticket=cards.ticket(activity)) == 409


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"member_count": 7, "room_limit": "10"}, 47001),
        ({"member_count": "7"}, 47001),
        ({"member_count": "seven", "room_limit": "10"}, 47001),
        ({"member_count": "-1", "room_limit": "10"}, 47001),
        ({}, 47001),
    ],
)
def test_counts_are_texts_that_spell_numbers(cards: Cards, values: dict[str, Any], code: int) -> None:
    assert cards.update(cards.create(), 0, **values) == code


def test_each_wrong_field_has_its_code(cards: Cards) -> None:
    activity = cards.create()
    assert cards.full(activity, "formal") == 47503
    assert cards.update(activity, 1, version_type="release") == 47001
    assert [cards.update(activity, state) for state in (3, "0", True, None)] == [47502] * 4
    assert [cards.count(name) for name in ("unknown", 7, None)] == [47501] * 3
    url = f"{WXOPEN}/updatablemsg/send?access_token={cards.token}"
    assert cards.merchant.http.post(url).get_json()["errcode"] == 44002
    assert cards.merchant.http.post(url, data="no json").get_json()["errcode"] == 47001
    assert cards.merchant.http.post(f"{WXOPEN}/updatablemsg/send", json={}).get_json()["errcode"] == 41001


@pytest.mark.parametrize("path", ["updatablemsg/send", "chattoolmsg/send"])
def test_a_dead_token_changes_nothing(cards: Cards, path: str) -> None:
    activity = cards.create()
    cards.merchant.control("clock", {"advance_seconds": 7200})
    assert cards.send(path, activity_id=activity, target_state=2) == 42001
    cards.token = "x" * 120
    assert cards.send(path, activity_id=activity, target_state=2) == 40001
    assert cards.merchant.http.get(f"{WXOPEN}/activityid/create?access_token=short").get_json()["errcode"] == 40014


def test_who_asked_is_reminded_once_when_the_card_turns(cards: Cards) -> None:
    activity = cards.create()
    card = cards.post("李姐", cards.ticket(activity))["card"]
    cards.merchant.control(f"{GROUP}/remind", {"person": "张阿姨", "card": card})
    cards.count(activity)
    cards.full(activity)
    cards.update(activity, 2)
    assert cards.lines("张阿姨") == ["已结束", "你关注的「大闸蟹」已到齐"]
    assert cards.lines("李姐") == ["已结束"]
    late = cards.merchant.http.post(f"/control/{GROUP}/remind", json={"person": "张阿姨", "card": card})
    assert late.status_code == 409


def test_a_card_shows_who_opened_it_and_who_waits(cards: Cards) -> None:
    card = cards.post("李姐", cards.ticket(cards.create()))["card"]
    for person in ("张阿姨", "老陈", "张阿姨"):
        cards.open(person, card)
    cards.merchant.control(f"{GROUP}/remind", {"person": "老陈", "card": card})
    (line,) = cards.merchant.control(GROUP)["lines"]
    assert (line["card"]["opened"], line["card"]["reminds"]) == (["张阿姨", "老陈"], ["老陈"])


def test_an_opened_card_tells_the_chat_and_the_person_in_it(cards: Cards) -> None:
    first = cards.post("李姐", cards.ticket(cards.create()))["card"]
    tool = cards.post("李姐", cards.ticket(cards.create(), "chat_tool"))["card"]
    seen, named = cards.open("张阿姨", first), cards.open("张阿姨", tool)
    assert seen["opengid"] == named["opengid"] and "group_openid" not in seen
    assert named["group_openid"] != cards.open("李姐", tool)["group_openid"]
    assert seen["watermark"]["appid"] == cards.merchant.appid


def test_the_group_hears_who_takes_part_once_and_the_end(cards: Cards) -> None:
    activity = cards.create()
    card = cards.post("李姐", cards.ticket(activity, "chat_tool"))["card"]
    name = cards.open("张阿姨", card)["group_openid"]
    assert cards.lines() == ["0人已参与"]
    assert [cards.tool(activity, 1, [name]), cards.tool(activity, 1, [name])] == [0, 0]
    assert cards.lines() == ["1人已参与", "张阿姨 已参与 李姐 发布的 大闸蟹"]
    assert cards.tool(activity, 2) == 0
    assert cards.lines()[0] == "即将截止"
    assert cards.tool(activity, 1, [name]) == 47502
    assert cards.tool(activity, 3) == 0
    assert cards.lines() == ["已结束", "张阿姨 已参与 李姐 发布的 大闸蟹", "李姐发布的大闸蟹已结束"]
    assert [cards.tool(activity, 2), cards.tool(activity, 3)] == [47502, 47502]


def test_a_chat_tool_call_is_judged_field_by_field(cards: Cards) -> None:
    activity = cards.create()
    card = cards.post("李姐", cards.ticket(activity, "chat_tool"))["card"]
    name = cards.open("张阿姨", card)["group_openid"]
    assert cards.tool(activity, 1) == 40097
    assert cards.tool(activity, 1, []) == 40097
    assert cards.tool(activity, 1, ["stranger"]) == 40097
    assert cards.tool(activity, 2, [name]) == 40097
    gone = [{"group_openid": name, "state": 0}]
    assert cards.tool(activity, 1, participator_info_list=gone) == 40097
    for wrong in ({"version_type": "0"}, {"version_type": 3}, {"template_id": FULL}):
        body = {"activity_id": activity, "target_state": 3, "template_id": TOOL, **wrong}
        assert cards.send("chattoolmsg/send", **body) == 40097
    assert [cards.tool(activity, 0), cards.tool("unknown", 3)] == [47502, 47501]
    assert cards.count(activity) == 47501
    assert cards.lines() == ["0人已参与"]


def test_the_client_posts_only_what_fits(cards: Cards) -> None:
    activity = cards.create()
    good = cards.ticket(activity, "chat_tool")
    for wrong in ({"template_id": FULL}, {"mode": "other"}, {"title": ""}, {"path": None}, {"activity_id": "?"}):
        assert cards.refused(ticket={**good, **wrong}) == 409
    assert cards.refused(ticket=cards.ticket(activity, parameter_list=[{"name": "member_count", "value": 1}])) == 409
    cards.post("李姐", good)
    cards.post("张阿姨", good)
    assert cards.refused("wx-groups/别的群", ticket=good) == 409
    assert cards.refused(ticket=cards.ticket(activity)) == 409
    several = cards.ticket(cards.create())
    cards.post("李姐", several)
    cards.post("李姐", several, "wx-groups/别的群")


def test_the_knobs_make_calls_fail_before_and_after(cards: Cards) -> None:
    activity = cards.create()
    cards.post("李姐", cards.ticket(activity))
    cards.merchant.control("knobs", {"cards_busy": 1, "cards_throttled": 1, "cards_lose_answers": 1})
    assert [cards.count(activity) for _ in range(4)] == [-1, 45009, 502, 0]
    calls = cards.merchant.control("wx-cards/1/calls")["calls"]
    assert [call["told"] for call in calls] == ["7/10", "7/10"]
