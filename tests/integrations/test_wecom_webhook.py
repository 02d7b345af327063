"""The WeCom group webhook: what goes out, how each answer is read, and that its key stays secret."""

from __future__ import annotations

import logging

import pytest

from integrations.wecom.webhook import WecomWebhook
from services.ports import ChatAddress, ChatChannel, ChatGone, OutsideError, Refused, Unknown, Unreachable
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, LocalServer, closed_port, json_answer

KEY = "canary-693a91f6-7xxx"
GROUP = ChatAddress("CHAT1", KEY)
PAYLOAD = {"msgtype": "text", "text": {"content": "还差 3 份"}}


def push(server: LocalServer, timeout: float = PATIENCE_SECONDS) -> str:
    channel: ChatChannel = WecomWebhook(server.url, timeout)
    return channel.push(GROUP, PAYLOAD, "campaign-7")


def test_a_message_goes_to_its_groups_webhook(server: LocalServer) -> None:
    server.answer = lambda _: json_answer({"errcode": 0, "errmsg": "ok"})
    assert push(server) == ""
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/cgi-bin/webhook/send", {"key": KEY})
    assert asked.json == PAYLOAD


@pytest.mark.parametrize(
    ("errcode", "kind", "seconds"),
    [
        (93000, ChatGone, None),
        (93004, ChatGone, None),
        (93008, ChatGone, None),
        (45009, Unreachable, 60),
        (45033, Unreachable, 0),
        (-1, Unreachable, 0),
        (45002, Refused, None),
        (40008, Refused, None),
    ],
)
def test_each_error_code_is_read(
    server: LocalServer, errcode: int, kind: type[OutsideError], seconds: int | None
) -> None:
    server.answer = lambda _: json_answer({"errcode": errcode, "errmsg": f"bad key {KEY}"})
    with pytest.raises(OutsideError) as caught:
        push(server)
    assert type(caught.value) is kind
    assert caught.value.code == str(errcode)
    assert getattr(caught.value, "retry_after", None) == seconds


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(hang=True), Unknown),
        (Answer(drop=True), Unknown),
        (Answer(500), Unknown),
        (Answer(302), Unknown),
        (Answer(429), Unreachable),
        (Answer(404), Refused),
        (Answer(200, b"<html>"), Unknown),
        (Answer(200, b"[]"), Unknown),
        (Answer(200, b"{}"), Unknown),
    ],
)
def test_no_failure_and_no_log_line_tells_the_key(
    server: LocalServer, answer: Answer, kind: type[OutsideError], caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = lambda _: answer
    with caplog.at_level(logging.DEBUG), pytest.raises(OutsideError) as caught:
        push(server, answer.patience)
    assert type(caught.value) is kind
    assert caught.value.__context__ is None
    assert "canary" not in f"{caught.value!r} {caplog.text}"


def test_without_the_muzzle_the_vendors_log_would_tell_the_key(
    server: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = lambda _: json_answer({"errcode": 0})
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3.connectionpool"):
        push(server)
    assert KEY in caplog.text


def test_nobody_at_home_means_not_done() -> None:
    with pytest.raises(Unreachable) as caught:
        WecomWebhook(f"http://127.0.0.1:{closed_port()}").push(GROUP, PAYLOAD, "k")
    assert KEY not in repr(caught.value)


def test_a_sent_message_cannot_be_changed(server: LocalServer) -> None:
    with pytest.raises(Refused):
        WecomWebhook(server.url).edit(GROUP, "m1", PAYLOAD)
    assert server.asked == []
