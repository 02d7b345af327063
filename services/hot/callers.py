"""Who stands behind a token: those that ask together are looked up together, and believed for a moment after."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

from domain.actors import Actor
from domain.clock import Clock
from domain.errors import DomainError
from services import sessions
from services.hot.committer import Committer
from services.transactions import Transactions

MOST = 4096


class Callers:
    """Looks up tokens, in one statement what waits together, and remembers them (by their hash) for `seconds`.

    To be believed is enough to be refused, never enough to do anything: whoever is let through is looked up first.
    `most_waiting` may wait for the lookup.
    """

    def __init__(self, unit: Transactions, clock: Clock, most_waiting: int, seconds: float) -> None:
        self._unit, self._clock = unit, clock
        self.together = Committer(most_waiting)
        self._seconds = seconds
        self._known: dict[bytes, tuple[Actor, float]] = {}

    def look_up(self, audience: str, token: str) -> Actor:
        """What the database says now, as `sessions.actor_of` (which tells what it raises); raises `Busy`, too."""
        asked = audience, token
        found: Actor | DomainError | None = self.together(self._look_up, asked)
        if found is None:  # the statement failed: let its error come up where it can be answered
            (found,) = self._look_up([asked])
        if isinstance(found, DomainError):
            raise found
        self.remember(audience, token, found)
        return found

    def believed(self, audience: str, token: str) -> Actor | None:
        """Who it was a moment ago, to this audience."""
        found = self._known.get(_hash(audience, token))
        return found[0] if found and time.monotonic() < found[1] else None

    def remember(self, audience: str, token: str, actor: Actor) -> None:
        """The database has just said so."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[_hash(audience, token)] = (actor, time.monotonic() + self._seconds)

    def _look_up(self, asked: Sequence[tuple[str, str]]) -> list[Actor | DomainError]:
        with self._unit.glance() as reads:
            return sessions.actors_of(reads, self._clock.now(), asked)


def _hash(audience: str, token: str) -> bytes:
    return hashlib.sha256(f"{audience} {token}".encode()).digest()
