"""The two clocks, moved together; and patience, bounded, until the sweeps have done their work."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from demo.http import Client
from demo.sandbox import Sandbox
from demo.transcript import SHANGHAI, instant

Fact = TypeVar("Fact")
PATIENCE_SECONDS = 120.0
LOOK_EVERY = 0.15


class NeverCame(Exception):
    """What was waited for did not happen in time."""


class Clock:
    """Product and sandbox time."""

    def __init__(self, product: Client, sandbox: Sandbox) -> None:
        self._product, self._sandbox = product, sandbox

    def now(self) -> datetime:
        """The product's time."""
        return instant(self._product.get("/dev/clock")["now"])

    def advance(self, by: timedelta) -> datetime:
        """Move both clocks forward; the product's time afterwards. Raises `NeverCame` when it stayed behind."""
        moved = self._sandbox.post("/control/clock", {"advance_seconds": int(by.total_seconds())})
        if moved["product"] != "moved":
            raise NeverCame(f"the product's clock did not move: {moved['product']}")
        return self.now()

    def go_to(self, moment: datetime) -> datetime:
        """Move both clocks to just past a moment that lies ahead; the product's time afterwards."""
        ahead = moment - self.now()
        return self.advance(ahead + timedelta(seconds=1)) if ahead > timedelta() else self.now()

    def next_weekday(self, weekday: int, hour: int) -> datetime:
        """The next time that it is this hour on this weekday (0 is Monday) in Shanghai."""
        here = self.now().astimezone(SHANGHAI)
        there = (here + timedelta(days=(weekday - here.weekday()) % 7)).replace(hour=hour, minute=0, second=0)
        return (there if there > here else there + timedelta(days=7)).replace(microsecond=0)


def until(what: str, look: Callable[[], Fact | None], patience: float = PATIENCE_SECONDS) -> Fact:
    """Look until there is something to see; raises `NeverCame` naming `what` after `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        fact = look()
        if fact:
            return fact
        if time.monotonic() > end:
            raise NeverCame(what)
        time.sleep(LOOK_EVERY)
