"""The committer of a process: requests that wait together are done together, in one transaction for each kind."""

from __future__ import annotations

import threading
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
    """

    def __init__(self, most_waiting: int, most_at_once: int = 128) -> None:
        self._most_waiting, self._most_at_once = most_waiting, most_at_once
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._led = False

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
            leads, self._led = not self._led, True
        if not leads:
            mine.bell.acquire()
        if not mine.done:
            self._lead()
        return mine.outcome

    def _lead(self) -> None:
        with self._lock:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), self._most_at_once))]
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
            following = self._queue[0] if self._queue else None
            self._led = following is not None
        for waiting in batch:
            waiting.done = True
            waiting.bell.release()
        if following is not None:
            following.bell.release()
