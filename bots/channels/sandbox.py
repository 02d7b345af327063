"""The test channel: hears everything, edits at any time; it imitates no platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.card_shape import UNITS_QUESTION, template_card
from bots.channels.fields import action_of, id_of, text_of, units_of
from bots.channels.texts import cut_bytes, markdown
from bots.messages import Card, Heard, Reply
from services.chat.inbox import key_of
from services.chat.sessions import Place
from services.ports import BadNotice, Capabilities, Limit

KIND = "sandbox"
HEARD_AS_MEANT = False
MOST_BYTES = 4096
CAPABILITIES = Capabilities(
    hears="everything", speaks="freely", edits="any", buttons=True, max_bytes=MOST_BYTES, sends_once=True,
    limits=(Limit("chat", 600, 60),),
)  # fmt: skip


def parse(message: Mapping[str, Any]) -> Heard | None:
    """The message or click in a signed body; raises `BadNotice`."""
    place = Place(KIND, id_of(message, "chat_id"), id_of(message, "user_id"))
    key, kind = id_of(message, "event_id"), text_of(message, "kind")
    if kind == "message":
        return Heard(place, key, "message", True, text_of(message, "text"))
    if kind != "click":
        raise BadNotice("kind is neither message nor click")
    action, subject = action_of(text_of(message, "action"))
    selected = message.get("selected")
    units = units_of(selected.get(UNITS_QUESTION) if isinstance(selected, dict) else None)
    return Heard(place, key, "click", True, action=action, subject=subject, units=units,
                 card=id_of(message, "message_id"))  # fmt: skip


def render(heard: Heard, reply: Reply) -> dict[str, Any]:
    """`{"replies": [payload, …], "update": payload or null}`."""
    text = cut_bytes(markdown(reply.parts), MOST_BYTES)
    replies = [{"msgtype": "markdown", "markdown": {"content": text}}] if text else []
    shown = card(reply.card, key_of(heard.card or heard.key)[:32]) if reply.card else None
    if heard.kind == "click":
        return {"replies": replies, "update": shown}
    return {"replies": [*replies, shown] if shown else replies, "update": None}


def card(shown: Card, name: str) -> dict[str, Any]:
    """A card as a message of its own."""
    return {"msgtype": "template_card", "template_card": template_card(shown, f"{shown.campaign_id}-{name}")}


def line(text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
    """A line of the bot's own."""
    body = "".join([text, *(f" @{user}" for user in mentions)])
    return {"msgtype": "text", "text": {"content": cut_bytes(body, MOST_BYTES)}}
