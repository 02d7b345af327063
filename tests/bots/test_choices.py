"""What the bot asks back with numbers is answered by a number, once; one that was not offered orders nothing."""

from __future__ import annotations

import pytest

from tests.bots.room import Room
from tests.bots.test_talk_of_orders import orders


def asked(room: Room) -> None:
    """张阿姨 is asked which of two campaigns her two units are of."""
    for title, goods in (("草莓团", "草莓"), ("纸巾团", "纸巾")):
        room.bind(room.world.campaign(prices={goods: 2990}, title=title))
    room.known("zhang", "张阿姨")
    assert "请回复序号" in room.say("zhang", "2份")


@pytest.mark.parametrize("said", ["1", "１", "回复1", "选 1", "第一个", "1。"])
def test_a_choice_is_taken_however_the_number_is_said(room: Room, said: str) -> None:
    asked(room)
    assert "在哪里自提" in room.say("zhang", said)
    assert orders(room) == []


@pytest.mark.parametrize("said", ["7", "0", "回复3", "第九个"])
def test_a_number_that_was_not_offered_is_told_and_asked_once_more(room: Room, said: str) -> None:
    asked(room)
    assert "没有这个序号，请回复 1 到 2" in room.say("zhang", said)
    assert orders(room) == []
    assert "在哪里自提" in room.say("zhang", "2")


def test_a_choice_is_consumed_by_its_answer(room: Room) -> None:
    asked(room)
    room.say("zhang", "1")
    room.say("zhang", "1")
    assert len(orders(room)) == 1


def test_nobody_else_answers_the_question(room: Room) -> None:
    asked(room)
    room.known("li", "李四")
    assert "没有这个序号" not in room.say("li", "回复7")


def test_a_question_that_lapsed_orders_nothing(room: Room) -> None:
    asked(room)
    room.clock.advance(minutes=60)
    assert "过时了" in room.say("zhang", "1")
    assert orders(room) == []
