"""The smart robot through true encrypted callbacks: who hears what, and which answers reach the room."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.wecom import delivery, runtime, streams
from tests.sandbox.chat_stage import Stage, open_stage


@pytest.fixture
def stage(sandbox_keys: Path, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(sandbox_keys, tmp_path / "sandbox") as opened:
        yield opened


def stream(text: str, *, finish: bool = True) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": "s1", "finish": finish, "content": text}}


def card(title: str = "0/5", task_id: str = "cmp_1-1") -> dict[str, Any]:
    options = [{"id": "1", "text": "1份"}, {"id": "2", "text": "2份"}]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "周五大闸蟹"},
        "emphasis_content": {"title": title},
        "button_selection": {"question_key": "qty", "title": "数量", "option_list": options},
        "button_list": [{"text": "参团", "style": 1, "key": "join"}],
        "task_id": task_id,
    }


def posted_card(stage: Stage, room: int, task_id: str = "cmp_1-1") -> int:
    """Let the robot post a card; its message id."""
    stage.product.answer = lambda body: {"msgtype": "template_card", "template_card": card(task_id=task_id)}
    return int(stage.say(room, "李姐", "发团")[-1]["message_id"])


def press(stage: Stage, room: int, message_id: int, person: str = "李姐", **more: Any) -> list[dict[str, Any]]:
    wish = {"person": person, "message_id": message_id, "key": "join"} | more
    return list(stage.post(f"/control/rooms/{room}/click", wish)["messages"])


def test_a_mention_reaches_the_robot_and_its_answer_the_room(stage: Stage) -> None:
    room = stage.room("李姐", "张阿姨")
    stage.product.answer = lambda body: stream("**已登记** 张** 2份")
    lines = stage.say(room, "张阿姨", "两份")
    assert [(line["from"], line["text"]) for line in lines] == [("张阿姨", "@小邻 两份"), ("小邻", "已登记 张** 2份")]
    (heard,) = stage.product.heard
    assert heard["text"]["content"] == "@小邻 两份"
    assert heard["chattype"] == "group"
    assert heard["chatid"] == stage.get("/control/rooms")["rooms"][0]["chat_id"]
    assert set(heard) == {
        "msgid", "aibotid", "chatid", "chattype", "from", "response_url", "msgtype", "text",
    }  # fmt: skip


def test_talk_without_a_mention_stays_among_people(stage: Stage) -> None:
    room = stage.room("李姐")
    assert [line["text"] for line in stage.say(room, "李姐", "今天天气好", mention=False)] == ["今天天气好"]
    assert stage.product.heard == []


def test_only_members_may_speak(stage: Stage) -> None:
    room = stage.room("李姐")
    answer = stage.client.post(f"/control/rooms/{room}/say", json={"person": "路人", "text": "在吗"})
    assert answer.status_code == 400


def test_a_single_chat_greets_once_a_day_and_hears_without_mention(stage: Stage) -> None:
    greeting = {"msgtype": "text", "text": {"content": "您好，我是小邻"}}
    stage.product.answer = lambda body: greeting if body["msgtype"] == "event" else stream("帮助")
    first = stage.post("/control/dm", {"person": "老陈", "text": "帮助"})["messages"]
    again = stage.post("/control/dm", {"person": "老陈", "text": "帮助"})["messages"]
    assert [line["text"] for line in first] == ["您好，我是小邻", "帮助", "帮助"]
    assert [line["text"] for line in again] == ["帮助", "帮助"]
    assert {body["chattype"] for body in stage.product.heard} == {"single"}
    assert all("chatid" not in body for body in stage.product.heard)


@pytest.mark.parametrize(
    "reply",
    [
        {"msgtype": "text", "text": {"content": "不许"}},
        {"msgtype": "markdown", "markdown": {"content": "不许"}},
        {"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "长" * 7000}},
        {"msgtype": "template_card", "template_card": {"card_type": "button_interaction"}},
        {"msgtype": "template_card", "template_card": {"card_type": "text_notice", "main_title": "x"}},
    ],
)
def test_a_reply_against_the_rules_becomes_an_error_line(stage: Stage, reply: dict[str, Any]) -> None:
    stage.product.answer = lambda body: reply
    lines = stage.say(stage.room("李姐"), "李姐", "进度")
    assert [line["kind"] for line in lines] == ["text", "error"]


def test_an_empty_answer_is_silence(stage: Stage) -> None:
    assert len(stage.say(stage.room("李姐"), "李姐", "嗯")) == 1


def test_a_failed_message_comes_once_more_with_the_same_msgid(stage: Stage) -> None:
    stage.product.answer = lambda body: 500 if len(stage.product.heard) == 1 else stream("好")
    lines = stage.say(stage.room("李姐"), "李姐", "进度")
    assert lines[-1]["text"] == "好"
    first, second = stage.product.heard
    assert first == second


def test_a_message_answered_too_late_comes_once_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    late = threading.Event()

    def late_at_first(body: dict[str, Any]) -> dict[str, Any]:
        if len(stage.product.heard) == 1:
            monkeypatch.setattr(delivery, "ANSWER_SECONDS", 60)  # the second answer may take as long as it needs
            late.wait(60)
        return stream("好")

    stage.product.answer = late_at_first
    monkeypatch.setattr(delivery, "ANSWER_SECONDS", 0.3)
    lines = stage.say(stage.room("李姐"), "李姐", "进度")
    late.set()
    assert [line["text"] for line in lines] == ["@小邻 进度", "好"]
    assert len({body["msgid"] for body in stage.product.heard}) == 1


def test_a_message_is_not_sent_a_third_time(stage: Stage) -> None:
    stage.product.answer = lambda body: 500
    lines = stage.say(stage.room("李姐"), "李姐", "进度")
    assert lines[-1]["kind"] == "error"
    assert len(stage.product.heard) == 2


def test_a_pressed_button_replaces_the_card_for_everybody(stage: Stage) -> None:
    room = stage.room("李姐", "张阿姨")
    message_id = posted_card(stage, room)
    stage.product.answer = lambda body: {"response_type": "update_template_card", "template_card": card("1/5")}
    (line,) = press(stage, room, message_id, "张阿姨", selected={"qty": "2"})
    assert (line["message_id"], line["edited"], line["card"]["emphasis_content"]["title"]) == (message_id, True, "1/5")
    event = stage.product.heard[-1]["event"]["template_card_event"]
    assert event["selected_items"]["selected_item"] == [{"question_key": "qty", "option_ids": {"option_id": ["2"]}}]
    assert (event["event_key"], event["task_id"]) == ("join", "cmp_1-1")


def test_an_update_for_some_is_seen_by_them_only(stage: Stage) -> None:
    room = stage.room("李姐", "张阿姨")
    message_id = posted_card(stage, room)
    stage.product.answer = lambda body: {
        "response_type": "update_template_card",
        "userids": [body["from"]["userid"]],
        "template_card": card("您已参团"),
    }
    press(stage, room, message_id, "张阿姨")
    seen = {name: stage.get(f"/control/rooms/{room}/messages?as={name}")[-1] for name in ("李姐", "张阿姨")}
    assert "您已参团" in seen["张阿姨"]["text"]
    assert "您已参团" not in seen["李姐"]["text"]


def test_an_update_must_keep_the_task_id(stage: Stage) -> None:
    room = stage.room("李姐")
    message_id = posted_card(stage, room)
    stage.product.answer = lambda body: {"response_type": "update_template_card", "template_card": card(task_id="b")}
    assert "task_id" in press(stage, room, message_id)[-1]["text"]


def test_a_task_id_is_good_for_one_card(stage: Stage) -> None:
    room = stage.room("李姐")
    posted_card(stage, room)
    assert "task_id" in stage.say(room, "李姐", "发团")[-1]["text"]


def test_a_card_event_is_never_repeated(stage: Stage) -> None:
    room = stage.room("李姐")
    message_id = posted_card(stage, room)
    stage.product.answer = lambda body: 500
    assert press(stage, room, message_id)[-1]["kind"] == "error"
    assert len(stage.product.heard) == 2


def test_a_late_answer_to_a_card_event_is_dropped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    room, late = stage.room("李姐"), threading.Event()
    message_id = posted_card(stage, room)

    def answer_late(body: dict[str, Any]) -> dict[str, Any]:
        late.wait(60)
        return {"response_type": "update_template_card", "template_card": card("1/5")}

    stage.product.answer = answer_late
    monkeypatch.setattr(delivery, "ANSWER_SECONDS", 0.05)
    assert press(stage, room, message_id)[-1]["kind"] == "error"
    late.set()
    assert "0/5" in stage.get(f"/control/rooms/{room}/messages")[1]["text"]


def test_an_unknown_button_or_option_cannot_be_pressed(stage: Stage) -> None:
    room = stage.room("李姐")
    message_id = posted_card(stage, room)
    wishes: list[dict[str, Any]] = [{"key": "other"}, {"key": "join", "selected": {"qty": "9"}}]
    for wish in wishes:
        wish |= {"person": "李姐", "message_id": message_id}
        assert stage.client.post(f"/control/rooms/{room}/click", json=wish).status_code == 400


def test_an_unfinished_stream_is_polled_to_its_end(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.01)
    ended = threading.Event()

    def refresh(body: dict[str, Any]) -> dict[str, Any]:
        polls = [one for one in stage.product.heard if one["msgtype"] == "stream"]
        if len(polls) == 3:
            ended.set()
        return stream(f"{7 + len(polls)}/10", finish=len(polls) == 3)

    stage.product.answer = refresh
    room = stage.room("李姐")
    stage.say(room, "李姐", "进度")
    assert ended.wait(60)
    runtime.of(stage.client.application).wait(60)
    line = stage.get(f"/control/rooms/{room}/messages")[-1]
    assert (line["text"], line["edited"]) == ("10/10", True)
    assert all("response_url" not in body for body in stage.product.heard if body["msgtype"] == "stream")


def test_a_fourth_interaction_in_flight_is_not_delivered(stage: Stage) -> None:
    stage.product.answer = lambda body: stream("7/10", finish=False)
    room = stage.room("李姐")
    lines = [stage.say(room, "李姐", "进度")[-1] for _ in range(4)]
    assert [line["kind"] for line in lines] == ["markdown", "markdown", "markdown", "error"]


def test_the_robot_speaks_thirty_times_a_minute_at_most(stage: Stage) -> None:
    stage.product.answer = lambda body: stream("好")
    room = stage.room("李姐")
    kinds = [stage.say(room, "李姐", "进度")[-1]["kind"] for _ in range(31)]
    assert kinds == ["markdown"] * 30 + ["error"]
    stage.box.clock.move(advance_seconds=61)
    assert stage.say(room, "李姐", "进度")[-1]["kind"] == "markdown"


def test_a_response_url_takes_one_markdown_within_the_hour(stage: Stage) -> None:
    room = stage.room("李姐")
    stage.say(room, "李姐", "到货了吗")
    stage.say(room, "李姐", "还有吗")
    used, late = (body["response_url"].partition("/cgi-bin")[2] for body in stage.product.heard)
    message = {"msgtype": "markdown", "markdown": {"content": "到货了"}}
    forbidden = {"msgtype": "template_card", "template_card": card()}
    assert stage.post(f"/cgi-bin{used}", forbidden)["errcode"] == 40008
    assert stage.post(f"/cgi-bin{used}", message)["errcode"] == 0
    assert stage.post(f"/cgi-bin{used}", message)["errcode"] != 0
    stage.box.clock.move(advance_seconds=3601)
    assert stage.post(f"/cgi-bin{late}", message)["errcode"] != 0
    last = stage.get(f"/control/rooms/{room}/messages")[-1]
    assert (last["text"], last["quote"]) == ("到货了", "李姐：@小邻 到货了吗")


def test_the_url_check_wants_the_plaintext(stage: Stage) -> None:
    assert stage.post("/control/wecom/check-url")["ok"]


def test_duplicated_callbacks_show_one_answer(stage: Stage) -> None:
    stage.post("/control/chat-knobs", {"duplicate_callbacks": 5})
    stage.product.answer = lambda body: stream("好")
    assert [line["text"] for line in stage.say(stage.room("李姐"), "李姐", "1份")] == ["@小邻 1份", "好"]
    assert len(stage.product.heard) == 5
    assert len({body["msgid"] for body in stage.product.heard}) == 1


def test_a_tampered_copy_goes_before_the_true_one(stage: Stage) -> None:
    stage.post("/control/chat-knobs", {"tamper_callbacks": 1})
    stage.product.answer = lambda body: stream("好")
    assert stage.say(stage.room("李姐"), "李姐", "1份")[-1]["text"] == "好"
    assert (stage.product.refused, len(stage.product.heard)) == (1, 1)


def test_a_lost_reply_brings_the_message_again(stage: Stage) -> None:
    stage.post("/control/chat-knobs", {"drop_replies": 1})
    stage.product.answer = lambda body: stream("好")
    assert stage.say(stage.room("李姐"), "李姐", "1份")[-1]["text"] == "好"
    assert len(stage.product.heard) == 2
