"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
"""A Thursday, 12:00 in Shanghai: not quiet, not near midnight."""


class FrozenClock:
    """`services` see the instant it stands at."""

    def __init__(self, at: datetime = NOON) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant it stands at."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another instant."""
        self._at = at

    def advance(self, **amount: float) -> datetime:
        """Move by `hours=1`, `minutes=…`, `seconds=…`, `days=…`; returns the new instant."""
        self._at += timedelta(**amount)
        return self._at
