"""The customer-service chat: encrypted pushes out, answers back within the two windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.chat_stage import Stage, open_stage


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        opened.post("/control/people", {"name": "王先生"})
        yield opened


def answer(stage: Stage, text: str = "已到货") -> int:
    """The product answers 王先生 by API; the errcode."""
    words = stage.box.credentials.words
    wish = {"grant_type": "client_credential", "appid": words.wxa_appid, "secret": words.wxa_secret}
    token = stage.post("/cgi-bin/stable_token", wish)["access_token"]
    openid = stage.get("/control/people")["people"][0]["openid"]
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    return int(stage.post(f"/cgi-bin/message/custom/send?access_token={token}", body)["errcode"])


def test_what_a_person_writes_is_pushed(stage: Stage) -> None:
    told = stage.post("/control/customer/王先生/say", {"text": "我的"})
    assert (told["delivered"], told["tries"]) == (True, 1)
    (heard,) = stage.product.heard
    assert (heard["MsgType"], heard["Content"]) == ("text", "我的")
    assert heard["FromUserName"] == stage.get("/control/people")["people"][0]["openid"]
    assert isinstance(heard["MsgId"], int)


def test_entering_the_chat_is_an_event(stage: Stage) -> None:
    stage.post("/control/customer/王先生/enter", {"session_from": "campaign=12"})
    (heard,) = stage.product.heard
    assert (heard["Event"], heard["SessionFrom"]) == ("user_enter_tempsession", "campaign=12")


def test_a_push_is_tried_three_times_with_one_msgid(stage: Stage) -> None:
    stage.product.answer = lambda body: 500
    told = stage.post("/control/customer/王先生/say", {"text": "我的"})
    assert (told["delivered"], told["tries"]) == (False, 3)
    assert len({body["MsgId"] for body in stage.product.heard}) == 1
    assert len(stage.product.heard) == 3


def test_nobody_is_written_to_unasked(stage: Stage) -> None:
    assert answer(stage) == 45015


def test_five_answers_to_a_message_within_two_days(stage: Stage) -> None:
    stage.post("/control/customer/王先生/say", {"text": "我的"})
    assert [answer(stage) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    stage.post("/control/customer/王先生/say", {"text": "我的"})
    assert answer(stage) == 0
    stage.box.clock.move(advance_seconds=48 * 3600)
    assert answer(stage) == 45015


def test_two_answers_within_a_minute_of_entering(stage: Stage) -> None:
    stage.post("/control/customer/王先生/enter")
    assert [answer(stage) for _ in range(3)] == [0, 0, 45047]
    stage.post("/control/customer/王先生/enter")
    stage.box.clock.move(advance_seconds=60)
    assert answer(stage) == 45015


def test_an_answer_needs_a_token_a_kind_and_words(stage: Stage) -> None:
    stage.post("/control/customer/王先生/say", {"text": "我的"})
    assert stage.post("/cgi-bin/message/custom/send", {"touser": "x"})["errcode"] == 41001
    assert answer(stage, "") == 44004
    assert answer(stage, "字" * 700) == 45002


def test_the_transcript_holds_both_sides(stage: Stage) -> None:
    stage.post("/control/customer/王先生/say", {"text": "我的"})
    answer(stage, "您有 1 份大闸蟹")
    lines = stage.get("/control/customer/王先生")["messages"]
    assert [(line["kind"], line["text"]) for line in lines] == [("in", "我的"), ("out", "您有 1 份大闸蟹")]


def test_the_url_check_wants_its_echo(stage: Stage) -> None:
    assert stage.post("/control/wechat/check-url")["ok"]
