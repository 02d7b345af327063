"""Closing a campaign of 100,000 orders by the clock's own sweeps, against one raw SQL transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, Engine, QueuePool, event, text

from benchmarks import pgbench, product
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.seeding import campaigns, lots
from benchmarks.seeding.lots import Lot, Stage
from jobs.schedule import SCHEDULE
from models import Leader
from services.ports import Outside

ORDERS = 100_000
SWEEPS = ("campaigns.close_overdue", "campaigns.decide_outcome", "campaigns.carry_out")


@contextmanager
def close(setting: Setting) -> Iterator[Sides]:
    """W7: seconds from the first sweep until the campaign is settled; every measurement has a copy of its own."""
    url = setting.machine.postgresql()
    unit = product.transactions(url)
    lot = lots.write(unit, campaigns.one(unit), Stage.PAID, setting.plan.rows(ORDERS, 20))
    lots.overdue(unit, lot.scene)
    with unit.reading() as ctx:
        leader = ctx.session.get_one(Leader, lot.scene.leader_id).public_id
    unit.engine.dispose()
    mine = _Close(setting, url, lot)
    yield Sides(lambda: _floor(setting, url, lot, leader), mine.ours, mine.broken)


def _floor(setting: Setting, like: str, lot: Lot, leader: str) -> float:
    url = setting.machine.postgresql(like=like)
    with pgbench.connect(url) as connection:
        connection.execute("SELECT set_config('bench.campaign', %s, false)", (str(lot.scene.campaign_id),))
        connection.execute("SELECT set_config('bench.leader', %s, false)", (leader,))
        connection.execute("CHECKPOINT")
        began = time.perf_counter()
        with connection.transaction():
            connection.execute((pgbench.FLOORS / "close.sql").read_bytes())
        seconds = time.perf_counter() - began
    setting.machine.drop(url)
    setting.note("floor_seconds", seconds)
    return seconds


class _Close:
    """Runs the sweeps that close and settle, as the clock process does, until nothing is left."""

    def __init__(self, setting: Setting, like: str, lot: Lot) -> None:
        self.setting, self.like, self.lot = setting, like, lot
        self.url = ""

    def ours(self) -> float:
        """Seconds until the campaign is settled."""
        self.url = self.setting.machine.postgresql(like=self.like)
        unit = product.transactions(self.url, QueuePool)
        longest = _Longest(unit.engine)
        with pgbench.connect(self.url) as connection:
            connection.execute("CHECKPOINT")
        sweeps = [job.sweep for job in SCHEDULE if job.name in SWEEPS]
        nobody = cast(Outside, None)  # these sweeps call nobody outside
        began = time.perf_counter()
        while sum(sweep(unit, nobody) for sweep in sweeps):
            pass
        seconds = time.perf_counter() - began
        unit.engine.dispose()
        self.setting.note("ours_seconds", seconds)
        self.setting.note("longest_transaction_ms", longest.seconds * 1000)
        return seconds

    def broken(self) -> list[str]:
        """Invariants, and a campaign that is not settled; the copy is dropped."""
        unit = product.transactions(self.url)
        with unit.reading() as ctx:
            done = text("SELECT count(*) FROM orders d JOIN campaigns c ON c.id = d.campaign_id"
                        " WHERE d.state = 'confirmed' AND c.settled_at IS NOT NULL")  # fmt: skip
            settled = ctx.session.execute(done).scalar_one()
        found = product.broken(unit)
        self.setting.machine.drop(self.url)
        if settled != self.lot.count:
            raise NotMeasured(f"{settled} of {self.lot.count} orders were settled")
        return found


class _Longest:
    """The longest transaction of an engine: no lock of its was held for longer."""

    def __init__(self, engine: Engine) -> None:
        self.seconds = 0.0
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _begin(self, connection: Connection) -> None:
        connection.info["began"] = time.perf_counter()

    def _end(self, connection: Connection) -> None:
        self.seconds = max(self.seconds, time.perf_counter() - connection.info["began"])
