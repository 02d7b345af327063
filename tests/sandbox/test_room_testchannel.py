"""The free-editing test channel: hears everything, edits any message, trusts signatures only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.wecom import runtime
from tests.sandbox.chat_stage import Stage, hmac_of, open_stage


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        yield opened


def markdown(content: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def call(stage: Stage, method: str, path: str, body: object, *, age: int = 0) -> Any:
    """What the product sends, signed as of `age` seconds ago."""
    raw, timestamp = json.dumps(body).encode(), str(stage.box.clock.timestamp() - age)
    signature = hmac_of(stage.box.credentials.words.sandbox_chat_secret, timestamp, raw)
    headers = {"X-Timestamp": timestamp, "X-Signature": signature}
    return stage.client.open(f"/sandbox-chat/messages{path}", method=method, data=raw, headers=headers)


def chat_id(stage: Stage) -> str:
    return str(stage.get("/control/rooms")["rooms"][0]["chat_id"])


def test_everything_is_heard_and_answered(stage: Stage) -> None:
    room = stage.room("李姐", kind="sandbox")
    stage.product.answer = lambda body: {"replies": [markdown("**0/5**")], "update": None}
    assert [line["text"] for line in stage.say(room, "李姐", "进度", mention=False)] == ["进度", "0/5"]
    (heard,) = stage.product.heard
    assert set(heard) == {"event_id", "chat_id", "user_id", "kind", "text"}


def test_a_click_may_update_the_card_it_pressed(stage: Stage) -> None:
    room = stage.room("李姐", kind="sandbox")
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "大闸蟹 0/5"},
        "button_list": [{"text": "参团", "key": "join"}],
        "task_id": "t1",
    }
    stage.product.answer = lambda body: {"replies": [{"msgtype": "template_card", "template_card": card}]}
    message_id = stage.say(room, "李姐", "发团")[-1]["message_id"]
    newer = {"msgtype": "template_card", "template_card": card | {"main_title": {"title": "大闸蟹 1/5"}}}
    stage.product.answer = lambda body: {"replies": [], "update": newer}
    wish = {"person": "李姐", "message_id": message_id, "key": "join"}
    (line,) = stage.post(f"/control/rooms/{room}/click", wish)["messages"]
    assert (line["edited"], line["text"]) == (True, "大闸蟹 1/5\n[参团]")
    assert stage.product.heard[-1]["action"] == "join"
    assert stage.product.heard[-1]["message_id"] == str(message_id)


def test_a_repeated_key_is_one_message_and_an_edit_replaces_it(stage: Stage) -> None:
    room = stage.room("李姐", kind="sandbox")
    body = {"chat_id": chat_id(stage), "payload": markdown("0/5"), "key": "k1"}
    first, second = (call(stage, "POST", "", body).get_json() for _ in range(2))
    assert first == second
    assert call(stage, "PATCH", f"/{first['message_id']}", {"payload": markdown("1/5")}).status_code == 200
    (line,) = stage.get(f"/control/rooms/{room}/messages")
    assert (line["text"], line["edited"]) == ("1/5", True)


def test_a_stale_or_unsigned_call_is_refused(stage: Stage) -> None:
    stage.room("李姐", kind="sandbox")
    body = {"chat_id": chat_id(stage), "payload": markdown("0/5"), "key": "k1"}
    assert call(stage, "POST", "", body, age=301).status_code == 401
    assert stage.client.post("/sandbox-chat/messages", json=body).status_code == 401


def test_six_hundred_messages_a_minute(stage: Stage) -> None:
    """The bridge's 60 are sent one by one elsewhere; these go by the same way, so all but the last are counted only."""
    stage.room("李姐", kind="sandbox")
    window = runtime.of(stage.client.application).windows["sandbox:chat"]
    assert all(window.take(chat_id(stage), stage.box.clock.now()) for _ in range(599))
    body = {"chat_id": chat_id(stage), "payload": markdown("0/5")}
    assert [call(stage, "POST", "", {**body, "key": key}).status_code for key in ("k1", "k2")] == [200, 429]


def test_a_wecom_group_is_out_of_its_reach(stage: Stage) -> None:
    stage.room("李姐")
    body = {"chat_id": chat_id(stage), "payload": markdown("0/5"), "key": "k1"}
    assert call(stage, "POST", "", body).status_code == 404
