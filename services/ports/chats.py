"""What the core asks of a chat channel, and what a channel can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from services.ports.failures import Refused, Unreachable


@dataclass(frozen=True)
class Limit:
    """At most `count` messages in any `seconds` to one `scope`; going over it shuts one out for `cool_down` seconds."""

    scope: Literal["chat", "channel", "person"]
    count: int
    seconds: int
    cool_down: int = 0


@dataclass(frozen=True)
class Capabilities:
    """What a chat channel really allows; nothing is tried that is not declared here.

    hears: what is said in a group reaches us never, when it @-s the bot, or always; `alone` is a channel for two.
    speaks: may the bot speak unasked; `in_window` for some time after a person wrote.
    edits: a message may be changed at any time, in the answer to a press, only in its count and end, or never.
    streams: an answer may be refreshed for a while. people_post: a person puts the card there, the bot cannot.
    sends_once: the same key again sends nothing new, so that a message whose fate is unknown may be repeated.
    max_bytes bounds one text in UTF-8.
    """

    hears: Literal["nothing", "mentions", "everything", "alone"]
    speaks: Literal["never", "in_window", "freely"]
    edits: Literal["never", "on_click", "count", "any"]
    buttons: bool
    max_bytes: int
    limits: tuple[Limit, ...] = ()
    sends_once: bool = False
    streams: bool = False
    people_post: bool = False


@dataclass(frozen=True)
class ChatAddress:
    """Where a push goes: the channel's own chat id and, where a push needs one, its secret (a webhook key)."""

    chat_id: str
    push_secret: str = ""


class ChatGone(Refused):
    """The chat, its robot or its key no longer exists: stop sending there and tell the leader."""


class ChatMoved(Unreachable):
    """The chat goes on under `new_chat_id`; nothing was sent to the old one."""

    def __init__(self, message: str, new_chat_id: str) -> None:
        super().__init__(message)
        self.new_chat_id = new_chat_id


class LateAnswers(Protocol):
    """Where an answer goes that comes too late for the callback it answers."""

    def answer(self, address: str, payload: dict[str, Any]) -> None:
        """Send it once to the callback's own `address`; raises `OutsideError`s."""


class ChatChannel(Protocol):
    """The outbound half of a chat channel; payloads are made by `bots/channels/`."""

    kind: str

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message and return its remote id ("" when the channel gives none). Raises `OutsideError`s."""

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace a message sent earlier; raises `Refused` where the channel cannot."""
