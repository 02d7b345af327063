"""docs/capacity.md from benchmarks/results/latest.json: `python -m scripts.capacity` (also `make capacity`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path("benchmarks/results/latest.json")
PAGE = Path("docs/capacity.md")

# What is assumed of people, not measured. Half of capacity, as W10 is measured: beyond it waiting grows quickly.
USED = 0.5
ORDERS_PER_RESIDENT = 0.5
"""Orders a day of one resident who takes part: every second day."""
BUSIEST_MINUTE = 0.02
"""Part of a day's orders that come in its busiest minute: everybody reads the group after dinner."""
ORDERS_PER_CAMPAIGN = 100
CLOSING_TOGETHER = 0.5
"""Part of a day's orders whose campaigns end at the same full hour."""
MIX_JOINS = 0.2
"""Part of the requests of W10 that are joins."""
NOTICE_TRIES = 1.1
"""Notices for a payment: the gateway repeats some."""
DAYS_KEPT = 365
GROWTH = "growth of the database in a day"
DISK_GB, MEMORY_GIB = 100, 4
WORKERS, WORKER_MOST_REQUESTS = 2, 1_000_000


@dataclass(frozen=True)
class Measured:
    """What the arithmetic starts from: rates a second, sizes in MiB and bytes, seconds."""

    commit: str
    hot_joins: float
    spread_joins: float
    sqlite_joins: float
    notices: float
    hand_overs: float
    hot_pages: float
    cold_pages: float
    mix: float
    closing_seconds: float
    idle_mib: float
    grown_mib: float
    bytes_per_order: float
    watched: float
    stale_ms: float

    @classmethod
    def of(cls, book: Mapping[str, Any]) -> Measured:
        """From the file of the benchmarks; raises KeyError naming what was not measured."""
        told = book["measured"]

        def middle(workload: str, name: str = "ours_per_second") -> float:
            return float(median(told[workload][name]))

        ratio = {entry["workload"]: entry["ratio_median"] for entry in book["results"]}
        return cls(
            commit=book["commit"], hot_joins=middle("W1-64"), spread_joins=middle("W2"), sqlite_joins=middle("W3"),
            notices=middle("W6"), hand_overs=middle("W8"), hot_pages=middle("W4-hot"), cold_pages=middle("W4-cold"),
            mix=told["W10"]["rate_per_second"] / USED, closing_seconds=middle("W7", "ours_seconds"),
            idle_mib=ratio["memory-idle"], grown_mib=ratio["memory-grown"],
            bytes_per_order=told["growth-join"]["bytes_per_order"], watched=ratio["W9"],
            stale_ms=middle("W9", "stale_ms_most"),
        )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: what it is, how it comes about, the number and its unit."""

    what: str
    how: str
    value: float
    unit: str


def steps(m: Measured) -> list[Step]:
    """The arithmetic, each line from measured figures and the ones above it."""
    rush = m.hot_joins * USED * 60
    joins = m.mix * USED * MIX_JOINS * 60
    orders = joins / BUSIEST_MINUTE
    residents = orders / ORDERS_PER_RESIDENT
    campaigns = orders / ORDERS_PER_CAMPAIGN
    closing = orders * CLOSING_TOGETHER * m.closing_seconds / 100_000
    stored = orders * m.bytes_per_order / 1e9
    grown = m.grown_mib * WORKER_MOST_REQUESTS / 100_000
    memory = WORKERS * (m.idle_mib + max(0.0, grown))
    notices = joins * NOTICE_TRIES / (m.notices * 60)
    return [
        Step("joins a minute, one campaign and nothing else", f"W1 {m.hot_joins:,.0f}/s × {USED} × 60", rush, ""),
        Step("joins a minute in a mixed evening",
             f"W10 {m.mix:,.0f} requests/s × {USED} × {MIX_JOINS} joins × 60", joins, ""),
        Step("orders a day", f"if {BUSIEST_MINUTE:.0%} of them come in the busiest minute", orders, ""),
        Step("residents", f"at {ORDERS_PER_RESIDENT} orders a day each", residents, ""),
        Step("campaigns a day", f"at {ORDERS_PER_CAMPAIGN} orders each", campaigns, ""),
        Step("to close what ends at the same hour",
             f"{CLOSING_TOGETHER:.0%} of the day's orders × W7 {m.closing_seconds:.1f} s per 100,000", closing, "s"),
        Step("part of the notices' capacity used in the busiest minute",
             f"{NOTICE_TRIES} notices a join ÷ W6 {m.notices:,.0f}/s", 100 * notices, "%"),
        Step("memory of the workers after a million requests each",
             f"{WORKERS} × (idle {m.idle_mib:.0f} + 10 × {m.grown_mib:.1f} per 100,000)", memory, "MiB"),
        Step(GROWTH, f"{m.bytes_per_order:,.0f} bytes an order, indexes included", stored, "GB"),
    ]  # fmt: skip


HEAD = """# What one machine of two cores carries

Product, PostgreSQL and the load that measured them shared the two cores of one virtual machine, so a machine that only
serves carries more. The figures are medians of `make bench` at {commit}; `make capacity` writes this page, and a test
compares it with `benchmarks/results/latest.json`. What is assumed of people stands at the head of
`scripts/capacity.py`: change it there and look again.

| what | how | |
|---|---|--:|
"""
MEANING = """
So the two cores serve **{residents} residents who order every second day, in {campaigns} campaigns a day**, and a
disk of {disk} GB keeps {days} days of their orders: {compound} residents for a year. Disk is what to add first;
{gib} GiB of memory are more than the workers and PostgreSQL's buffers ask for. A thousand people who watch a live count
leave {watched:.0%} of the join rate and see a change after {stale:.0f} ms at most.

On an SQLite file the rush on one campaign is {sqlite:,.0f} joins a second instead of {hot:,.0f}: enough for one
compound, whose backup is then one file.

## The rates it starts from

| a second, both cores full | |
|---|--:|
"""


def page(book: Mapping[str, Any]) -> str:
    """The whole document."""
    m = Measured.of(book)
    lines = steps(m)
    value = {line.what: line.value for line in lines}
    meaning = MEANING.format(
        gib=MEMORY_GIB, disk=DISK_GB, residents=_short(value["residents"]), campaigns=_short(value["campaigns a day"]),
        days=_short(DISK_GB / value[GROWTH]), compound=_short(value["residents"] * DISK_GB / value[GROWTH] / DAYS_KEPT),
        watched=m.watched, stale=m.stale_ms, sqlite=m.sqlite_joins,
        hot=m.hot_joins,
    )  # fmt: skip
    table = [f"| {line.what} | {line.how} | {_short(line.value)} {line.unit}".rstrip() + " |\n" for line in lines]
    rates = [f"| {name} | {rate:,.0f} |\n" for name, rate in _rates(m)]
    return "".join([HEAD.format(commit=m.commit[:12]), *table, meaning, *rates])


def _rates(m: Measured) -> Sequence[tuple[str, float]]:
    return (
        ("joins of one campaign (W1-64)", m.hot_joins), ("joins over 1000 campaigns (W2)", m.spread_joins),
        ("joins on SQLite (W3)", m.sqlite_joins), ("gateway notices, nine of ten repeated (W6)", m.notices),
        ("hand-overs (W8)", m.hand_overs), ("pages of one campaign (W4-hot)", m.hot_pages),
        ("pages nobody asked for lately (W4-cold)", m.cold_pages), ("requests of a mixed day (W10)", m.mix),
    )  # fmt: skip


def _short(value: float) -> str:
    """Two figures that count; nobody plans with more."""
    if value < 10:
        return f"{value:.1f}"
    digits = len(str(int(value))) - 2
    return f"{round(value, -digits):,.0f}"


def main() -> int:
    """Write the page; 1 where something was not measured yet."""
    try:
        text = page(json.loads(RESULTS.read_text(encoding="utf-8")))
    except (FileNotFoundError, KeyError) as missing:
        print(f"not measured yet: {missing}; run `make bench` first", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
