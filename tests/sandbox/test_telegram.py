"""The imitated bot API: what it refuses and in which words, its three limits, and what people see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, json, request

from tests.sandbox.chat_stage import Stage, open_stage


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        yield opened


@pytest.fixture
def updates(stage: Stage) -> list[dict[str, Any]]:
    """What the stand-in product was told; it answers by `stage.product.answer`."""
    heard: list[dict[str, Any]] = []
    app: Flask = stage.product.app

    def hook() -> Response:
        secret = stage.box.credentials.words.telegram_hook_secret
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == secret
        heard.append(request.get_json())
        reply = stage.product.answer(heard[-1])
        if not isinstance(reply, dict):
            return Response(status=reply or 200)
        return Response(json.dumps(reply), content_type="application/json")

    app.add_url_rule("/hooks/telegram", view_func=hook, methods=["POST"])
    return heard


def chat(stage: Stage, kind: str = "group") -> tuple[int, str]:
    """(room id, chat id) of a new group with 李姐 in it."""
    made = stage.post("/control/telegram/chats", {"name": "3号楼", "members": ["李姐"], "type": kind})
    return made["room_id"], made["chat_id"]


def call(stage: Stage, method: str, token: str = "", **params: Any) -> tuple[int, dict[str, Any]]:
    """One call of the bot API: status and body."""
    token = token or stage.box.credentials.words.telegram_token
    answer = stage.client.post(f"/bot{token}/{method}", json=params)
    return answer.status_code, answer.get_json()


def later(stage: Stage, seconds: int) -> None:
    """The clock moves on, and with it every window."""
    stage.box.clock.move(advance_seconds=seconds)


def keyboard(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


GOOD = {"text": "接龙", "callback_data": "join:1"}


def test_a_message_and_its_keyboard_are_shown(stage: Stage) -> None:
    room, chat_id = chat(stage)
    status, body = call(stage, "sendMessage", chat_id=chat_id, text="0/5", reply_markup=keyboard(GOOD))
    assert (status, body["result"]["chat"]["id"]) == (200, int(chat_id))
    (line,) = stage.get(f"/control/rooms/{room}/messages")
    assert (line["message_id"], line["text"]) == (body["result"]["message_id"], "0/5\n[接龙]")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "text is empty"),
        ({"text": " "}, "text is empty"),
        ({"text": 7}, "text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🦀" * 2049}, "message is too long"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [GOOD]}}, "can't parse reply keyboard"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[]]}}, "can't parse reply keyboard"),
        ({"text": "x", "reply_markup": keyboard({"text": "a"})}, "Text buttons are unallowed"),
        ({"text": "x", "reply_markup": keyboard({**GOOD, "url": "https://a.b"})}, "Text buttons are unallowed"),
        ({"text": "x", "reply_markup": keyboard({"callback_data": "a"})}, "Field"),
        ({"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "x" * 65})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "邻" * 22})}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard({"text": "a", "url": "javascript:1"})}, "BUTTON_URL_INVALID"),
        ({"text": "x", "reply_markup": keyboard(*[GOOD] * 101)}, "REPLY_MARKUP_TOO_LONG"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "can't parse entities"),
    ],
)
def test_what_is_against_the_rules_is_refused(stage: Stage, params: dict[str, Any], words: str) -> None:
    _, chat_id = chat(stage)
    status, body = call(stage, "sendMessage", chat_id=chat_id, **params)
    assert status == body["error_code"] == 400
    assert words in body["description"]


def test_the_longest_text_and_data_are_taken(stage: Stage) -> None:
    _, chat_id = chat(stage)
    longest = {"text": "a", "callback_data": "x" * 64}
    assert call(stage, "sendMessage", chat_id=chat_id, text="x" * 4096, reply_markup=keyboard(longest))[0] == 200


def test_an_unknown_method_token_or_chat_is_refused(stage: Stage) -> None:
    assert call(stage, "sendPigeon", chat_id="1", text="x")[1]["description"] == "Not Found: method not found"
    assert call(stage, "getMe", token="1:wrong")[0] == 401
    assert call(stage, "getMe")[1]["result"]["is_bot"] is True
    assert "chat not found" in call(stage, "sendMessage", chat_id="-1", text="x")[1]["description"]


def test_one_message_a_second_to_a_chat(stage: Stage) -> None:
    _, chat_id = chat(stage)
    answers = [call(stage, "sendMessage", chat_id=chat_id, text=str(number)) for number in range(5)]
    assert answers[0][0] == 200
    refused = [body["parameters"] for status, body in answers if status == 429]
    assert refused and {"retry_after": 1} in refused
    later(stage, 2)
    assert call(stage, "sendMessage", chat_id=chat_id, text="2")[0] == 200


def test_twenty_messages_a_minute_to_a_group(stage: Stage) -> None:
    _, chat_id = chat(stage)
    for number in range(20):
        assert call(stage, "sendMessage", chat_id=chat_id, text=str(number))[0] == 200
        later(stage, 2)
    status, body = call(stage, "sendMessage", chat_id=chat_id, text="21")
    assert (status, 1 < body["parameters"]["retry_after"] <= 60) == (429, True)
    later(stage, 61)
    assert call(stage, "sendMessage", chat_id=chat_id, text="21")[0] == 200


def test_thirty_calls_a_second_in_all(stage: Stage) -> None:
    answers = [call(stage, "getMe")[0] for _ in range(120)]
    assert answers[:30] == [200] * 30
    assert 429 in answers
    later(stage, 2)
    assert call(stage, "getMe")[0] == 200


def test_only_the_bots_own_messages_are_changed_and_only_into_something_else(stage: Stage) -> None:
    room, chat_id = chat(stage)
    said = stage.post(f"/control/rooms/{room}/say", {"person": "李姐", "text": "早"})["messages"][0]["message_id"]
    sent = call(stage, "sendMessage", chat_id=chat_id, text="0/5")[1]["result"]["message_id"]

    def edit(message_id: Any, text: str = "1/5") -> str:
        body = call(stage, "editMessageText", chat_id=chat_id, message_id=message_id, text=text)[1]
        return str(body.get("description", "done"))

    assert edit(sent) == "done"
    assert "message is not modified" in edit(sent)
    assert "message to edit not found" in edit(99999)
    assert "can't be edited" in edit(said)
    assert "not specified" in edit("1")
    assert stage.get(f"/control/rooms/{room}/messages")[-1]["text"] == "1/5"


def test_a_press_is_answered_once_and_only_the_presser_reads_it(stage: Stage, updates: list[dict[str, Any]]) -> None:
    room, chat_id = chat(stage)
    message_id = call(stage, "sendMessage", chat_id=chat_id, text="0/5", reply_markup=keyboard(GOOD))[1]["result"][
        "message_id"
    ]
    wish = {"person": "李姐", "message_id": message_id, "key": "join:1"}
    stage.post(f"/control/rooms/{room}/click", wish)
    query = updates[-1]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("join:1", message_id)
    late = {"callback_query_id": query["id"], "text": "x" * 201}
    assert "MESSAGE_TOO_LONG" in call(stage, "answerCallbackQuery", **late)[1]["description"]
    good = {"callback_query_id": query["id"], "text": "已登记"}
    assert call(stage, "answerCallbackQuery", **good)[0] == 200
    assert "query is too old" in call(stage, "answerCallbackQuery", **good)[1]["description"]
    assert "只有李姐看见" in stage.get(f"/control/rooms/{room}/messages")[-1]["text"]


def test_the_reply_to_the_webhook_is_one_call_held_to_the_same_rules(
    stage: Stage, updates: list[dict[str, Any]]
) -> None:
    room, chat_id = chat(stage)
    stage.product.answer = lambda body: {"method": "sendMessage", "chat_id": chat_id, "text": "好的"}
    assert stage.say(room, "李姐", "2份")[-1]["text"] == "好的"
    stage.product.answer = lambda body: {"method": "sendMessage", "chat_id": chat_id, "text": ""}
    later(stage, 2)
    assert stage.say(room, "李姐", "2份")[-1]["kind"] == "error"
    assert updates[0]["update_id"] < updates[1]["update_id"]


def test_an_update_that_failed_comes_once_more_under_its_number(stage: Stage, updates: list[dict[str, Any]]) -> None:
    room, _ = chat(stage)
    stage.product.answer = lambda body: 500
    assert stage.say(room, "李姐", "2份")[-1]["kind"] == "error"
    assert len(updates) == 2 and updates[0] == updates[1]


def test_in_privacy_mode_the_bot_hears_commands_and_its_name(stage: Stage, updates: list[dict[str, Any]]) -> None:
    room, _ = chat(stage)
    stage.post(f"/control/telegram/chats/{room}/privacy", {"on": True})
    for text in ("早", "/progress", "2份", "@lintuan_bot 2份"):
        stage.say(room, "李姐", text)
    assert [one["message"]["text"] for one in updates] == ["/progress", "@lintuan_bot 2份"]
    stage.post("/control/telegram/dm", {"person": "李姐", "text": "私下说"})
    assert updates[-1]["message"]["chat"]["type"] == "private"


def test_a_closed_chat_and_one_that_moved_say_so(stage: Stage, updates: list[dict[str, Any]]) -> None:
    room, chat_id = chat(stage)
    moved = stage.post(f"/control/telegram/chats/{room}/migrate")
    assert updates[-1]["message"]["migrate_to_chat_id"] == moved["new"]
    status, body = call(stage, "sendMessage", chat_id=chat_id, text="x")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": moved["new"]})
    assert call(stage, "sendMessage", chat_id=moved["new"], text="x")[0] == 200
    stage.post(f"/control/rooms/{room}/close")
    later(stage, 2)
    status, body = call(stage, "sendMessage", chat_id=moved["new"], text="x")
    assert (status, body["description"]) == (403, "Forbidden: bot was kicked from the supergroup chat")
