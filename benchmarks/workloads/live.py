"""Joins while a thousand people watch the live count."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from benchmarks import product
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.workloads.joining import Rush
from stack.processes import ROOT

SUBSCRIBERS = 1000
Heard = Sequence[Sequence[tuple[float, int]]]
"""Of each watcher, when it heard of how many participants."""


@contextmanager
def watched(setting: Setting) -> Iterator[Sides]:
    """W9: the rush where an order counts at once, with subscribers of its count, against the same without them."""
    url = setting.machine.postgresql()
    with setting.product(url) as served, product.streaming(setting.machine.folder, url) as live:
        mine = _Watched(setting, url, served.port, live)
        yield Sides(mine.alone, mine.ours, mine.broken)


class _Watched(Rush):
    """The rush with a process of watchers beside it; `live` is the port of the streams."""

    def __init__(self, setting: Setting, url: str, port: int, live: int) -> None:
        super().__init__(setting, url, port, setting.plan.rows(64), "on_pickup")
        self.live = live

    def alone(self) -> float:
        """First orders placed a second while nobody watches."""
        self.begin()
        return self.load("floor")

    def ours(self) -> float:
        """The same while everybody watches; notes how late they heard, and how often."""
        campaign, number = self.begin().campaign, self.setting.plan.rows(SUBSCRIBERS, 3)
        with _watching(self.live, campaign, number) as ended:
            rate = self.load()
            told = ended(self.acknowledged)
        waits = lateness(self.answered, told["heard"])
        self.setting.note("stale_ms_median", median(waits) * 1000)
        self.setting.note("stale_ms_most", max(waits) * 1000)
        self.setting.note("events_per_subscriber", fmean(len(events) - 1 for events in told["heard"]))
        self.setting.note("watchers_cpu_seconds", told["cpu_seconds"])
        return rate


def lateness(answered: Sequence[float], heard: Heard) -> list[float]:
    """How long each event's oldest news had been true, in seconds from the answer to the join that it lacked before.

    Raises `NotMeasured` when somebody never heard of the last join.
    """
    waits: list[float] = []
    for events in heard:
        for (_, shown), (at, _) in pairwise(events):
            if shown < len(answered):
                waits.append(max(0.0, at - answered[shown]))
        if events[-1][1] < len(answered):
            raise NotMeasured(f"a watcher heard of {events[-1][1]} of {len(answered)} joins")
    return waits


@contextmanager
def _watching(port: int, campaign: str, number: int) -> Iterator[Callable[[int], dict[str, Any]]]:
    """So many watchers in a process of their own; the call ends them when they have heard of so many joins."""
    words = [sys.executable, "-m", "benchmarks.watchers", str(port), campaign, str(number)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            if process.stdout.readline() != "watching\n":
                raise NotMeasured("not everybody could watch")
            yield lambda joined: json.loads(process.communicate(f"{joined}\n")[0] or "{}")
        finally:
            process.kill()
