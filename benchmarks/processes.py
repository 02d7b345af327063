"""What processes cost, as the kernel counts it: CPU seconds and resident memory."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20
SCHEDULER_CLOCK = 2
"""The low bits of the clock that Linux keeps for each process (clock_getcpuclockid)."""


def children(pid: int) -> list[int]:
    """The processes that `pid` started and that still run; none when it has ended."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return sorted(found)


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def cpu_seconds(pid: int) -> float:
    """Time on a processor of a process with all its threads, ended ones too, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | SCHEDULER_CLOCK)


def cpu_of_family(*pids: int) -> dict[int, float]:
    """CPU seconds by process, of these and all that came from them and still run."""
    found: dict[int, float] = {}
    for one in (one for pid in pids for one in family(pid)):
        with suppress(OSError):  # a session of the database ended since we saw it
            found[one] = cpu_seconds(one)
    return found


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """CPU seconds between two looks; what a process that ended meanwhile took is not known."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def resident_mib(pid: int) -> float:
    """Memory that a process holds, shared pages included."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / MIB
