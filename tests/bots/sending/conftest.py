"""Groups of each kind that can be spoken to, and the sender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bots.sending import drain as draining
from bots.voice import Voice
from domain.actors import SYSTEM
from models import Campaign, ChatBinding, ChatCampaign, OutboxMessage
from services import announcing
from tests.bots.room import Room
from tests.builders.outside import PretendChat, PretendOutside
from tests.services.pickup.world import one

VOICE = Voice("https://lintuan.example", "小邻", {})


class Sender:
    """Speaks of `room`'s campaigns in pretend groups of every kind."""

    def __init__(self, room: Room, outside: PretendOutside) -> None:
        self.room, self.outside = room, outside
        self.chats: dict[str, PretendChat] = {
            kind: PretendChat(kind=kind) for kind in ("sandbox", "wecom", "http", "telegram")
        }
        outside.chats.update(self.chats)

    def shown(self, channel: str, chat: str = "group-1", minimum: int = 0) -> tuple[str, int]:
        """A new campaign shown in a chat of that kind; its public id and the binding's number."""
        campaign = self.room.world.campaign()
        self.minimum(campaign, minimum)
        return campaign, self.show(campaign, channel, chat)

    def show(self, campaign: str, channel: str, chat: str = "group-1") -> int:
        """Show a campaign in a chat."""
        self.room.chat_id = chat
        return self.room.bind(campaign, channel=channel, key="webhook-key" if channel == "wecom" else "")

    def minimum(self, campaign: str, people: int) -> None:
        """Give it a minimum of people."""
        with self.room.unit(SYSTEM) as ctx:
            one(ctx, Campaign, campaign).minimum = people

    def buy(self, campaign: str, times: int = 1) -> None:
        """So many new people order and pay."""
        for _ in range(times):
            self.room.world.order(self.room.world.resident(), campaign, {"草莓": 1})

    def happens(self, campaign: str, what: str) -> None:
        """Queue an outcome."""
        with self.room.unit(SYSTEM) as ctx:
            announcing.outcome(ctx, one(ctx, Campaign, campaign), what)

    def counts(self, campaign: str) -> int:
        """The count moves by one; returns the new revision."""
        with self.room.unit(SYSTEM) as ctx:
            row = one(ctx, Campaign, campaign)
            row.revision += 1
            ctx.session.flush()
            announcing.progress(ctx, row)
            return row.revision

    def drain(self, seconds: float = 0) -> None:
        """Send what is due after a while."""
        self.room.clock.advance(seconds=seconds)
        draining.drain(self.room.unit, self.outside, VOICE)

    def rows(self, kind: str) -> list[OutboxMessage]:
        """Outbox rows of a kind, oldest first."""
        with self.room.unit.reading() as ctx:
            found = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
            return list(ctx.session.scalars(found))

    def binding(self, number: int) -> ChatBinding:
        """A binding as it stands."""
        with self.room.unit.reading() as ctx:
            return ctx.session.get_one(ChatBinding, number)

    def standing(self, number: int) -> ChatCampaign:
        """What is shown of the only campaign in a chat."""
        with self.room.unit.reading() as ctx:
            return ctx.session.scalars(select(ChatCampaign).where(ChatCampaign.binding_id == number)).one()


MakeSender = Callable[[], Sender]


def words(payload: dict[str, Any]) -> str:
    """The words of a pushed line; "" for a card."""
    text = payload.get("text", "")
    return str(text["content"] if isinstance(text, dict) else text)


@pytest.fixture
def sender(room: Room, outside: PretendOutside) -> Sender:
    """The sender."""
    return Sender(room, outside)
