"""The group robot's webhook: its keys, its window of twenty, its limits in bytes and its kinds."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.chat_stage import Stage, open_stage

NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "成团啦"},
    "card_action": {"type": 2, "appid": "wx1", "pagepath": "pages/campaign?id=1"},
}
PNG = b"\x89PNG picture"


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        yield opened


def robot(stage: Stage) -> tuple[int, str]:
    """A room with a robot: (room, key)."""
    room = stage.room("李姐", "张阿姨")
    return room, stage.post(f"/control/rooms/{room}/robot")["key"]


def send(stage: Stage, key: str, body: object) -> int:
    return int(stage.post(f"/cgi-bin/webhook/send?key={key}", body)["errcode"])


def text(content: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content, **more}}


def test_a_message_appears_in_the_room_with_its_mentions(stage: Stage) -> None:
    room, key = robot(stage)
    people = {person["name"]: person for person in stage.get("/control/people")["people"]}
    mentions = {
        "mentioned_list": [people["张阿姨"]["userid"], "@all"],
        "mentioned_mobile_list": [people["李姐"]["phone"]],
    }
    assert send(stage, key, text("差 1 份成团", **mentions)) == 0
    (line,) = stage.get(f"/control/rooms/{room}/messages")
    assert (line["via"], line["text"]) == ("webhook", "差 1 份成团 @张阿姨 @所有人 @李姐")


def test_a_key_is_dead_once_its_robot_is_removed(stage: Stage) -> None:
    room, key = robot(stage)
    assert send(stage, "unknown", text("在吗")) == 93000
    assert stage.client.delete(f"/control/rooms/{room}/robot").get_json() == {"removed": 1}
    assert send(stage, key, text("在吗")) == 93000


def test_twenty_messages_a_minute_on_the_sandbox_clock(stage: Stage) -> None:
    room, key = robot(stage)
    assert [send(stage, key, text(f"第 {n} 条")) for n in range(21)] == [0] * 20 + [45009]
    stage.box.clock.move(advance_seconds=61)
    assert send(stage, key, text("又一分钟")) == 0
    assert len(stage.get(f"/control/rooms/{room}/messages")) == 21


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (text("字" * 682), 0),
        (text("字" * 683), 45002),
        (text(""), 44004),
        ({"msgtype": "markdown", "markdown": {"content": "字" * 1366}}, 45002),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "- 一\n- 二"}}, 0),
        ({"msgtype": "poster", "poster": {}}, 40008),
        ({"msgtype": "text"}, 44004),
        ([], 47001),
        ({"msgtype": "news", "news": {"articles": []}}, 40058),
        ({"msgtype": "news", "news": {"articles": [{"title": "团", "url": "https://x.example/"}] * 9}}, 40058),
        ({"msgtype": "news", "news": {"articles": [{"title": "团", "url": "https://x.example/"}] * 8}}, 0),
        ({"msgtype": "image", "image": {"base64": base64.b64encode(PNG).decode(), "md5": "0"}}, 40058),
        ({"msgtype": "file", "file": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "template_card", "template_card": NOTICE}, 0),
        ({"msgtype": "template_card", "template_card": NOTICE | {"card_action": None}}, 40058),
        ({"msgtype": "template_card", "template_card": NOTICE | {"card_type": "button_interaction"}}, 40058),
    ],
)
def test_each_kind_is_held_to_its_rules(stage: Stage, body: object, errcode: int) -> None:
    _, key = robot(stage)
    assert send(stage, key, body) == errcode


def test_a_picture_and_a_file_are_shown_as_such(stage: Stage) -> None:
    room, key = robot(stage)
    digest = hashlib.md5(PNG, usedforsecurity=False).hexdigest()
    picture = {"base64": base64.b64encode(PNG).decode(), "md5": digest}
    assert send(stage, key, {"msgtype": "image", "image": picture}) == 0
    upload = stage.client.post(
        f"/cgi-bin/webhook/upload_media?key={key}&type=file", data={"media": (io.BytesIO(b"picklist"), "a.txt")}
    ).get_json()
    assert send(stage, key, {"msgtype": "file", "file": {"media_id": upload["media_id"]}}) == 0
    assert [line["text"] for line in stage.get(f"/control/rooms/{room}/messages")] == ["[图片]", "[文件]"]


def test_an_answer_can_be_lost_after_the_message_was_shown(stage: Stage) -> None:
    room, key = robot(stage)
    stage.post("/control/chat-knobs", {"webhook_lose_answers": 1})
    assert stage.client.post(f"/cgi-bin/webhook/send?key={key}", json=text("到货")).status_code == 502
    assert len(stage.get(f"/control/rooms/{room}/messages")) == 1


def test_a_busy_platform_shows_nothing(stage: Stage) -> None:
    room, key = robot(stage)
    stage.post("/control/chat-knobs", {"webhook_busy": 1})
    assert send(stage, key, text("到货")) == -1
    assert stage.get(f"/control/rooms/{room}/messages") == []


def test_an_unknown_knob_is_refused(stage: Stage) -> None:
    assert stage.client.post("/control/chat-knobs", json={"louder": 1}).status_code == 400
