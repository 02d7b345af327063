"""The chat platform's own rules: envelope, cards, replies, windows."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.wecom.cards import PlatformError, button_keys, check_card, questions
from sandbox.wecom.envelope import BrokenEnvelope, Envelope
from sandbox.wecom.limits import InFlight, SlidingWindow
from sandbox.wecom.render import card_text, markdown_text
from sandbox.wecom.replies import Occasion, check_reply, check_response_post

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def button_card(**changes: Any) -> dict[str, Any]:
    """A valid campaign card with two buttons and a quantity selector."""
    options = [{"id": str(n), "text": f"{n}份"} for n in (1, 2, 3)]
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "周五大闸蟹", "desc": "¥58.00/只"},
        "emphasis_content": {"title": "0/5", "desc": "已团"},
        "horizontal_content_list": [{"keyname": "截止", "value": "今晚 20:00"}],
        "button_selection": {"question_key": "qty", "title": "数量", "option_list": options, "selected_id": "1"},
        "button_list": [{"text": "参团", "style": 1, "key": "join"}, {"text": "取消", "style": 3, "key": "cancel"}],
        "task_id": "cmp_1-1",
    }
    return card | changes


def test_an_envelope_opens_to_what_was_sealed() -> None:
    envelope = Envelope("QDG6eK", KEY, "wx5823bf96d3bd56c7")
    assert envelope.open(envelope.seal("你好，邻居")) == "你好，邻居"


def test_the_published_vector_verifies_and_opens() -> None:
    """The safe-mode JSON sample of the mini-program message push documentation."""
    envelope = Envelope("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
    encrypted = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    envelope.verify("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1", "1713424427", "415670741", encrypted)
    assert envelope.open(encrypted) == '{"demo_resp":"good luck"}'


def test_a_changed_signature_does_not_verify() -> None:
    envelope = Envelope("QDG6eK", KEY)
    sealed = envelope.seal("x")
    with pytest.raises(BrokenEnvelope):
        envelope.verify(envelope.sign("1", "n", sealed), "2", "n", sealed)


@pytest.mark.parametrize("garbage", ["", "??", "AAAA", base64.b64encode(bytes(64)).decode()])
def test_garbage_does_not_open(garbage: str) -> None:
    with pytest.raises(BrokenEnvelope):
        Envelope("QDG6eK", KEY).open(garbage)


def test_an_envelope_for_another_receiver_does_not_open() -> None:
    sealed = Envelope("QDG6eK", KEY, "someone-else").seal("x")
    with pytest.raises(BrokenEnvelope):
        Envelope("QDG6eK", KEY).open(sealed)


def test_a_full_campaign_card_is_shown() -> None:
    card = check_card(button_card())
    assert button_keys(card) == {"join": "参团", "cancel": "取消"}
    assert questions(card) == {"qty": ["1", "2", "3"]}
    assert card_text(card).splitlines() == [
        "周五大闸蟹 · ¥58.00/只",
        "0/5 · 已团",
        "截止：今晚 20:00",
        "数量：1份 / 2份 / 3份",
        "[参团] [取消]",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"card_type": "poster"}, "card_type"),
        ({"main_title": {"title": "长" * 27}}, "main_title.title"),
        ({"main_title": {}}, "main_title.title"),
        ({"emphasis_content": {"title": "1" * 11}}, "emphasis_content.title"),
        ({"sub_title_text": "长" * 113}, "sub_title_text"),
        ({"horizontal_content_list": [{"keyname": "一", "value": "二"}] * 7}, "horizontal_content_list"),
        ({"horizontal_content_list": [{"keyname": "六个字的名字"}]}, "keyname"),
        ({"jump_list": [{"type": 2, "title": "去下单"}]}, "appid"),
        ({"button_list": []}, "button_list"),
        ({"button_list": [{"text": "参团"}]}, "key"),
        ({"button_list": [{"text": "参团", "key": "k" * 1025}]}, "key"),
        ({"task_id": None}, "task_id"),
        ({"task_id": "中文"}, "task_id"),
        ({"task_id": "t" * 129}, "task_id"),
        ({"button_selection": {"question_key": "q", "option_list": []}}, "option_list"),
        ({"card_type": "text_notice"}, "card_action"),
        ({"card_type": "text_notice", "card_action": {"type": 2}}, "appid"),
    ],
)
def test_a_card_against_the_rules_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PlatformError) as refusal:
        check_card(button_card(**changes))
    assert field in refusal.value.errmsg


STREAM = {"msgtype": "stream", "stream": {"id": "s1", "finish": True, "content": "好的"}}
CARD = {"msgtype": "template_card", "template_card": button_card()}
TEXT = {"msgtype": "text", "text": {"content": "欢迎"}}
UPDATE = {"response_type": "update_template_card", "template_card": button_card()}
BOTH = STREAM | {"msgtype": "stream_with_template_card", "template_card": button_card()}


@pytest.mark.parametrize(
    ("occasion", "allowed"),
    [
        ("message", [STREAM, CARD, BOTH]),
        ("poll", [STREAM, BOTH]),
        ("enter", [TEXT, CARD]),
        ("card", [UPDATE]),
    ],
)
def test_each_occasion_takes_only_its_own_replies(occasion: Occasion, allowed: list[dict[str, Any]]) -> None:
    for reply in (STREAM, CARD, TEXT, UPDATE, BOTH, {"msgtype": "markdown"}):
        if reply in allowed:
            check_reply(reply, occasion)
        else:
            with pytest.raises(PlatformError):
                check_reply(reply, occasion)


@pytest.mark.parametrize(
    "stream",
    [
        {"finish": True, "content": "没有编号"},
        {"id": "s", "finish": "yes", "content": "x"},
        {"id": "s", "finish": True, "content": ""},
        {"id": "s", "finish": True, "content": "字" * 6827},
        {"id": "s", "finish": False, "content": "x", "msg_item": [{"msgtype": "image"}]},
    ],
)
def test_a_stream_against_the_rules_is_refused(stream: dict[str, Any]) -> None:
    with pytest.raises(PlatformError):
        check_reply({"msgtype": "stream", "stream": stream}, "message")


def test_a_finished_stream_may_carry_a_true_picture_only() -> None:
    raw = b"\x89PNG picture"
    image = {"base64": base64.b64encode(raw).decode(), "md5": hashlib.md5(raw, usedforsecurity=False).hexdigest()}
    stream = {"id": "s", "finish": True, "content": "看", "msg_item": [{"msgtype": "image", "image": image}]}
    check_reply({"msgtype": "stream", "stream": stream}, "message")
    image["md5"] = "0" * 32
    with pytest.raises(PlatformError):
        check_reply({"msgtype": "stream", "stream": stream}, "message")


def test_a_card_by_response_url_goes_to_single_chats_only() -> None:
    assert check_response_post(CARD, "single") == "template_card"
    assert check_response_post({"msgtype": "markdown", "markdown": {"content": "到货"}}, "group") == "markdown"
    with pytest.raises(PlatformError):
        check_response_post(CARD, "group")


def test_a_window_slides_with_the_given_clock() -> None:
    window = SlidingWindow(2, 60)
    assert [window.take("k", NOON + timedelta(seconds=s)) for s in (0, 30, 59, 61, 62)] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert window.take("other", NOON)


def test_only_so_many_interactions_are_open_per_person() -> None:
    flights = InFlight(2)
    assert [flights.enter("a"), flights.enter("a"), flights.enter("a"), flights.enter("b")] == [
        True,
        True,
        False,
        True,
    ]
    flights.leave("a")
    assert flights.enter("a")


def test_markdown_reads_as_plain_words() -> None:
    source = '# 到货\n> **大闸蟹** <font color="info">已到</font> [看详情](https://x.example/1) <@zhang> 张\\*\\*'
    assert (
        markdown_text(source, {"zhang": "张阿姨"}.get) == "到货\n大闸蟹 已到 看详情（https://x.example/1） @张阿姨 张**"
    )
