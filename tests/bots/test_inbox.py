"""At-least-once delivery in, exactly one effect out; nothing personal is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.actors import SYSTEM
from models import ChatEvent, Order
from services.chat import inbox
from tests.bots.room import Room


def count_orders(room: Room) -> int:
    """How many orders there are."""
    with room.unit.reading() as ctx:
        return ctx.session.scalars(select(func.count()).select_from(Order)).one()


def ready(room: Room) -> None:
    """Somebody known with a usual point, in a room with one campaign."""
    campaign = room.world.campaign(prices={"草莓": 2990, "纸巾": 1001})
    room.bind(campaign)
    room.world.order(room.known("zhang", "张阿姨"), campaign, {"纸巾": 1})


def test_one_message_delivered_twenty_times_at_once_is_one_order_and_one_answer(room: Room, app: Flask) -> None:
    ready(room)
    message = room.message("zhang", "草莓2盒", msgid="the-one")

    def deliver(_: int) -> int:
        return int(room.post(message, app.test_client()).status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(deliver, range(20)))
    assert set(statuses) <= {200, 503} and 200 in statuses
    assert count_orders(room) == 2
    assert room.call(message) == room.call(message)


def test_without_the_message_id_every_delivery_would_be_an_order(room: Room) -> None:
    ready(room)
    for number in range(2):
        room.say("zhang", "草莓再加2盒", msgid=f"another-{number}")
    assert count_orders(room) > 1


def test_two_people_saying_the_same_are_two_orders(room: Room) -> None:
    ready(room)
    room.known("wang", "老王")
    room.say("wang", "草莓再加2盒")
    room.say("wang", "1")
    room.say("zhang", "草莓再加2盒")
    assert count_orders(room) == 3


def test_a_failed_handler_leaves_no_mark_so_that_the_platform_comes_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bots.commands import joining

    ready(room)
    message = room.message("zhang", "草莓2盒", msgid="the-one")
    with monkeypatch.context() as broken:
        broken.setattr(joining, "join", None)
        assert room.post(message).status_code == 500
    assert count_orders(room) == 1
    assert room.post(message).status_code == 200
    assert count_orders(room) == 2


def test_a_failed_click_gets_an_empty_answer_because_it_never_comes_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bots.commands import pressing

    ready(room)
    card = room.card("zhang")
    monkeypatch.setattr(pressing, "click", None)
    pressed = {
        "card_type": "button_interaction",
        "event_key": card["button_list"][0]["key"],
        "task_id": card["task_id"],
    }
    response = room.post({
        "msgid": "click-1", "chattype": "group", "chatid": room.chat_id, "from": {"userid": "zhang"},
        "msgtype": "event", "event": {"eventtype": "template_card_event", "template_card_event": pressed},
    })  # fmt: skip
    assert (response.status_code, response.data) == (200, b"")


def test_transcripts_are_deleted_after_their_days(room: Room) -> None:
    room.say("zhang", "帮助")
    room.clock.advance(days=31)
    with room.unit(SYSTEM) as ctx:
        assert inbox.forget_old(ctx) == 1
        assert ctx.session.scalars(select(ChatEvent)).all() == []


def test_one_id_on_two_peoples_messages_gives_neither_the_others_answer(room: Room) -> None:
    ready(room)
    room.known("wang", "老王")
    own = room.say("zhang", "我的", msgid="the-one")
    assert "纸巾×1" in own and room.say("zhang", "我的", msgid="the-one") == own
    assert room.say("wang", "我的", msgid="the-one") == "您还没有订单。"
    assert room.say("zhang", "帮助", group=False, msgid="the-one") != own
