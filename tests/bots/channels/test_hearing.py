"""Every channel hears alike: the same words become the same message, once, from nobody but the platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from bots.channels.registry import CHANNELS
from bots.messages import Heard
from domain.actors import SYSTEM
from models import ChatBinding, ChatEvent, OutboxMessage
from services.chat import speaking
from services.chat.sessions import Place
from services.ports import BadNotice
from tests.bots.channels.cards import CARD, answer_with_card
from tests.bots.channels.conftest import Tell
from tests.bots.channels.drivers import Customer, Driver
from tests.bots.channels.table import ALL, CUSTOMER, GROUPS, TELEGRAM, WECOM, cases
from tests.bots.room import Room
from tests.builders.clock import FrozenClock
from tests.integrations.sandbox_process import Stage
from tests.services.pickup.world import World

ODD: list[Any] = [None, 7, -1, True, 1e300, "", "x" * 5000, [], {}, [[{}]], {"a": None}]


@cases("hears")
def test_the_same_words_become_the_same_message(kind: str, driver: Driver) -> None:
    heard = CHANNELS[kind].parse(driver.opened(driver.speak("草莓 2份")))
    assert heard is not None and heard.key
    assert heard.text.removeprefix("@小邻").strip() == "草莓 2份"
    alone = kind == CUSTOMER
    place = Place(kind, "" if alone else driver.chat_id, driver.user_id)
    expected = Heard(place, heard.key, "message", not alone, heard.text, answer_to=heard.answer_to,
                     said_at=heard.said_at)  # fmt: skip
    assert heard == expected
    assert (heard.said_at > 0) == alone  # only customer service counts its windows from there


@cases("hears")
def test_two_messages_are_two_events(kind: str, driver: Driver) -> None:
    keys = set()
    for _ in range(2):
        heard = CHANNELS[kind].parse(driver.opened(driver.speak("+1")))
        assert heard is not None
        keys.add(heard.key)
    assert len(keys) == 2


@cases("press", GROUPS)
def test_a_press_says_who_pressed_what_on_which_card(kind: str, driver: Driver, pressed: Heard) -> None:
    assert (pressed.kind, pressed.action, pressed.subject) == ("click", "progress", "cmp_1")
    assert (pressed.place.chat_id, pressed.place.user_id) == (driver.chat_id, driver.user_id)
    assert pressed.card and pressed.key


@pytest.fixture
def pressed(kind: str, driver: Driver, stage: Stage) -> Heard:
    """What is heard of a press on a card that the channel showed."""
    adapter = CHANNELS[kind]
    asked = answer_with_card(driver, stage, adapter, CARD)
    heard = adapter.parse(driver.opened(asked))
    assert heard is not None
    return heard


@pytest.fixture
def room(app: Flask, client: Any, clock: FrozenClock) -> Room:
    """The world behind the chats."""
    return Room(World(app.extensions["lintuan"].unit, clock), client, clock)


def events(app: Flask) -> int:
    """How many events were taken."""
    with app.extensions["lintuan"].unit.reading() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(ChatEvent)) or 0


@cases("repeat", GROUPS)
def test_a_repeat_gets_the_answer_that_was_given(
    kind: str, hearing: Driver, tell: Tell, room: Room, app: Flask
) -> None:
    asked = hearing.speak("进度")
    first = hearing.answer(tell(asked))
    assert "没有正在进行的团" in json.dumps(first, ensure_ascii=False)
    room.chat_id = hearing.chat_id
    room.bind(room.world.campaign(), channel=kind)
    assert hearing.answer(tell(asked)) == first
    assert "「周五水果」" in json.dumps(hearing.answer(tell(hearing.speak("进度"))), ensure_ascii=False)
    assert events(app) == 2


def test_a_repeat_to_customer_service_is_answered_once(stage: Stage, app: Flask, tell: Tell) -> None:
    hearing = Customer(stage, app.extensions["lintuan"])
    asked = hearing.speak("帮助")
    assert [tell(asked).data for _ in range(3)] == [b"success"] * 3
    with app.extensions["lintuan"].unit.reading() as ctx:
        replies = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "customer_reply")
        assert ctx.session.scalar(replies) == 1


@cases("forged")
def test_what_is_forged_is_refused(kind: str, driver: Driver) -> None:
    asked = driver.speak("帮助")
    assert driver.opened(asked)
    with pytest.raises(BadNotice):
        driver.opened(driver.forged(asked))


@cases("forged")
def test_the_door_says_401_to_a_forged_message(kind: str, hearing: Driver, tell: Tell, app: Flask) -> None:
    asked = hearing.speak("帮助")
    assert tell(hearing.forged(asked)).status_code == 401
    assert events(app) == 0


@cases("stale", [kind for kind in ALL if kind != TELEGRAM])
def test_what_is_stale_is_refused(kind: str, driver: Driver, clock: FrozenClock) -> None:
    """Telegram's webhook carries no time: there the number of the update alone stops a replay."""
    asked = driver.speak("帮助")
    clock.advance(seconds=400)
    with pytest.raises(BadNotice):
        driver.opened(asked)


def spoilt(message: Any) -> Iterator[Any]:
    """The message with each of its fields, however deep, gone or replaced by something odd."""
    yield from ODD
    if isinstance(message, dict):
        for name, value in message.items():
            yield {other: kept for other, kept in message.items() if other != name}
            yield from ({**message, name: odd} for odd in ODD)
            if isinstance(value, dict):
                yield from ({**message, name: odd} for odd in spoilt(value))


@cases("malformed")
def test_a_malformed_message_is_refused_or_answered_and_never_an_error(
    kind: str, hearing: Driver, tell: Tell, app: Flask
) -> None:
    whole = hearing.opened(hearing.speak("2份"))
    statuses = {tell(hearing.framed(message)).status_code for message in spoilt(whole)}
    assert statuses <= {200, 401}


@cases("moved", [TELEGRAM])
def test_the_binding_follows_a_group_that_got_another_id(
    kind: str, hearing: Driver, tell: Tell, room: Room, app: Flask, stage: Stage
) -> None:
    room.chat_id = hearing.chat_id
    number = room.bind(room.world.campaign(), channel=kind)
    ids = stage.control(f"telegram/chats/{hearing.room_id}/migrate")
    asked = stage.notice(hearing.path)
    assert [tell(asked).status_code for _ in range(2)] == [200, 200]
    with app.extensions["lintuan"].unit.reading() as ctx:
        assert ctx.session.get_one(ChatBinding, number).remote_chat_id == str(ids["new"])
    assert "「周五水果」" in json.dumps(hearing.answer(tell(hearing.speak("进度"))), ensure_ascii=False)


@cases("paced", [WECOM, TELEGRAM])
def test_we_wait_for_every_limit_that_is_declared_for_a_chat(
    kind: str, hearing: Driver, room: Room, app: Flask, clock: FrozenClock
) -> None:
    room.chat_id = hearing.chat_id
    number = room.bind(room.world.campaign(), channel=kind, key="k")
    limits = CHANNELS[kind].CAPABILITIES.limits

    def free_in() -> float:
        with app.extensions["lintuan"].unit(SYSTEM) as ctx:
            binding = ctx.session.get_one(ChatBinding, number, populate_existing=True)
            at = speaking.next_push(ctx, binding, limits)
            if at is None:
                speaking.note_push(ctx, binding)
                speaking.leave(ctx, binding.id, spoke=True)
            return 0.0 if at is None else (at - ctx.now).total_seconds()

    waits = []
    for _ in range(21):
        waits.append(free_in())
        if waits[-1]:
            clock.advance(seconds=waits[-1])
            assert free_in() == 0
    most = next(limit for limit in limits if limit.count == 20)
    assert waits[:20] == ([0.0] * 20 if kind == WECOM else [0.0] + [pytest.approx(1, abs=0.01)] * 19)
    assert 0 < waits[20] <= most.seconds + 0.01
