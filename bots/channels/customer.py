"""The mini-program's customer service: one to one, answered by a call of its own within the platform's window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.fields import event_key, id_of, text_of
from bots.channels.texts import cut_bytes, plain
from bots.messages import Heard, Reply
from services.chat.identities import CUSTOMER
from services.chat.sessions import Place

KIND = CUSTOMER
ADDRESSED = True
MOST_BYTES = 2048


def parse(message: Mapping[str, Any]) -> Heard | None:
    """A text or the opening of the chat; None for pushes that are no talk. Raises `BadNotice`."""
    kind, place = text_of(message, "MsgType"), Place(KIND, "", id_of(message, "FromUserName"))
    event = text_of(message, "Event")
    parts = (place.user_id, message.get("CreateTime"), event, message.get("EventKey"), message.get("SessionFrom"))
    key = event_key(message, "MsgId", *parts)
    if kind == "text":
        return Heard(place, key, "message", False, text_of(message, "Content"))
    if kind == "event" and event == "user_enter_tempsession":
        return Heard(place, key, "enter", False)
    return Heard(place, key, "message", False) if kind in ("image", "miniprogrampage") else None


def render(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """What is to be sent afterwards: `{"text"}`, or None for nothing."""
    text = plain(reply.parts)
    if reply.card is not None:
        text += plain([f"{reply.card.title} {reply.card.count}，{reply.card.standing}\n{reply.card.link}"])
    return {"text": cut_bytes(text, MOST_BYTES)} if text else None
