"""`python -m benchmarks.hands`: the seconds and taps that people feel, in real phones over a whole town of processes.

It prints each trial and keeps `benchmarks/results/hands.json`; `--quick` makes three trials of each and keeps nothing.
The figures have bounds of their own and no floor, so these are no workloads.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from playwright.sync_api import sync_playwright

from benchmarks import touching
from benchmarks.results import FOLDER
from benchmarks.touching import Hands
from chaos import holding
from tests.browser.browser import launch
from tests.browser.town import founded

QUICK = 3
Value = TypeVar("Value")
FILE = FOLDER / "hands.json"


@dataclass(frozen=True)
class Figure:
    """What one kind of trial gave; `most` bounds the median, except where `of` says max."""

    name: str
    values: tuple[float, ...]
    most: float | None
    unit: str = "seconds"
    of: str = "median"

    @property
    def held(self) -> bool:
        """Whether the bound was kept."""
        return self.most is None or self.told()[self.of] <= self.most

    def told(self) -> dict[str, Any]:
        """The figure as it is kept."""
        ordered = sorted(self.values)
        return {
            "trials": len(ordered), "unit": self.unit, "median": round(median(ordered), 3),
            "p95": round(ordered[math.ceil(0.95 * len(ordered)) - 1], 3), "max": round(ordered[-1], 3),
            "bound": self.most, "bound_of": self.of,
        }  # fmt: skip


@contextmanager
def ready(folder: Path) -> Iterator[Hands]:
    """A town over `folder` and a browser."""
    with founded(folder) as town, sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield Hands(town, playwright, browser)
        finally:
            browser.close()


def measure(hands: Hands, folder: Path, quick: bool) -> Iterator[Figure]:
    """Every figure, one kind of trial after another."""

    def times(number: int) -> int:
        return QUICK if quick else number

    moved = list(_shown("count", touching.moves(hands, times(40))))
    yield Figure("booked order to the count in another phone", tuple(one.since_booked for one in moved), 1.0)
    yield Figure("pressed 付款 to the count in another phone", tuple(one.since_pressed for one in moved), None)
    paid = list(_shown("card to paid", touching.pays(hands, times(10))))
    yield Figure("card to paid", tuple(seconds for seconds, _ in paid), None)
    yield Figure("taps after the card to paid", tuple(taps for _, taps in paid), 4, "taps", "max")
    new = tuple(_shown("new campaign", touching.opens(hands, 3)))
    yield Figure(f"new campaign from nothing to open, {touching.KEY_MS} ms a key", new, 60, of="max")
    given = list(_shown("scan to handed over", touching.hands_over(hands, times(10), folder)))
    yield Figure("scan to handed over", tuple(seconds for seconds, _ in given), None)
    yield Figure("taps from scan to handed over", tuple(taps for _, taps in given), 2, "taps", "max")
    yield Figure("first page, cold", tuple(_shown("first page", touching.starts(hands, times(10)))), None)


def _shown(what: str, trials: Iterator[Value]) -> Iterator[Value]:
    for number, value in enumerate(trials, start=1):
        print(f"  {what} {number}: {value}", flush=True)
        yield value


def main(arguments: list[str] | None = None) -> int:
    """Print and keep the figures; 1 when a bound is broken."""
    parser = argparse.ArgumentParser(prog="benchmarks.hands", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three trials of each, nothing is kept")
    told = parser.parse_args(arguments)
    found: list[Figure] = []
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix="lintuan-hands-", dir="/var/tmp") as place:
        folder = Path(place)
        with ready(folder / "run") as hands:
            for figure in measure(hands, folder, told.quick):
                print(f"{figure.name}: {figure.told()}", flush=True)
                found.append(figure)
    load.append(os.getloadavg()[0])
    if not told.quick:
        _keep(found, load)
    return 0 if all(figure.held for figure in found) else 1


def _keep(found: list[Figure], load: list[float]) -> None:
    book = {
        "commit": holding.commit(), "at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(),
        "load_before_and_after": [round(one, 1) for one in load],
        "figures": {figure.name: figure.told() for figure in found},
    }  # fmt: skip
    FILE.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
