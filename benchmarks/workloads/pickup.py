"""The desk: orders that wait at a point are handed over, each exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from benchmarks import load, pgbench, product, wire
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.seeding import campaigns, lots, people
from benchmarks.seeding.lots import Lot, Stage
from benchmarks.workloads import joining
from benchmarks.workloads.notices import refuse_used_up
from domain.actors import SYSTEM
from services.transactions import Transactions

PATH = "/api/station/redemptions"
CODES = 200_000
HANDED = 201


@contextmanager
def desk(setting: Setting) -> Iterator[Sides]:
    """W8: 200,000 codes in use; the floor is the one UPDATE that uses a code up, on a copy of the same rows."""
    machine, plan = setting.machine, setting.plan
    url = machine.postgresql()
    unit = product.transactions(url)
    lot = lots.write(unit, campaigns.one(unit), Stage.READY, plan.rows(CODES, 40))
    floor_url = machine.postgresql(like=url)
    pgbench.execute(floor_url, "counters.sql")
    with setting.product(url) as served:
        mine = _Desk(setting, unit, lot, served.port)
        yield Sides(lambda: _floor(setting, floor_url, lot), mine.ours, mine.broken)


def _floor(setting: Setting, url: str, lot: Lot) -> float:
    plan = setting.plan
    codes = {"ready": lot.base}
    found = pgbench.run(setting.machine, url, {"redeem.sql": 1}, plan.rows(64), plan.seconds, variables=codes)
    refuse_used_up(url, "floor_next_code", lot, setting)
    pgbench.execute(url, "redeem_undone.sql")
    with pgbench.connect(url) as connection:
        connection.execute("VACUUM pickup_codes")
    setting.note("floor_per_second", found.rate)
    return found.rate


def hand_over(token: str, order: str) -> bytes:
    """Everything of one order changes hands."""
    return wire.post(PATH, {"orders": [order], "found_by": "code"}, wire.bearer(token, f"hand-{order}"))


class _Desk:
    """Staff with a device each, who never ask for the same order twice."""

    def __init__(self, setting: Setting, unit: Transactions, lot: Lot, port: int) -> None:
        self.setting, self.unit, self.port = setting, unit, port
        self.connections = setting.plan.rows(64)
        with unit(SYSTEM) as ctx:
            self.tokens = people.desk_tokens(ctx, lot.scene.point_id, self.connections)
        self.orders = lot.public_ids("ord")
        self.handed = 0

    def ours(self) -> float:
        """Orders handed over a second."""
        plan = self.setting.plan
        part = self.orders[: max(1, min(len(self.orders) // 2, round(plan.seconds * joining.MOST_A_SECOND)))]
        requests = [hand_over(self.tokens[number % len(self.tokens)], order) for number, order in enumerate(part)]
        if not requests:
            raise NotMeasured("no code is left")
        heard = load.closed(self.port, requests, self.connections, plan.seconds)
        self.orders = self.orders[heard.all.total() :]
        self.handed += heard.all[HANDED]
        return joining.told(self.setting, heard, HANDED)

    def broken(self) -> list[str]:
        """Invariants, and answers without their hand-over."""
        with self.unit.reading() as ctx:
            found = ctx.session.execute(text("SELECT count(*) FROM redemptions")).scalar_one()
        wrong = [] if found == self.handed else [f"{self.handed} answers, {found} hand-overs"]
        return [*product.broken(self.unit), *wrong]
