"""An ordinary busy day in an open loop at half of what the machine can take: pages, joins, notices, hand-overs."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks import load, pgbench, product, wire
from benchmarks.load import Told
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.seeding import campaigns, lots, people
from benchmarks.seeding.lots import Lot, Stage
from benchmarks.workloads import joining
from benchmarks.workloads.notices import notice, refuse_used_up
from benchmarks.workloads.pickup import hand_over
from domain.actors import SYSTEM
from services.transactions import Transactions

MIX = {"page": 70, "join": 20, "notice": 5, "hand_over": 5}
FLOORS = {"page.sql": 70, "join_spread.sql": 20, "notice_first.sql": 5, "redeem.sql": 5}
CONNECTIONS = 64
MOST_A_SECOND = 4_000
MINIATURE_RATE = 50.0
DAY_SECONDS = 2
"""How much longer than other loads the day is: a 99th percentile wants many requests."""


@contextmanager
def day(setting: Setting) -> Iterator[Sides]:
    """W10: the 99th percentile from the due time to the answer; the floor is pgbench at the same rate."""
    machine, plan = setting.machine, setting.plan
    url = machine.postgresql()
    unit = product.transactions(url)
    wanted = round(MOST_A_SECOND * plan.seconds * (DAY_SECONDS * plan.rounds + 1))
    part = plan.rows(wanted * MIX["notice"] // 100, 30)
    asked = lots.write(unit, campaigns.one(unit), Stage.ASKED, part)
    ready = lots.write(unit, campaigns.one(unit), Stage.READY, part)
    floor_url = machine.postgresql(like=url)
    pgbench.execute(floor_url, "tables.sql", "counters.sql")
    with setting.product(url) as served:
        mine = _Day(setting, unit, served.port, asked, ready)
        rate = mine.capacity() / 2 if plan.full else MINIATURE_RATE
        setting.facts["rate_per_second"] = round(rate, 1)
        yield Sides(lambda: _floor(setting, floor_url, rate, asked, ready), lambda: mine.at(rate), mine.broken)


def _floor(setting: Setting, url: str, rate: float, asked: Lot, ready: Lot) -> float:
    variables = {"base": asked.base, "hot": asked.scene.campaign_id, "ready": ready.base}
    plan = setting.plan
    found = pgbench.run(
        setting.machine, url, FLOORS, plan.rows(CONNECTIONS), plan.seconds * DAY_SECONDS, variables=variables, rate=rate
    )
    refuse_used_up(url, "floor_next_notice", asked, setting)
    refuse_used_up(url, "floor_next_code", ready, setting)
    late = _p99(found.seconds)
    setting.note("floor_p99_ms", late * 1000)
    return late


def _p99(seconds: Sequence[float]) -> float:
    if len(seconds) < 2:
        raise NotMeasured("too few requests for a percentile")
    return quantiles(seconds, n=100)[98]


@dataclass
class _Day:
    """Requests of each kind, none of them given twice."""

    setting: Setting
    unit: Transactions
    port: int
    asked: Lot
    ready: Lot
    expected: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.setting.plan
        self.chance = random.Random(7)
        self.keys = product.outside(self.setting.machine.folder)
        scene = campaigns.one(self.unit)
        self.point = scene.point
        self.places = campaigns.beside(self.unit, scene, plan.rows(joining.CAMPAIGNS, 20))
        self.crowd = joining.crowd_for(self.setting, self.unit)
        self.joins = self._pairs()
        self.payments, self.orders = deque(self.asked.public_ids("pay")), deque(self.ready.public_ids("ord"))
        with self.unit(SYSTEM) as ctx:
            self.desks = people.desk_tokens(ctx, self.ready.scene.point_id, 16)

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Everybody joins one campaign, then everybody the next."""
        for shift in range(len(self.places)):
            yield from ((number, (number + shift) % len(self.places)) for number in range(len(self.crowd.tokens)))

    def capacity(self) -> float:
        """Requests of the mix a second in a closed loop."""
        plan = self.setting.plan
        requests = self._requests(plan.rows(round(MOST_A_SECOND * plan.seconds), 20))
        heard = load.closed(self.port, requests, plan.rows(CONNECTIONS), plan.seconds)
        self._refuse_others(heard)
        return heard.within.total() / heard.seconds

    def at(self, rate: float) -> float:
        """The 99th percentile in seconds at so many requests a second."""
        plan = self.setting.plan
        requests = self._requests(round(rate * plan.seconds * DAY_SECONDS))
        heard = load.opened(self.port, requests, plan.rows(CONNECTIONS) * 4, rate)
        self._refuse_others(heard)
        late = _p99(heard.late)
        self.setting.note("ours_p99_ms", late * 1000)
        self.setting.note("generator_us", heard.cpu_us)
        return late

    def _requests(self, count: int) -> list[bytes]:
        kinds = self.chance.choices(list(MIX), list(MIX.values()), k=count)
        return [getattr(self, f"_{kind}")() for kind in kinds]

    def _page(self) -> bytes:
        campaign, _ = self.chance.choice(self.places)
        return wire.get(f"/api/resident/campaigns/{campaign}")

    def _join(self) -> bytes:
        number, place = next(self.joins)
        campaign, offer = self.places[place]
        return joining.order(self.crowd.tokens[number], f"{campaign}-{number}", campaign, self.point, offer)

    def _notice(self) -> bytes:
        return notice(self.keys, self.payments.popleft())

    def _hand_over(self) -> bytes:
        return hand_over(self.chance.choice(self.desks), self.orders.popleft())

    def _refuse_others(self, heard: Told) -> None:
        if others := set(heard.all) - {200, 201, 204}:
            raise NotMeasured(f"answers {others}: {dict(heard.all)}")

    def broken(self) -> list[str]:
        """The invariants."""
        return product.broken(self.unit)
