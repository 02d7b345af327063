"""What was said to the bot and what it answered: masked by the front door, sealed here, kept for some days."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from models import ChatEvent
from services.chat.sessions import Place
from services.context import Ctx
from services.writing import changed


@dataclass(frozen=True)
class Exchange:
    """One turn of a talk: the chat name of who spoke, what was said, what was answered ("" for nothing in words)."""

    by: str
    said: str
    told: str


def room_of(ctx: Ctx, channel: str, chat_id: str, user_id: str = "") -> str:
    """The keyed hash of a place: of the group, or of the person where two talk alone (`chat_id` "")."""
    alone = "" if chat_id else user_id
    return ctx.vault.digest("chat_room", json.dumps([channel, chat_id, alone]))


def columns(ctx: Ctx, place: Place, turn: Exchange) -> dict[str, Any]:
    """The columns of a `ChatEvent` that keep a turn; both texts are masked already."""
    body = json.dumps([turn.by, turn.said, turn.told], ensure_ascii=False)
    return {
        "room": room_of(ctx, place.channel, place.chat_id, place.user_id),
        "turn_enc": ctx.vault.encrypt(body),
    }


def opened(ctx: Ctx, sealed: str) -> Exchange:
    """The turn that `columns` sealed."""
    return Exchange(*json.loads(ctx.vault.decrypt(sealed)))


def move(ctx: Ctx, channel: str, old_chat_id: str, new_chat_id: str) -> None:
    """The platform gave a chat another id: its transcript follows."""
    room = update(ChatEvent).where(ChatEvent.room == room_of(ctx, channel, old_chat_id))
    changed(ctx.session, room.values(room=room_of(ctx, channel, new_chat_id)))
