"""The sandbox's chat channel: signed both ways, free to edit."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from integrations.http_chat import SandboxChat
from services.ports import BadNotice, ChatAddress, ChatChannel, ChatGone, OutsideError, Refused, Unknown, Unreachable
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, Asked, LocalServer, closed_port, json_answer

SECRET = "s3cret"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
ROOM = ChatAddress("room1")


def chat(url: str, timeout: float = PATIENCE_SECONDS) -> SandboxChat:
    return SandboxChat(url, SECRET, lambda: NOW, timeout)


def signature(body: bytes, stamp: str = STAMP) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def check(asked: Asked) -> None:
    assert asked.headers["x-timestamp"] == STAMP
    assert asked.headers["x-signature"] == signature(asked.body)


def test_a_message_is_sent_signed_and_its_id_comes_back(server: LocalServer) -> None:
    server.answer = lambda _: json_answer({"message_id": "m1"}, 201)
    channel: ChatChannel = chat(server.url)
    assert channel.push(ROOM, {"text": "还差 3 份"}, "campaign-7") == "m1"
    (asked,) = server.asked
    check(asked)
    assert (asked.method, asked.path) == ("POST", "/sandbox-chat/messages")
    assert asked.json == {"chat_id": "room1", "payload": {"text": "还差 3 份"}, "key": "campaign-7"}


def test_a_message_is_changed_in_place(server: LocalServer) -> None:
    server.answer = lambda _: Answer(204)
    chat(server.url).edit(ROOM, "m/1", {"text": "已成团"})
    (asked,) = server.asked
    check(asked)
    assert (asked.method, asked.target) == ("PATCH", "/sandbox-chat/messages/m%2F1")
    assert asked.json == {"payload": {"text": "已成团"}}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(404), ChatGone),
        (Answer(400), Refused),
        (Answer(429), Unreachable),
        (Answer(503), Unknown),
        (Answer(302, b"", {"Location": "/"}), Unknown),
        (Answer(200, b"<html>"), Unknown),
        (json_answer({}), Unknown),
        (Answer(drop=True), Unknown),
        (Answer(hang=True), Unknown),
    ],
)
def test_each_failure_is_read(server: LocalServer, answer: Answer, kind: type[OutsideError]) -> None:
    server.answer = lambda _: answer
    with pytest.raises(OutsideError) as caught:
        chat(server.url, answer.patience).push(ROOM, {}, "k")
    assert type(caught.value) is kind


def test_a_message_that_is_gone_is_not_a_chat_that_is_gone(server: LocalServer) -> None:
    server.answer = lambda _: Answer(404)
    with pytest.raises(Refused) as caught:
        chat(server.url).edit(ROOM, "m1", {})
    assert type(caught.value) is Refused


def test_nobody_at_home_means_not_done() -> None:
    with pytest.raises(Unreachable):
        chat(f"http://127.0.0.1:{closed_port()}").push(ROOM, {}, "k")


def test_a_signed_body_is_read() -> None:
    body = '{"event_id": "e1", "text": "2份"}'.encode()
    headers = {"X-Signature": signature(body), "X-Timestamp": STAMP}
    assert chat("http://nowhere").read(headers, body) == {"event_id": "e1", "text": "2份"}


@pytest.mark.parametrize(
    ("body", "stamp", "altered"),
    [
        (b"{}", str(int(STAMP) - 301), {}),
        (b"{}", "", {}),
        (b"[]", STAMP, {}),
        (b"{}", STAMP, {"X-Signature": "sha256=" + "0" * 64}),
        (b"{}", STAMP, {"X-Signature": "é"}),
        (b"{}", STAMP, {"X-Timestamp": str(int(STAMP) + 1)}),
    ],
)
def test_an_unsigned_stale_or_malformed_body_is_refused(body: bytes, stamp: str, altered: dict[str, str]) -> None:
    headers = {"X-Signature": signature(body, stamp), "X-Timestamp": stamp, **altered}
    with pytest.raises(BadNotice):
        chat("http://nowhere").read(headers, body)
    with pytest.raises(BadNotice):
        chat("http://nowhere").read({}, body)
