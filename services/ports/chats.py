"""What the core asks of a chat channel, and what a channel can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from services.ports.failures import Refused


@dataclass(frozen=True)
class Capabilities:
    """What a chat channel really allows.

    hears: none | mention | all; push: may it speak on its own; edit: any | on_click | none; `rate_per_minute`
    bounds pushes to one chat; `max_bytes` bounds one text in UTF-8.
    """

    hears: Literal["none", "mention", "all"]
    push: bool
    edit: Literal["any", "on_click", "none"]
    buttons: bool
    rate_per_minute: int
    max_bytes: int


@dataclass(frozen=True)
class ChatAddress:
    """Where a push goes: the channel's own chat id and, where a push needs one, its secret (a webhook key)."""

    chat_id: str
    push_secret: str = ""


class ChatGone(Refused):
    """The chat, its robot or its key no longer exists: stop sending there and tell the leader."""


class ChatChannel(Protocol):
    """The outbound half of a chat channel; payloads are made by `bots/channels/`."""

    kind: str
    capabilities: Capabilities

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message and return its remote id ("" when the channel gives none). Raises `OutsideError`s."""

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace a message sent earlier; raises `Refused` where the channel cannot."""
