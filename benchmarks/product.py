"""The product as it is served in earnest: production settings, granian, several workers; the floors beside it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import NullPool, Pool, create_engine

from benchmarks import load, processes, wire
from domain.policy import Policy
from integrations.clock import SystemClock
from integrations.vault import KeyVault
from models.sqlite import teach_sqlite
from sandbox.config import Config
from sandbox.credentials import Credentials, ensure
from services import invariants
from services.transactions import Transactions
from stack.folder import read_lines
from stack.processes import DidNotStart, Process
from stack.serving import THREADS, WORKERS, command
from stack.stack import free_port

PRODUCT, BARE, REAL_BARE = "app:create_app", "benchmarks.bare:create_app", "benchmarks.real_bare:create_app"
ALIVE = "/livez"
TOKENS = "BENCH_TOKENS"
"""Names the file with one token a line, for the floor that knows people by nothing else."""
WARM_SECONDS = 0.1
MOST_WARMING = 300
_NOWHERE = "https://outside.example"  # nobody is called while orders come in
_SECRET_KEY, _PII_KEY = "benches-sign-with-this-key-0123456789", "benches-seal-with-that-key-9876543210"


@dataclass(frozen=True)
class Served:
    """A server under load: its port, the process that keeps it, and which processes answer."""

    port: int
    pid: int
    workers: Callable[[], list[int]] = field(repr=False)


@dataclass(frozen=True)
class Outside:
    """The pretend platform's keys, with which notices are signed as the gateway would."""

    credentials: Credentials
    environment: Mapping[str, str] = field(repr=False)


def outside(folder: Path) -> Outside:
    """Keys made once for a folder, and the product's settings that fit them."""
    folder = folder / "outside"
    credentials = ensure(Config(folder, 1))
    told = {name: value for name, value in read_lines(folder / "product.env").items() if "SANDBOX" not in name}
    told |= dict.fromkeys((name for name in told if name.endswith("_URL")), _NOWHERE)
    return Outside(credentials, told)


def environment(folder: Path, url: str) -> dict[str, str]:
    """Settings of production over the database at `url`."""
    return {
        "LINTUAN_ENV": "production",
        "LINTUAN_DATA_DIR": str(folder / "data"),
        "LINTUAN_DATABASE_URL": url,
        "LINTUAN_DATABASE_POOL": str(THREADS + 2),
        "LINTUAN_PUBLIC_URL": _NOWHERE,
        "LINTUAN_SECRET_KEY": _SECRET_KEY,
        "LINTUAN_PII_KEY": _PII_KEY,
        "LINTUAN_POLICY_CONTENT_SAFETY": "true",
        **outside(folder).environment,
    }


@contextmanager
def serving(folder: Path, target: str, settings: Mapping[str, str], *, workers: int = WORKERS,
            threads: int = THREADS) -> Iterator[Served]:  # fmt: skip
    """`target` under granian until the end of the block, its log in `folder`."""
    port = free_port()
    log = folder / f"{target.partition(':')[0]}-{port}.log"
    (folder / "data").mkdir(exist_ok=True)
    process = Process(target, command(port, target, workers=workers, threads=threads), settings, log)
    try:
        process.await_url(f"http://127.0.0.1:{port}{ALIVE}")
        served = Served(port, process.pid, lambda: [pid for pid in processes.children(process.pid) if _serves(pid)])
        _warm(served, workers)
        yield served
    finally:
        _end(process, port)


@contextmanager
def streaming(folder: Path, url: str) -> Iterator[int]:
    """The port of the product's own process of live counts over the database at `url`, until the end of the block."""
    port = free_port()
    settings = {**environment(folder, url), "LINTUAN_LIVE_PORT": str(port)}
    process = Process("live", ["-m", "live"], settings, folder / f"live-{port}.log")
    try:
        process.await_url(f"http://127.0.0.1:{port}{ALIVE}")
        yield port
    finally:
        process.stop()


def _end(process: Process, port: int) -> None:
    """Stop the server; a worker that outlived its keeper, as on a machine that is too busy, is ended by force."""
    begun = processes.family(process.pid) if process.is_running() else []
    process.stop()
    for pid in begun:
        with suppress(ProcessLookupError, FileNotFoundError):
            if str(port).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)


def _serves(pid: int) -> bool:
    """Python's own resource tracker is a child, too."""
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def _warm(served: Served, workers: int) -> None:
    """Ask until every worker has answered: they do not all begin in the same instant, and begin with much work."""
    for _ in range(MOST_WARMING):
        before = _spent(served)
        time.sleep(WARM_SECONDS)
        idle = _spent(served)
        if len(idle) < workers or idle != before:
            continue
        load.closed(served.port, [wire.get(ALIVE)], 8 * workers, WARM_SECONDS, again=True)
        if all(cpu > idle[pid] for pid, cpu in _spent(served).items()):
            return
    raise DidNotStart("not every worker answers")


def _spent(served: Served) -> dict[int, float]:
    return {pid: processes.cpu_seconds(pid) for pid in served.workers()}


def transactions(url: str, pool: type[Pool] = NullPool) -> Transactions:
    """The product's transactions on a database, from this process, with the keys of the served one.

    Without a `pool` no connection stays when a transaction has ended, so that the database can be copied or dropped.
    """
    engine = create_engine(url, poolclass=pool)
    teach_sqlite(engine)
    return Transactions(engine, SystemClock(), Policy(), KeyVault(_PII_KEY, _SECRET_KEY), lambda: "bench")


def broken(unit: Transactions) -> list[str]:
    """The invariants that do not hold now."""
    with unit.reading() as ctx:
        return [breach.rule for breach in invariants.check(ctx)]
