"""Background deliveries: each one is tried at real-second intervals until it says it is done."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 10.0, 10.0, 20.0, 30.0, 60.0, 60.0)

Attempt = Callable[[], bool]


class Pusher:
    """Runs attempts on a few threads. What must outlive the process is kept by its owner and submitted again."""

    def __init__(self, workers: int = 32) -> None:
        self._queue: list[tuple[float, int, Attempt, Iterator[float]]] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._stopped = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="push")
        self._thread = threading.Thread(target=self._run, name="push-clock", daemon=True)
        self._thread.start()

    def submit(self, attempt: Attempt, *, delay: float = 0.0, retries: Iterable[float] = RETRY_SECONDS) -> None:
        """Call `attempt` after `delay` real seconds, and again after each of `retries` until it returns True."""
        with self._wake:
            heapq.heappush(self._queue, (time.monotonic() + delay, next(self._numbers), attempt, iter(retries)))
            self._wake.notify()

    def stop(self) -> None:
        """Let running attempts end and drop the waiting ones."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._stopped:
                    return
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is None or wait > 0:
                    self._wake.wait(wait)
                    continue
                _, _, attempt, retries = heapq.heappop(self._queue)
                self._pool.submit(self._try, attempt, retries)

    def _try(self, attempt: Attempt, retries: Iterator[float]) -> None:
        try:
            done = attempt()
        except Exception:
            log.exception("a delivery failed in the sandbox itself")
            done = False
        if not done and not self._stopped and (pause := next(retries, None)) is not None:
            self.submit(attempt, delay=pause, retries=retries)
