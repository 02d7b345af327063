"""What the clock does by itself: done before a request is answered, and each real second when none comes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence

from sandbox.context import Sandbox


class Due:
    """Does each of `works` once for every second of the sandbox's clock in which anybody looks."""

    def __init__(self, box: Sandbox, works: Sequence[Callable[[Sandbox], None]]) -> None:
        self._box, self._works = box, works
        self._lock = threading.Lock()
        self._done_at = -1

    def start(self) -> None:
        """Look by itself, too."""
        self._box.push.submit(self._again, delay=1.0, retries=itertools.repeat(1.0))

    def look(self) -> None:
        """Do what has fallen due; whoever comes meanwhile waits, so nobody sees what should be over."""
        with self._lock:
            now = self._box.clock.timestamp()
            if now == self._done_at:
                return
            for work in self._works:
                work(self._box)
            self._done_at = now

    def _again(self) -> bool:
        self.look()
        return False
