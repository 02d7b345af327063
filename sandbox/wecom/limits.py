"""Counting windows of the platform, on whatever clock the caller reads."""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta


class SlidingWindow:
    """At most `most` events per key in any `seconds` seconds; a refused event does not count."""

    def __init__(self, most: int, seconds: int) -> None:
        self._most = most
        self._span = timedelta(seconds=seconds)
        self._hits: dict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, key: str, now: datetime) -> bool:
        """Count one event at `now`; False when the window is full."""
        with self._lock:
            hits = self._hits[key]
            while hits and not now - self._span < hits[0] <= now:
                hits.popleft()
            if len(hits) >= self._most:
                return False
            hits.append(now)
            return True

    def free_in(self, key: str, now: datetime) -> int:
        """Whole seconds until `key` may be counted again, 0 for now."""
        with self._lock:
            recent = [at for at in self._hits[key] if now - self._span < at <= now]
            if len(recent) < self._most:
                return 0
            return math.ceil((recent[-self._most] + self._span - now).total_seconds()) or 1


class InFlight:
    """At most `most` unfinished interactions per key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    def enter(self, key: str) -> bool:
        """Begin one interaction; False when too many are open."""
        with self._lock:
            if self._open[key] >= self._most:
                return False
            self._open[key] += 1
            return True

    def leave(self, key: str) -> None:
        """End one interaction begun with `enter`."""
        with self._lock:
            self._open[key] -= 1
