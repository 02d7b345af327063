"""The strict bridge: signatures, keys that stand for one message, lengths, its limit, and nothing to change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.chat_stage import Stage, hmac_of, open_stage


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        yield opened


@pytest.fixture
def chat_id(stage: Stage) -> str:
    """A bridged chat."""
    stage.room("李姐", kind="http")
    return str(stage.get("/control/rooms")["rooms"][0]["chat_id"])


def text(content: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}


def post(stage: Stage, body: Any, *, age: int = 0, method: str = "POST", **headers: str) -> Any:
    """What the product sends, signed as of `age` seconds ago."""
    raw, timestamp = json.dumps(body).encode(), str(stage.box.clock.timestamp() - age)
    signed = {
        "X-Timestamp": timestamp,
        "X-Signature": hmac_of(stage.box.credentials.words.http_chat_secret, timestamp, raw),
        "Idempotency-Key": str(body.get("key", "")) if isinstance(body, dict) else "",
    }
    return stage.client.open("/chat-bridge/messages", method=method, data=raw, headers=signed | headers)


def test_a_message_is_shown_and_its_key_stands_for_it(stage: Stage, chat_id: str) -> None:
    body = {"chat_id": chat_id, "payload": text("0/5"), "key": "k1"}
    first, second = (post(stage, body).get_json() for _ in range(2))
    assert first == second and first["message_id"]
    assert post(stage, {**body, "payload": text("1/5")}).status_code == 409
    (line,) = stage.get("/control/rooms/1/messages")
    assert line["text"] == "0/5"


@pytest.mark.parametrize(
    ("change", "headers", "age", "status"),
    [
        ({}, {"X-Signature": "sha256=" + "0" * 64}, 0, 401),
        ({}, {}, 301, 401),
        ({}, {"X-Timestamp": "soon"}, 0, 401),
        ({}, {"Idempotency-Key": "another"}, 0, 400),
        ({"key": ""}, {}, 0, 400),
        ({"payload": text("")}, {}, 0, 400),
        ({"payload": text("x" * 4097)}, {}, 0, 400),
        ({"payload": text("邻" * 1366)}, {}, 0, 400),
        ({"payload": {"msgtype": "pigeon"}}, {}, 0, 400),
        ({"payload": {"msgtype": "template_card", "template_card": {"card_type": "text_notice"}}}, {}, 0, 400),
        ({"chat_id": "nowhere"}, {}, 0, 404),
    ],
)
def test_what_is_against_the_rules_is_refused(
    stage: Stage, chat_id: str, change: dict[str, Any], headers: dict[str, str], age: int, status: int
) -> None:
    body = {"chat_id": chat_id, "payload": text("0/5"), "key": "k1"} | change
    assert post(stage, body, age=age, **headers).status_code == status
    assert stage.get("/control/rooms/1/messages") == []


def test_nothing_but_an_object_is_a_body(stage: Stage) -> None:
    assert post(stage, []).status_code == 400


def test_a_message_cannot_be_changed(stage: Stage, chat_id: str) -> None:
    body = {"chat_id": chat_id, "payload": text("0/5"), "key": "k1"}
    assert post(stage, body, method="PATCH").status_code == 405


def test_sixty_messages_a_minute(stage: Stage, chat_id: str) -> None:
    for number in range(60):
        assert post(stage, {"chat_id": chat_id, "payload": text("x"), "key": f"k{number}"}).status_code == 200
    refused = post(stage, {"chat_id": chat_id, "payload": text("x"), "key": "k60"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    stage.box.clock.move(advance_seconds=61)
    assert post(stage, {"chat_id": chat_id, "payload": text("x"), "key": "k60"}).status_code == 200


def test_a_closed_chat_is_gone(stage: Stage, chat_id: str) -> None:
    stage.post("/control/rooms/1/close")
    assert post(stage, {"chat_id": chat_id, "payload": text("x"), "key": "k1"}).status_code == 410


def test_a_message_can_be_refused_as_too_many(stage: Stage, chat_id: str) -> None:
    stage.post("/control/chat-knobs", {"push_throttled": 1, "push_delay_ms": 1})
    body = {"chat_id": chat_id, "payload": text("到货了"), "key": "k1"}
    refused = post(stage, body)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert post(stage, body).status_code == 200


def test_an_answer_can_be_lost_after_the_message_was_shown(stage: Stage, chat_id: str) -> None:
    stage.post("/control/chat-knobs", {"push_lose_answers": 1})
    body = {"chat_id": chat_id, "payload": text("到货了"), "key": "k1"}
    assert post(stage, body).status_code == 502
    assert post(stage, body).status_code == 200
    assert len(stage.get("/control/rooms/1/messages")) == 1
