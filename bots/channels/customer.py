"""The mini-program's customer service: one to one, answered by a call of its own within the platform's window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.fields import event_key, id_of, text_of
from bots.channels.texts import cut_bytes, plain
from bots.messages import Card, Heard, Reply
from services.chat.identities import CUSTOMER
from services.chat.sessions import Place
from services.ports import Capabilities, Limit

KIND = CUSTOMER
HEARD_AS_MEANT = True
MOST_BYTES = 2048
WROTE, ENTERED = Limit("person", 5, 48 * 3600), Limit("person", 2, 60)
"""Five answers to each message within two days; two within a minute to somebody who only opened the chat."""
CAPABILITIES = Capabilities(
    hears="alone", speaks="in_window", edits="never", buttons=False, max_bytes=MOST_BYTES, limits=(WROTE, ENTERED)
)


def parse(message: Mapping[str, Any]) -> Heard | None:
    """A text or the opening of the chat; None for pushes that are no talk. Raises `BadNotice`."""
    kind, place = text_of(message, "MsgType"), Place(KIND, "", id_of(message, "FromUserName"))
    event, at = text_of(message, "Event"), message.get("CreateTime")
    parts = (place.user_id, at, event, message.get("EventKey"), message.get("SessionFrom"))
    key, said_at = event_key(message, "MsgId", *parts), at if type(at) is int else 0
    if kind == "text":
        return Heard(place, key, "message", False, text_of(message, "Content"), said_at=said_at)
    if kind == "event" and event == "user_enter_tempsession":
        return Heard(place, key, "enter", False, said_at=said_at)
    if kind in ("image", "miniprogrampage"):
        return Heard(place, key, "message", False, said_at=said_at)
    return None


def render(heard: Heard, reply: Reply) -> dict[str, Any] | None:
    """What is to be sent afterwards: `{"text"}`, or None for nothing."""
    text = plain(reply.parts)
    if reply.card is not None:
        text += _campaign(reply.card)
    return line(text) if text else None


def line(text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
    """Words to one person; nobody else reads there, so nobody is called."""
    return {"text": cut_bytes(text, MOST_BYTES)}


def card(shown: Card, name: str) -> dict[str, Any]:
    """A campaign in words, with its link."""
    return line(_campaign(shown))


def _campaign(shown: Card) -> str:
    return plain([f"{shown.title} {shown.count}，{shown.standing}\n{shown.link}"])
