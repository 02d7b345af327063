"""What the committer is asked, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.actors import Actor
from domain.errors import DomainError
from services.ordering import PlaceOrder


@dataclass(frozen=True)
class Said:
    """An answer as its text, committed."""

    status: int
    text: str


Outcome = Said | DomainError | None
"""An answer, a refusal of which nothing was written, or None: the plain path has to do it."""


@dataclass(frozen=True)
class Asked:
    """Who asks under which idempotency key; `write` makes the text of what is shown, `status` goes with it."""

    actor: Actor
    key: str
    fingerprint: str
    request_id: str
    status: int
    write: Callable[[Any], str]

    @property
    def named(self) -> tuple[str, str]:
        """What one answer is kept for: the actor and the key."""
        return self.actor.label, self.key


@dataclass(frozen=True, eq=False)
class Join:
    """A resident's order."""

    asked: Asked
    command: PlaceOrder
    resident_id: int


@dataclass(frozen=True, eq=False)
class HandOut:
    """Everything that waits of one order (public id), to be handed over at the actor's desk."""

    asked: Asked
    order_id: str
    found_by: str
