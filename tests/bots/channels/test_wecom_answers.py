"""WeCom's own means: answers that refresh for two minutes, and the one late word by `response_url`."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from bots.channels import wecom
from bots.channels.card_shape import template_card
from bots.channels.registry import CHANNELS
from bots.listening import Listener
from bots.streams import LIFE
from domain.actors import SYSTEM
from integrations.counters import MemoryCounters
from integrations.wecom.response_url import ResponseUrl
from models import Campaign
from sandbox.wecom.replies import check_reply
from services.assembly import Lintuan
from services.ports import ChatGone, OutsideError, Refused, Unreachable
from tests.bots.channels.cards import CARD, answer_with_card
from tests.bots.channels.conftest import Tell
from tests.bots.channels.drivers import PERSON, Wecom
from tests.bots.room import Room
from tests.builders.clock import FrozenClock
from tests.integrations.local_server import Answer, Asked
from tests.integrations.sandbox_process import Stage
from tests.services.pickup.world import World, one


@pytest.fixture
def robot(stage: Stage, app: Flask) -> Wecom:
    """The smart robot in a group of its own."""
    return Wecom(stage, app.extensions["lintuan"])


@pytest.fixture
def room(robot: Wecom, app: Flask, client: Any, clock: FrozenClock) -> Room:
    """The world behind that group."""
    return Room(World(app.extensions["lintuan"].unit, clock), client, clock, robot.chat_id)


def poll(robot: Wecom, tell: Tell, stream: str) -> dict[str, Any]:
    """One refresh poll as the platform sends it: the stream it answers with."""
    body = {"msgid": stream[-8:], "aibotid": "a", "chatid": robot.chat_id, "chattype": "group",
            "from": {"userid": robot.user_id}, "msgtype": "stream", "stream": {"id": stream}}  # fmt: skip
    reply = robot.answer(tell(robot.framed(body)))
    check_reply(reply, "poll")
    shown: dict[str, Any] = reply["stream"]
    assert shown["id"] == stream
    return shown


def asked_for_progress(robot: Wecom, tell: Tell) -> dict[str, Any]:
    """The stream that answers 进度."""
    reply = robot.answer(tell(robot.speak("进度")))
    assert check_reply(reply, "message") == "stream"
    stream: dict[str, Any] = reply["stream"]
    return stream


def test_a_count_is_refreshed_until_two_minutes_are_over(
    robot: Wecom, room: Room, tell: Tell, clock: FrozenClock
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    first = asked_for_progress(robot, tell)
    assert first["finish"] is False and "0 人" in first["content"]
    room.world.order(room.world.resident(), campaign, {"草莓": 1})
    newer = poll(robot, tell, first["id"])
    assert newer["finish"] is False and "1 人" in newer["content"]
    clock.advance(seconds=LIFE.total_seconds())
    assert poll(robot, tell, first["id"])["finish"] is True


def test_a_campaign_that_has_enough_ends_the_refreshing(robot: Wecom, room: Room, tell: Tell) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    with room.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).minimum = 1
    first = asked_for_progress(robot, tell)
    assert first["finish"] is False
    room.world.order(room.world.resident(), campaign, {"草莓": 1})
    assert poll(robot, tell, first["id"])["finish"] is True
    assert asked_for_progress(robot, tell)["finish"] is True


def test_a_person_has_one_open_answer_of_the_three_that_may_be_in_flight(
    robot: Wecom, room: Room, tell: Tell, clock: FrozenClock
) -> None:
    room.bind(room.world.campaign())
    assert [asked_for_progress(robot, tell)["finish"] for _ in range(5)] == [False, True, True, True, True]
    clock.advance(seconds=LIFE.total_seconds())
    assert asked_for_progress(robot, tell)["finish"] is False


def test_a_stream_of_another_chat_or_of_nobody_ends_at_once(robot: Wecom, room: Room, tell: Tell) -> None:
    elsewhere = room.world.campaign()
    for name in (f"{elsewhere}.99999999999.x", "nonsense", "cmp_x.y.z", "..", "a" * 128):
        assert poll(robot, tell, name)["finish"] is True


def test_the_platform_polls_and_the_line_in_the_room_follows(
    robot: Wecom, room: Room, tell: Tell, stage: Stage, clock: FrozenClock
) -> None:
    """The true loop: five times 进度, none refused for being the fourth in flight, and the line moves on."""
    campaign = room.world.campaign()
    room.bind(campaign)
    polled, finished = threading.Event(), threading.Event()

    def hear(asked: Asked) -> Answer:
        response = tell(asked)
        if robot.opened(asked)["msgtype"] == "stream":
            polled.set()
            if robot.answer(response)["stream"]["finish"]:
                finished.set()
        return Answer(response.status_code, response.data, {"Content-Type": "application/json"})

    stage.product.answer = hear
    for _ in range(5):
        stage.control(f"rooms/{robot.room_id}/say", person=PERSON, text="进度", mention=True)
    assert all(line["kind"] != "error" for line in stage.seen(f"rooms/{robot.room_id}/messages"))
    assert polled.wait(30)
    room.world.order(room.world.resident(), campaign, {"草莓": 1})
    until(lambda: any("1 人" in line["text"] for line in robot.shown()))
    clock.advance(seconds=LIFE.total_seconds())
    until(finished.is_set)


def until(true: Callable[[], bool]) -> None:
    """Look again, for a minute on a busy machine."""
    pause = threading.Event()
    assert any(true() or pause.wait(0.05) for _ in range(1200))


def late_listener(product: Lintuan, *seconds: float) -> Listener:
    """The chat's front door at a time when each answer takes as long as said."""
    ticks = itertools.chain(*((0.0, one) for one in seconds))
    hear = product.hear
    assert isinstance(hear, Listener)
    return Listener(hear.unit, MemoryCounters(), hear.voice, product.outside.late, lambda: next(ticks))


def test_an_answer_within_five_seconds_goes_the_usual_way(robot: Wecom) -> None:
    listener = late_listener(robot.product, 4.4)
    answer = listener("wecom", robot.opened(robot.speak("帮助")))
    assert answer is not None and answer["msgtype"] == "stream"
    assert robot.shown() == []


def test_a_later_answer_goes_by_the_callbacks_own_address_once(robot: Wecom, stage: Stage) -> None:
    listener = late_listener(robot.product, 4.6, 0.1, 0.1)
    message = robot.opened(robot.speak("帮助"))
    assert listener("wecom", message) is None
    assert listener("wecom", message) is None, "the repeat of what was answered late is silent"
    (line,) = robot.shown()
    assert "2份" in line["text"] and "帮助" in line["quote"]


def test_a_late_press_is_answered_in_words_because_the_card_can_no_longer_change(
    robot: Wecom, room: Room, stage: Stage
) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    pressed = robot.opened(answer_with_card(robot, stage, CHANNELS["wecom"], replace(CARD, campaign_id=campaign)))
    assert late_listener(robot.product, 5.5)("wecom", pressed) is None
    assert "「周五水果」" in robot.shown()[-1]["text"]


def test_a_late_card_stays_a_card_where_two_talk_alone(robot: Wecom, room: Room, stage: Stage) -> None:
    campaign = room.world.campaign()
    room.bind(campaign)
    stage.control("dm", person=PERSON, text="在吗")
    opened: dict[str, Any] = {}
    while opened.get("msgtype") != "text":
        opened = robot.opened(stage.notice(robot.path))
    heard = wecom.parse(opened)
    assert heard is not None and not heard.group
    card = {"msgtype": "template_card", "template_card": template_card(CARD, f"late-{robot.chat_id}")}
    late = robot.product.outside.late
    assert late is not None
    late.answer(heard.answer_to, wecom.late(heard, card))
    assert stage.seen(f"dm/{PERSON}")[-1]["card"]["task_id"] == f"late-{robot.chat_id}"


def test_the_address_is_good_once_for_an_hour_and_for_words_only_in_a_group(robot: Wecom, stage: Stage) -> None:
    late = ResponseUrl(robot.product.settings.wecom_base_url)
    words = {"msgtype": "markdown", "markdown": {"content": "好的"}}

    def refused(address: str, payload: dict[str, Any]) -> str:
        with pytest.raises(Refused) as caught:
            late.answer(address, payload)
        assert "response_code" not in str(caught.value)
        return caught.value.code

    address = robot.opened(robot.speak("帮助"))["response_url"]
    card = {"msgtype": "template_card", "template_card": {"card_type": "text_notice"}}
    assert refused(address, card) == "40008"
    assert refused(address, {"msgtype": "markdown", "markdown": {"content": "x" * 20481}}) == "45002"
    late.answer(address, words)
    assert refused(address, words) == "60140"
    assert refused("https://elsewhere.example/cgi-bin/aibot/response?response_code=x", words) == ""
    address = robot.opened(robot.speak("帮助"))["response_url"]
    stage.move_clock(int(stage.offset.total_seconds()) + 3601)
    assert refused(address, words) == "60140"


@pytest.mark.parametrize(
    ("errcode", "kind", "seconds"),
    [(93000, ChatGone, None), (93004, ChatGone, None), (93008, ChatGone, None), (45009, Unreachable, 60),
     (45033, Unreachable, 0), (45002, Refused, None), (40008, Refused, None), (40058, Refused, None)],
)  # fmt: skip
def test_each_of_the_webhooks_errors_is_read(
    robot: Wecom, stage: Stage, errcode: int, kind: type[OutsideError], seconds: int | None
) -> None:
    stage.control("chat-knobs", webhook_errcode=errcode)
    payload = {"msgtype": "text", "text": {"content": "还差 3 份"}}
    with pytest.raises(OutsideError) as caught:
        robot.port.push(robot.address, payload, "k")
    assert (type(caught.value), getattr(caught.value, "retry_after", None)) == (kind, seconds)
    robot.port.push(robot.address, payload, "k")
    assert len(robot.shown()) == 1


def test_a_busy_platform_is_asked_again_later(robot: Wecom, stage: Stage) -> None:
    stage.control("chat-knobs", webhook_busy=1)
    with pytest.raises(Unreachable):
        robot.port.push(robot.address, {"msgtype": "text", "text": {"content": "还差 3 份"}}, "k")
    assert robot.shown() == []


def test_the_webhook_takes_notices_only(robot: Wecom) -> None:
    with pytest.raises(Refused):
        card = {"msgtype": "template_card", "template_card": template_card(CARD, "c1")}
        robot.port.push(robot.address, card, "k")
