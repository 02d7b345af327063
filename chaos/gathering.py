"""Requests that meet in one batch: a product's committer is kept at work until they all wait for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask

PATIENCE_SECONDS = 120.0
BETWEEN_LOOKS_SECONDS = 0.001


@contextmanager
def gathered(app: Flask, requests: int) -> Iterator[Callable[[], int]]:
    """What asks the committer of `app` in the block waits until that many do; yields what tells how many do now.

    Without a committer nothing waits.
    """
    rush = app.extensions["lintuan"].rush
    if rush is None:
        yield lambda: 0
        return
    committer: Any = rush._commit
    begun, pause = threading.Event(), threading.Event()
    slow_seconds, committer.slow_seconds = committer.slow_seconds, math.inf  # nothing begins beside it

    def keep_busy(_alone: Sequence[None]) -> list[None]:
        begun.set()
        end = time.monotonic() + PATIENCE_SECONDS
        while len(committer) < requests and time.monotonic() < end:
            pause.wait(BETWEEN_LOOKS_SECONDS)
        return [None]

    thread = threading.Thread(target=committer, args=(keep_busy, None))
    thread.start()
    begun.wait(PATIENCE_SECONDS)
    try:
        yield lambda: len(committer)
    finally:
        thread.join()
        committer.slow_seconds = slow_seconds
