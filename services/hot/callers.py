"""Who stands behind a token, believed for a moment: enough to be refused, never enough to do anything."""

from __future__ import annotations

import hashlib
import time

from domain.actors import Actor

MOST = 4096


class Callers:
    """Remembers tokens (by their hash) for `seconds`; whoever is let through is looked up in the database first."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[bytes, tuple[Actor, float]] = {}

    def believed(self, audience: str, token: str) -> Actor | None:
        """Who it was a moment ago, to this audience."""
        found = self._known.get(_hash(audience, token))
        return found[0] if found and time.monotonic() < found[1] else None

    def remember(self, audience: str, token: str, actor: Actor) -> None:
        """The database has just said so."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[_hash(audience, token)] = (actor, time.monotonic() + self._seconds)


def _hash(audience: str, token: str) -> bytes:
    return hashlib.sha256(f"{audience} {token}".encode()).digest()
