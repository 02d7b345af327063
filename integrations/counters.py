"""Short-lived counters for limits in this process's memory; the twin is `integrations.redis_backed.RedisCounters`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_SWEEP_AT = 10_000


class MemoryCounters:
    """Fixed windows that begin with the first hit; `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = _SWEEP_AT

    def hit(self, key: str, window_seconds: int) -> int:
        """Count one event under `key` in the current window and return how many there are now."""
        now = self._seconds()
        with self._lock:
            count, ends = self._windows.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + window_seconds
            self._windows[key] = (count + 1, ends)
            if len(self._windows) > self._sweep_at:
                self._sweep(now)
        return count + 1

    def clear(self, key: str) -> None:
        """Forget `key`."""
        with self._lock:
            self._windows.pop(key, None)

    def _sweep(self, now: float) -> None:
        """Drop windows that are over; the next sweep waits for as many again, so a hit stays cheap on average."""
        self._windows = {key: window for key, window in self._windows.items() if window[1] > now}
        self._sweep_at = max(_SWEEP_AT, 2 * len(self._windows))
