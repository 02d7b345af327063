"""What every chat platform's module gives: what the platform can do, and the two ways of translating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bots.messages import Card, Heard, Reply
from services.ports import Capabilities


class Adapter(Protocol):
    """One module of `bots/channels`, or a class in it.

    What leaves by itself is sent by the port of the same kind (`Outside.chats`).

    `HEARD_AS_MEANT` says that whatever reaches us there was said to the bot, so that silence would be rude.
    """

    KIND: str
    CAPABILITIES: Capabilities
    HEARD_AS_MEANT: bool

    def parse(self, message: Mapping[str, Any]) -> Heard | None:
        """A verified callback as what was said; None for what wants no answer. Raises `BadNotice`."""

    def render(self, heard: Heard, reply: Reply) -> dict[str, Any] | None:
        """The answer to a callback; None is an empty one."""

    def line(self, text: str, mentions: tuple[str, ...] = ()) -> dict[str, Any]:
        """A line of the bot's own, as the port's `push` takes it."""

    def card(self, shown: Card, name: str) -> dict[str, Any]:
        """A campaign as `push` and `edit` take it; `name` is this one posting's own."""
