"""What a message's preparation may decide: send now, later, nothing any more, or never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bots.voice import Voice
from models import OutboxMessage
from services.context import Ctx
from services.ports import Outside


@dataclass(frozen=True)
class Sending:
    """What preparations need; they read, claim and decide inside one transaction and call nobody."""

    ctx: Ctx
    outside: Outside
    voice: Voice
    message: OutboxMessage

    @property
    def payload(self) -> dict[str, Any]:
        """The message's references."""
        return self.message.payload


@dataclass(frozen=True)
class Send:
    """`act` calls the outside, with no transaction open; `after` notes its result in the closing transaction.

    `unsent` is run instead when the message is buried; `chat` is the binding that was claimed for it, 0 for none.
    """

    act: Callable[[], str]
    after: Callable[[Ctx, str], None]
    unsent: Callable[[Ctx], None] | None = None
    chat: int = 0


@dataclass(frozen=True)
class Later:
    """Not before `until`."""

    until: datetime


@dataclass(frozen=True)
class Nothing:
    """There is nothing to say any more."""

    why: str


Decision = Send | Later | Nothing
