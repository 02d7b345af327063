"""Telegram's bot API: what goes out, how each refusal is read, and that the token stays secret."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from integrations.telegram import Telegram
from services.ports import (
    BadNotice,
    ChatAddress,
    ChatChannel,
    ChatGone,
    ChatMoved,
    OutsideError,
    Refused,
    Unknown,
    Unreachable,
)
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, LocalServer, closed_port, json_answer

TOKEN, SECRET = "7100000001:canary-token", "canary-hook-secret"
GROUP = ChatAddress("-100123")


def bot(url: str, timeout: float = PATIENCE_SECONDS) -> Telegram:
    return Telegram(url, TOKEN, SECRET, timeout)


def refusal(code: int, description: str, **parameters: int) -> Answer:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return json_answer(body, code)


def test_a_message_goes_to_its_chat_and_its_id_comes_back(server: LocalServer) -> None:
    server.answer = lambda _: json_answer({"ok": True, "result": {"message_id": 42}})
    channel: ChatChannel = bot(server.url)
    assert channel.push(GROUP, {"text": "还差 3 份"}, "k") == "42"
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert asked.json == {"chat_id": "-100123", "text": "还差 3 份"}


def test_a_message_is_changed_in_place(server: LocalServer) -> None:
    server.answer = lambda _: json_answer({"ok": True, "result": True})
    bot(server.url).edit(GROUP, "42", {"text": "已成团"})
    (asked,) = server.asked
    assert asked.path == f"/bot{TOKEN}/editMessageText"
    assert asked.json == {"chat_id": "-100123", "message_id": 42, "text": "已成团"}


def test_a_change_that_changes_nothing_is_done(server: LocalServer) -> None:
    server.answer = lambda _: refusal(400, "Bad Request: message is not modified: specified new content is the same")
    bot(server.url).edit(GROUP, "42", {"text": "已成团"})
    with pytest.raises(Refused):
        bot(server.url).edit(GROUP, "no number", {"text": "已成团"})
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), Unreachable, 17),
        (refusal(429, "Too Many Requests"), Unreachable, 0),
        (refusal(401, "Unauthorized"), Unreachable, 0),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), ChatGone, None),
        (refusal(400, "Bad Request: chat not found"), ChatGone, None),
        (refusal(400, "Bad Request: message is too long"), Refused, None),
        (refusal(404, "Not Found"), Refused, None),
        (refusal(500, "Internal Server Error"), Unknown, None),
        (Answer(502, b"<html>"), Unknown, None),
        (Answer(200, b"<html>"), Unknown, None),
        (json_answer([]), Unknown, None),
        (json_answer({"ok": True, "result": {}}), Unknown, None),
        (Answer(302, b"", {"Location": "/"}), Unknown, None),
        (Answer(drop=True), Unknown, None),
        (Answer(hang=True), Unknown, None),
    ],
)
def test_each_failure_is_read_and_tells_no_token(
    server: LocalServer,
    answer: Answer,
    kind: type[OutsideError],
    seconds: int | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answer = lambda _: answer
    with caplog.at_level(logging.DEBUG), pytest.raises(OutsideError) as caught:
        bot(server.url, answer.patience).push(GROUP, {"text": "x"}, "k")
    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after", None) == seconds
    assert caught.value.__context__ is None
    assert "canary" not in f"{caught.value!r} {caplog.text}"


def test_without_the_muzzle_the_vendors_log_would_tell_the_token(
    server: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = lambda _: json_answer({"ok": True, "result": {"message_id": 42}})
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3.connectionpool"):
        bot(server.url).push(GROUP, {"text": "x"}, "k")
    assert TOKEN in caplog.text


def test_a_chat_that_moved_tells_where_to(server: LocalServer) -> None:
    server.answer = lambda _: refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100777)
    with pytest.raises(ChatMoved) as caught:
        bot(server.url).push(GROUP, {"text": "x"}, "k")
    assert caught.value.new_chat_id == "-100777"


def test_nobody_at_home_means_not_done() -> None:
    with pytest.raises(Unreachable) as caught:
        bot(f"http://127.0.0.1:{closed_port()}").push(GROUP, {"text": "x"}, "k")
    assert "canary" not in repr(caught.value)


HEADER = "X-Telegram-Bot-Api-Secret-Token"


def test_an_update_with_the_secret_is_read() -> None:
    body = {"update_id": 7, "message": {"text": "2份"}}
    assert bot("http://nowhere").read({HEADER: SECRET}, json.dumps(body).encode()) == body


@pytest.mark.parametrize(
    ("headers", "body"),
    [({}, b"{}"), ({HEADER: "guessed"}, b"{}"), ({HEADER: "é"}, b"{}"), ({HEADER: SECRET}, b"[]"),
     ({HEADER: SECRET}, b"{"), ({HEADER: ""}, b"{}")],
)  # fmt: skip
def test_what_lacks_the_secret_or_is_no_update_is_refused(headers: dict[str, Any], body: bytes) -> None:
    with pytest.raises(BadNotice):
        bot("http://nowhere").read(headers, body)


def test_a_hook_without_a_secret_is_open_to_nobody() -> None:
    with pytest.raises(BadNotice):
        Telegram("http://nowhere", TOKEN, "").read({HEADER: ""}, b"{}")
