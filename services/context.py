"""What a use case needs to know of its caller, and how flows begin their several transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.clock import Clock
from domain.errors import Forbidden
from domain.policy import Policy
from services.ports import Vault


@dataclass(frozen=True)
class Ctx:
    """One transaction's surroundings. The edge that made it commits or rolls back; services never do."""

    session: Session
    clock: Clock
    actor: Actor
    request_id: str
    policy: Policy
    vault: Vault

    @property
    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self.clock.now()

    def acting_as(self, actor: Actor) -> Ctx:
        """The same transaction in another's name: what the gateway or the clock does on a person's request."""
        return replace(self, actor=actor)

    def require(self, *roles: Role) -> None:
        """Raise `Forbidden` unless the actor has one of `roles`."""
        if self.actor.role not in roles:
            raise Forbidden

    @property
    def resident_id(self) -> int:
        """The person behind the actor; raises `Forbidden` when there is none."""
        if self.actor.resident_id is None:
            raise Forbidden
        return self.actor.resident_id


class Unit(Protocol):
    """Begins a transaction of its own: commits at the end of the block, rolls back on any exception."""

    def __call__(self, actor: Actor) -> AbstractContextManager[Ctx]:
        """`with unit(CLOCK) as ctx: ...`"""

    def reading(self, actor: Actor) -> AbstractContextManager[Ctx]:
        """The same for a transaction that only reads: it waits for no writer and is rolled back at the end."""
