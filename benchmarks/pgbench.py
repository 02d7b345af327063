"""The database's own floor: pgbench over SQL files of this repository, prepared, a commit for each transaction."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.machine import Machine

FLOORS = Path(__file__).parent / "floors"
_RATE = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.MULTILINE)
_DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)


class FloorBroke(Exception):
    """pgbench did not measure what it was asked to; the message is its own."""


@dataclass(frozen=True)
class Floor:
    """Transactions a second, how many there were, and the seconds each took (with the lag behind its schedule)."""

    rate: float
    done: int
    seconds: Sequence[float] = ()


def run(machine: Machine, url: str, files: Mapping[str, int], clients: int, seconds: float, *,
        variables: Mapping[str, int] | None = None, rate: float = 0.0) -> Floor:  # fmt: skip
    """Run `files` (name in floors/ -> weight) for some seconds; with a `rate`, that many a second, each one logged."""
    address = make_url(url)
    log = machine.folder / "pgbench-log"
    words: list[str] = [
        str(machine.programs / "pgbench"), "-n", "-M", "prepared", "-h", str(address.host), "-p", str(address.port),
        "-U", str(address.username), "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds))),
    ]  # fmt: skip
    for name, weight in files.items():
        words += ["-f", f"{FLOORS / name}@{weight}"]
    for name, value in (variables or {}).items():
        words += ["-D", f"{name}={value}"]
    if rate:
        words += ["-R", f"{rate:.3f}", "--log", f"--log-prefix={log}"]
    told = subprocess.run([*words, str(address.database)], capture_output=True, text=True, check=False)
    found, done, failed = (pattern.search(told.stdout) for pattern in (_RATE, _DONE, _FAILED))
    if told.returncode or not found or not done or (failed and int(failed[1])):
        raise FloorBroke(f"{told.stdout}\n{told.stderr}")
    return Floor(float(found[1]), int(done[1]), _logged(log) if rate else ())


def execute(url: str, *files: str) -> None:
    """Run whole SQL files, each in one transaction."""
    with connect(url) as connection:
        for name in files:
            with connection.transaction():
                connection.execute((FLOORS / name).read_bytes())


def connect(url: str) -> psycopg.Connection:
    """A plain connection, committing each statement."""
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True)


def _logged(prefix: Path) -> list[float]:
    found: list[float] = []
    for file in prefix.parent.glob(f"{prefix.name}.*"):
        found += [int(line.split()[2]) / 1e6 for line in file.read_text().splitlines()]
        file.unlink()
    return found
