"""Signed JSON over HTTP: a bridge hears everything for us; the sandbox's test channel can also change what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.channels.card_shape import UNITS_QUESTION, template_card
from bots.channels.fields import action_of, id_of, text_of, units_of
from bots.channels.texts import cut_bytes, markdown, no_mark
from bots.messages import Card, Heard, Reply
from services.chat.inbox import key_of
from services.chat.sessions import Place
from services.ports import BadNotice, Capabilities, Limit

MOST_BYTES = 4096


class HttpChannel:
    """Whoever bridges a chat to us; a message without `chat_id` is said to the bot alone."""

    KIND = "http"
    HEARD_AS_MEANT = False
    CAPABILITIES = Capabilities(
        hears="everything", speaks="freely", edits="never", buttons=True, max_bytes=MOST_BYTES, sends_once=True,
        limits=(Limit("chat", 60, 60),),
    )  # fmt: skip

    def parse(self, message: Mapping[str, Any]) -> Heard | None:
        """The message or click in a signed body; raises `BadNotice`."""
        group = message.get("chat_id") is not None
        place = Place(self.KIND, id_of(message, "chat_id") if group else "", id_of(message, "user_id"))
        key, kind = id_of(message, "event_id"), text_of(message, "kind")
        if kind == "message":
            return Heard(place, key, "message", group, text_of(message, "text"))
        if kind != "click":
            raise BadNotice("kind is neither message nor click")
        action, subject = action_of(text_of(message, "action"))
        selected = message.get("selected")
        units = units_of(selected.get(UNITS_QUESTION) if isinstance(selected, dict) else None)
        return Heard(place, key, "click", group, action=action, subject=subject, units=units,
                     card=id_of(message, "message_id"))  # fmt: skip

    def render(self, heard: Heard, reply: Reply) -> dict[str, Any] | None:
        """`{"replies": [payload, …], "update": payload or null}`."""
        text = cut_bytes(markdown(reply.parts), MOST_BYTES)
        replies = [{"msgtype": "markdown", "markdown": {"content": text}}] if text else []
        shown = self.card(reply.card, key_of(heard.card or heard.key)[:32]) if reply.card else None
        if reply.card is None or heard.kind != "click":
            return {"replies": [*replies, shown] if shown else replies, "update": None}
        if self.CAPABILITIES.edits == "any":
            return {"replies": replies, "update": shown}
        words = no_mark(reply.card.note or f"{reply.card.count}，{reply.card.standing}")
        return {"replies": [self.line(words)], "update": None}

    def card(self, shown: Card, name: str) -> dict[str, Any]:
        """A card as a message of its own."""
        return {"msgtype": "template_card", "template_card": template_card(shown, f"{shown.campaign_id}-{name}")}

    def line(self, text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
        """A line of the bot's own."""
        body = "".join([text, *(f" @{user}" for user in mentions)])
        return {"msgtype": "text", "text": {"content": cut_bytes(body, MOST_BYTES)}}


class SandboxChannel(HttpChannel):
    """The sandbox's test channel; it imitates no platform."""

    KIND = "sandbox"
    CAPABILITIES = Capabilities(
        hears="everything", speaks="freely", edits="any", buttons=True, max_bytes=MOST_BYTES, sends_once=True,
        limits=(Limit("chat", 600, 60),),
    )  # fmt: skip
