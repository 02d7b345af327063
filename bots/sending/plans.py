"""What a message's preparation may decide: send now, later, nothing any more, or never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bots.voice import Voice
from models import OutboxMessage
from services.context import Ctx
from services.ports import Limit, Outside


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
class Turn:
    """What was claimed for a call: the chat, and at `at` a place in the windows of its channel's `limits`."""

    binding: int
    channel: str
    limits: tuple[Limit, ...]
    at: datetime

    @property
    def shared(self) -> tuple[Limit, ...]:
        """The limits that all chats of the channel share."""
        return tuple(limit for limit in self.limits if limit.scope == "channel")

    @property
    def cool_down(self) -> int:
        """For how many seconds the chat is shut out when it was spoken to too often."""
        return max((limit.cool_down for limit in self.limits if limit.scope == "chat"), default=0)


@dataclass(frozen=True)
class Claim:
    """What was claimed at `at` for a call to one person: a place in the windows of their `limits` at `place`.

    The call was made when the result is `made`.
    """

    channel: str
    limits: tuple[Limit, ...]
    place: str
    at: datetime
    made: str


@dataclass(frozen=True)
class Send:
    """`act` makes one call to the outside, with no transaction open; `after` notes its result in the closing one.

    `unsent` is run instead when the message is buried, `refused` when the outside said no and the message shall be
    prepared anew. `repeatable`: calling twice shows it once.
    """

    act: Callable[[], str]
    after: Callable[[Ctx, str], None]
    unsent: Callable[[Ctx], None] | None = None
    turn: Turn | None = None
    claim: Claim | None = None
    refused: Callable[[Ctx], None] | None = None
    repeatable: bool = False


@dataclass(frozen=True)
class Later:
    """Not before `until`."""

    until: datetime


@dataclass(frozen=True)
class Nothing:
    """There is nothing to say any more."""

    why: str


Decision = Send | Later | Nothing
