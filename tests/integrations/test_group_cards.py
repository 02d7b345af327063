"""Shared cards at the mini-program's API: what goes out, and how each refusal is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.wechat import group_cards
from integrations.wechat.mini_program import WeChatMiniProgram
from services.ports import Activity, BadNotice, OutsideError, Refused, Unknown, Unreachable
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, Asked, LocalServer, json_answer

OK = {"errcode": 0, "errmsg": "ok"}
CREATE = "/cgi-bin/message/wxopen/activityid/create"
UPDATE = "/cgi-bin/message/wxopen/updatablemsg/send"
TOOL = "/cgi-bin/message/wxopen/chattoolmsg/send"
CALLS: dict[str, Callable[[WeChatMiniProgram], Any]] = {
    CREATE: lambda mini: mini.create_activity(),
    UPDATE: lambda mini: mini.update_activity("a1", "collecting", members=7, room=10),
    TOOL: lambda mini: mini.update_chat_tool("a1", "tpl", "collecting", ["g1"]),
}
every_call = pytest.mark.parametrize("path", CALLS)


class Platform:
    """Answers by path; `tokens` are given out in turn, and only the last of them is good."""

    def __init__(self, server: LocalServer) -> None:
        self.server, self.made = server, 0
        self.answers: dict[str, Answer] = {}
        self.stale = 0
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/stable_token":
            self.made += 1
            return json_answer({"access_token": f"token-{self.made}", "expires_in": 7200})
        if self.stale:
            self.stale -= 1
            return json_answer({"errcode": 42001, "errmsg": "expired"})
        good = {**OK, "activity_id": "a1", "expiration_time": 1_800_000_000} if asked.path == CREATE else OK
        return self.answers.get(asked.path, json_answer(good))


@pytest.fixture
def platform(server: LocalServer) -> Platform:
    return Platform(server)


def app(platform: Platform, state: str = "formal") -> WeChatMiniProgram:
    return WeChatMiniProgram(platform.server.url, "wxours", "secret", timeout=PATIENCE_SECONDS, program_state=state)


def test_an_activity_comes_with_its_end(platform: Platform) -> None:
    assert app(platform).create_activity() == Activity("a1", datetime.fromtimestamp(1_800_000_000, UTC))
    asked = platform.server.asked[-1]
    assert (asked.method, asked.path, asked.query) == ("GET", CREATE, {"access_token": "token-1"})


@pytest.mark.parametrize("answer", [OK, {**OK, "activity_id": "a1"}, {**OK, "activity_id": "", "expiration_time": 1},
                                    {**OK, "activity_id": "a1", "expiration_time": "1"}])  # fmt: skip
def test_an_activity_without_id_or_end_is_none(platform: Platform, answer: dict[str, Any]) -> None:
    platform.answers[CREATE] = json_answer(answer)
    with pytest.raises(Unknown):
        app(platform).create_activity()


def test_counts_leave_as_texts(platform: Platform) -> None:
    app(platform).update_activity("a1", "collecting", members=7, room=10)
    assert platform.server.asked[-1].json == {
        "activity_id": "a1",
        "target_state": 0,
        "template_info": {
            "parameter_list": [{"name": "member_count", "value": "7"}, {"name": "room_limit", "value": "10"}]
        },
    }


@pytest.mark.parametrize(
    ("state", "version", "number"), [("formal", "release", 0), ("trial", "trial", 2), ("developer", "develop", 1)]
)
def test_the_build_is_spelled_in_two_ways(platform: Platform, state: str, version: str, number: int) -> None:
    mini = app(platform, state)
    mini.update_activity("a1", "reached", path="pages/c?id=1")
    listed = [{"name": "path", "value": "pages/c?id=1"}, {"name": "version_type", "value": version}]
    assert platform.server.asked[-1].json["template_info"] == {"parameter_list": listed}
    mini.update_chat_tool("a1", "tpl", "closing")
    assert platform.server.asked[-1].json["version_type"] == number


def test_the_end_names_nothing(platform: Platform) -> None:
    app(platform).update_activity("a1", "ended")
    assert platform.server.asked[-1].json == {
        "activity_id": "a1", "target_state": 2, "template_info": {"parameter_list": []},
    }  # fmt: skip


def test_people_are_named_while_a_chat_tool_card_collects_and_never_else(platform: Platform) -> None:
    mini = app(platform)
    mini.update_chat_tool("a1", "tpl", "collecting", ["g1", "g2"])
    body = {"activity_id": "a1", "version_type": 0, "template_id": "tpl"}
    named = [{"group_openid": "g1", "state": 1}, {"group_openid": "g2", "state": 1}]
    assert platform.server.asked[-1].json == {**body, "target_state": 1, "participator_info_list": named}
    mini.update_chat_tool("a1", "tpl", "ended", ["g1"])
    assert platform.server.asked[-1].json == {**body, "target_state": 3}


@every_call
def test_a_dead_token_is_renewed_once(platform: Platform, path: str) -> None:
    platform.stale = 1
    mini = app(platform)
    CALLS[path](mini)
    assert platform.made == 2
    platform.stale = 2
    with pytest.raises(Unreachable):
        CALLS[path](mini)


@every_call
@pytest.mark.parametrize(
    ("code", "kind", "seconds"),
    [
        (47501, Refused, 0), (47502, Refused, 0), (47503, Refused, 0), (47504, Refused, 0), (47001, Refused, 0),
        (44002, Refused, 0), (40097, Refused, 0), (-1, Unreachable, 0), (45009, Unreachable, 60),
    ],
)  # fmt: skip
def test_each_refusal_is_read(platform: Platform, path: str, code: int, kind: type[OutsideError], seconds: int) -> None:
    platform.answers[path] = json_answer({"errcode": code, "errmsg": "no rid: 1"})
    with pytest.raises(OutsideError) as caught:
        CALLS[path](app(platform))
    assert (type(caught.value), caught.value.code) == (kind, str(code))
    assert getattr(caught.value, "retry_after", 0) == seconds


@every_call
@pytest.mark.parametrize("answer", [Answer(502), Answer(drop=True), json_answer([])])
def test_an_answer_that_is_lost_leaves_the_fate_unknown(platform: Platform, path: str, answer: Answer) -> None:
    platform.answers[path] = answer
    with pytest.raises(Unknown):
        CALLS[path](app(platform))


MARK = {"appid": "wxours", "timestamp": 1_800_000_000}


@pytest.mark.parametrize("name", ["opengid", "openGId", "open_single_roomid"])
def test_a_chat_is_named_in_three_ways(name: str) -> None:
    entry = group_cards.entry_in({name: "tG1", "group_openid": "gO1", "watermark": MARK})
    assert (entry.opengid, entry.group_openid) == ("tG1", "gO1")
    assert entry.at == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize(
    "data",
    [
        {"watermark": MARK}, {"opengid": "", "watermark": MARK}, {"opengid": 5, "watermark": MARK},
        {"opengid": "tG1", "group_openid": 5, "watermark": MARK}, {"opengid": "tG1", "watermark": {"appid": "wxours"}},
        {"opengid": "tG1", "watermark": {"timestamp": -1}}, {"opengid": "tG1", "watermark": {"timestamp": 2**40}},
    ],
)  # fmt: skip
def test_open_data_that_names_no_chat_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BadNotice):
        group_cards.entry_in(data)
