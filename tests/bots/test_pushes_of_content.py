"""What the platform says of pictures comes by the address of customer service, and never to the chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models import ChatEvent, ContentCheck
from services.content_safety import asking
from tests.bots.room import Room

WORD: dict[str, Any] = {
    "ToUserName": "gh", "FromUserName": "o-author", "CreateTime": 1, "MsgType": "event", "Event": asking.EVENT,
    "trace_id": "trace-1", "version": 2, "errcode": 0, "result": {"suggest": "pass", "label": 100},
}  # fmt: skip


@pytest.fixture
def check(room: Room) -> int:
    """A picture that the platform looks at."""
    who = room.world.resident()
    with room.unit(who) as ctx:
        row = ContentCheck(
            public_id="chk_" + "0" * 26, state="asked", subject="evidence", row_id=1, resident_id=who.id,
            trace_id="trace-1", due_at=ctx.now, created_at=ctx.now,
        )  # fmt: skip
        ctx.session.add(row)
        ctx.session.flush()
        return row.id


def state(room: Room, check: int) -> str:
    """Where it stands; nothing of it ever went to the chat."""
    with room.unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(ChatEvent)) == 0
        return ctx.session.get_one(ContentCheck, check).state


def test_the_word_is_booked_once_and_answered_each_time(room: Room, check: int) -> None:
    for message in (WORD, WORD, WORD | {"result": {"suggest": "risky", "label": 20002}}):
        response = room.push(message)
        assert (response.status_code, response.data) == (200, b"success")
    assert state(room, check) == "passed"


def test_a_word_that_came_before_its_number_was_written_down_is_wanted_again(room: Room, check: int) -> None:
    assert room.push(WORD | {"trace_id": "trace-2"}).status_code == 503
    assert state(room, check) == "asked"


def test_a_word_without_sense_is_not_genuine(room: Room, check: int) -> None:
    assert room.push(WORD | {"result": "pass"}).status_code == 401
    assert state(room, check) == "asked"
