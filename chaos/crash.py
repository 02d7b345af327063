"""A process killed at every statement of closing and settling, and started again: the end must be the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine

from chaos import dumps
from chaos.databases import copied
from chaos.settling_process import NOON_AFTER, settle_all, transactions
from domain.actors import SYSTEM
from models import Order
from tests.builders import campaigns
from tests.builders.campaigns import Terms
from tests.builders.clock import NOON, FrozenClock
from tests.servers.shared_run import REPOSITORY


@dataclass(frozen=True)
class Found:
    """How many statements an undisturbed run has, at how many of them it was killed, and where the end differed."""

    statements: int
    killed: int
    differed: list[int]


def seed(url: str) -> None:
    """A campaign that forms with one failing offer, and one that fails: paid, cancelled in part, and held orders."""
    engine = create_engine(url, poolclass=NullPool)
    unit = transactions(engine, FrozenClock())
    strawberry, blueberry = Terms("草莓", minimum_units=3), Terms("蓝莓", price_fen=1990, minimum_units=5)
    with unit(SYSTEM) as ctx:
        forming = campaigns.scene(ctx, strawberry, blueberry, buyers=5, minimum=2)
        failing = campaigns.scene(ctx, Terms("橙子", price_fen=990), buyers=3, minimum=9)
    for who in range(3):
        campaigns.buy(unit, forming, who, {"草莓": 1, "蓝莓": 1})
    campaigns.buy(unit, forming, 3, {"蓝莓": 1})
    for who in range(2):
        campaigns.buy(unit, failing, who)
    held = [campaigns.place(unit, forming, 4, {"草莓": 1}), campaigns.place(unit, failing, 2)]
    with unit(SYSTEM) as ctx:
        for order in held:
            row: Order = campaigns.order_row(ctx, order)
            row.hold_until = NOON + NOON_AFTER - timedelta(minutes=1)
    engine.dispose()


def explore(url: str, stride: int = 1, *, careless: bool = False) -> Found:
    """Kill at every `stride`-th statement of a settled copy of `url`, go on, and compare the ends.

    This process forks, so it must have one thread. `careless` commits after each statement, as a control.
    """
    statements, right = _undisturbed(url, careless=careless)
    points = range(1, statements + 1, stride)
    differed = [point for point in points if _killed_at(url, point, careless=careless) != right]
    return Found(statements, len(points), differed)


def _undisturbed(url: str, *, careless: bool) -> tuple[int, list[str]]:
    with copied(url) as copy:
        read, write = os.pipe()
        status = _fork(lambda: os.write(write, str(settle_all(copy, careless=careless)).encode()))
        os.close(write)
        with os.fdopen(read) as told:
            count = int(told.read())
        assert status == 0
        return count, _end(copy)


def _killed_at(url: str, point: int, *, careless: bool) -> list[str]:
    with copied(url) as copy:
        status = _fork(lambda: settle_all(copy, kill_at=point, careless=careless))
        assert os.WIFSIGNALED(status), f"statement {point} was never reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert _fork(lambda: settle_all(copy)) == 0
        return _end(copy)


def _fork(act: Any) -> int:
    """Run `act` in a process of its own and return how that process ended, as `os.waitpid` tells it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 1
    try:
        act()
        code = 0
    finally:
        os._exit(code)


def _end(url: str) -> list[str]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        return dumps.canonical(engine, without=["job_runs"])
    finally:
        engine.dispose()


def in_process(url: str, stride: int = 1, *, careless: bool = False) -> Found:
    """As `explore`, from a process that has threads: a fresh one does it."""
    words = [str(stride), *(["careless"] if careless else [])]
    done = subprocess.run(
        [sys.executable, "-m", "chaos.crash", *words], cwd=REPOSITORY, input=url, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return Found(**json.loads(done.stdout.splitlines()[-1]))


def run(url: str, _folder: Path) -> dict[str, Any]:
    """Every statement on the database at `url`, and the control."""
    seed(url)
    found, control = in_process(url), in_process(url, 5, careless=True)
    return {"held": not found.differed and bool(control.differed), "statements": found.statements,
            "killed": found.killed, "differed_at": found.differed,
            "control_statements": control.statements, "control_killed": control.killed,
            "control_differed": len(control.differed)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(explore(sys.stdin.read(), int(sys.argv[1]), careless="careless" in sys.argv).__dict__))
