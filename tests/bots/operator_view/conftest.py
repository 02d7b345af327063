"""A group whose webhook the operator watches."""

from __future__ import annotations

import pytest

from tests.bots.operator_view.desk import Desk
from tests.bots.room import Room
from tests.builders.outside import PretendChat, PretendOutside


@pytest.fixture
def wecom(outside: PretendOutside) -> PretendChat:
    """The webhook of the group."""
    chat = outside.chats["wecom"]
    assert isinstance(chat, PretendChat)
    return chat


@pytest.fixture
def desk(room: Room, outside: PretendOutside) -> Desk:
    """The operator's desk."""
    return Desk.of(room, outside)
