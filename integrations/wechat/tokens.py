"""Where the mini-program's access token is kept between calls: in this process, unless a store is given.

The platform's stable token is the same for every caller, so a lost or unshared entry costs one call and no more.
The twin over a Redis-protocol server is `integrations.redis_backed.RedisTokens`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

MARGIN_SECONDS = 60


class TokenStore(Protocol):
    """Keeps one token; `lock` lets one caller of this process at a time fetch a new one."""

    lock: threading.Lock

    def get(self) -> str | None:
        """The token, or None when there is none or it is about to expire."""

    def put(self, token: str, seconds: int) -> None:
        """Keep `token`, which the platform honours for `seconds`."""

    def drop(self, token: str) -> None:
        """Forget `token`, unless another caller has replaced it already."""


class MemoryTokens:
    """The token of this process; `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self.lock = threading.Lock()
        self._kept: tuple[str, float] | None = None

    def get(self) -> str | None:
        """The token, or None when there is none or it is about to expire."""
        kept = self._kept
        return kept[0] if kept and self._seconds() < kept[1] else None

    def put(self, token: str, seconds: int) -> None:
        """Keep `token` until a minute before it expires."""
        self._kept = (token, self._seconds() + seconds - MARGIN_SECONDS)

    def drop(self, token: str) -> None:
        """Forget `token`, unless another caller has replaced it already."""
        kept = self._kept
        if kept and kept[0] == token:
            self._kept = None
