"""The committer of a process: requests that wait together are done together, in one transaction for each kind."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from domain.errors import Busy

Work = Callable[[Sequence[Any]], Sequence[Any]]
"""Does many requests of one kind in arrival order and returns an outcome for each, after its commit."""
log = structlog.get_logger("lintuan.committer")


@dataclass(eq=False)
class _Waiting:
    """One request in the queue; `bell` rings when it is done, or when its thread shall lead the next batch."""

    work: Work
    request: Any
    outcome: Any = None
    done: bool = False
    bell: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.bell.acquire()


class Committer:
    """Takes everything that arrived while the last batch was being committed, and never waits for more.

    It has no thread of its own: whoever comes while nobody leads does the batch, and then hands the lead to the first
    who arrived meanwhile. So a lone request runs in its own thread without any delay, nothing has to be started,
    stopped or drained, and no request is left behind as long as its own thread lives.

    One batch at a time makes the largest batches. When it takes longer than `slow_seconds` (the database is slow, or
    somebody holds a row) others need not wait for it: a second one may then run beside it.
    """

    def __init__(self, most_waiting: int, most_at_once: int = 128, *, slow_seconds: float = 0.1,
                 seconds: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self._most_waiting, self._most_at_once = most_waiting, most_at_once
        self.slow_seconds, self._seconds = slow_seconds, seconds
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._leading: dict[_Waiting, float] = {}

    def __len__(self) -> int:
        """How many wait for the next batch."""
        return len(self._queue)

    def __call__(self, work: Work, request: Any) -> Any:
        """Have `work` do `request` with whatever else waits; its outcome, or None when the batch failed.

        Raises `Busy` when too many wait already.
        """
        mine = _Waiting(work, request)
        with self._lock:
            if len(self._queue) >= self._most_waiting:
                raise Busy(retry_after=1)
            self._queue.append(mine)
            leader = self._next_leader()
        if leader is not None:
            leader.bell.release()
        mine.bell.acquire()
        if not mine.done:
            self._lead(mine)
        return mine.outcome

    def _next_leader(self) -> _Waiting | None:
        """The first in the queue, if another batch may begin now; the caller holds the lock and rings."""
        begun = self._leading.values()
        slow = len(begun) == 1 and self._seconds() - min(begun) > self.slow_seconds
        if not self._queue or (begun and not slow):
            return None
        leader = self._queue.popleft()
        self._leading[leader] = self._seconds()
        return leader

    def _lead(self, mine: _Waiting) -> None:
        with self._lock:
            rest = [self._queue.popleft() for _ in range(min(len(self._queue), self._most_at_once - 1))]
        batch = [mine, *rest]
        try:
            for work in dict.fromkeys(waiting.work for waiting in batch):
                self._do(work, [waiting for waiting in batch if waiting.work == work])
        finally:
            self._hand_over(batch)

    def _do(self, work: Work, batch: list[_Waiting]) -> None:
        try:
            outcomes = work([waiting.request for waiting in batch])
        except Exception:
            log.warning("a batch failed, each of it is done alone", size=len(batch), exc_info=True)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.outcome = outcome

    def _hand_over(self, batch: list[_Waiting]) -> None:
        """Answer the batch, and let the first who came meanwhile lead."""
        with self._lock:
            del self._leading[batch[0]]
            leader = self._next_leader()
        for waiting in batch:
            waiting.done = True
            waiting.bell.release()
        if leader is not None:
            leader.bell.release()
