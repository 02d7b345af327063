"""The join rush: many residents order at once through the real endpoint, and every answer is an order that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import text

from benchmarks import load, pgbench, product, wire
from benchmarks.load import Told
from benchmarks.machine import settings_of
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.seeding import campaigns, people
from benchmarks.seeding.people import Crowd
from services.transactions import Transactions
from tests.builders.campaigns import Scene

MOST_A_SECOND = 5_000
"""More first orders than any round can take: each needs a resident of its own."""
CAMPAIGNS = 1000
CLIENTS = 64
"""Sessions of a database's floor, for any number of connections to the product: more would only wait in line."""
ORDERS = "/api/resident/orders"
PLACED = 201


def crowd_for(setting: Setting, unit: Transactions) -> Crowd:
    """Residents enough for one round."""
    return people.crowd(unit, setting.plan.rows(round(MOST_A_SECOND * setting.plan.seconds), 50))


def wanted(campaign: str, point: str, offer: str) -> dict[str, object]:
    """One unit of one offer, to be fetched at the point."""
    return {"campaign": campaign, "point": point, "lines": [{"offer": offer, "units": 1}]}


def order(token: str, key: str, campaign: str, point: str, offer: str) -> bytes:
    """The request by which somebody orders it."""
    return wire.post(ORDERS, wanted(campaign, point, offer), wire.bearer(token, key))


def rush(crowd: Crowd, scene: Scene, key: str = "first") -> list[bytes]:
    """Everybody's order of one campaign, under a key of their own that ends in `key`."""
    offer = next(iter(scene.offers.values()))
    return [
        order(token, f"{scene.campaign}-{number}-{key}", scene.campaign, scene.point, offer)
        for number, token in enumerate(crowd.tokens)
    ]


def told(setting: Setting, heard: Told, status: int, what: str = "ours") -> float:
    """The rate of the wanted answers, noted with the longest wait; raises `NotMeasured` when others were given, too."""
    setting.note(f"{what}_per_second", heard.rate(status))
    setting.note(f"{what}_slowest_ms", max(heard.late, default=0.0) * 1000)
    setting.note("generator_us", heard.cpu_us)
    if set(heard.all) != {status}:
        raise NotMeasured(f"{what}: answers other than {status}: {dict(heard.all)}")
    if setting.plan.full and not heard.within[status]:
        raise NotMeasured(f"{what}: nothing was answered in time")
    return heard.rate(status)


class Rush:
    """A product under rush: each `ours` fills a campaign of its own, each `broken` compares it with the answers."""

    def __init__(self, setting: Setting, url: str, port: int, connections: int, policy: str = "prepaid") -> None:
        self.setting, self.port, self.connections, self.policy = setting, port, connections, policy
        self.unit = product.transactions(url)
        self.crowd = crowd_for(setting, self.unit)
        self.acknowledged = 0
        self.answered: Sequence[float] = ()
        self.scene: Scene | None = None

    def ours(self) -> float:
        """First orders placed a second."""
        self.begin()
        return self.load()

    def begin(self) -> Scene:
        """A campaign that nobody has joined."""
        self.scene = campaigns.one(self.unit, payment_policy=self.policy)
        return self.scene

    def load(self, what: str = "ours") -> float:
        """First orders of that campaign placed a second."""
        assert self.scene is not None
        heard = load.closed(self.port, rush(self.crowd, self.scene), self.connections, self.setting.plan.seconds)
        self.acknowledged, self.answered = heard.all[PLACED], heard.answered
        return told(self.setting, heard, PLACED, what)

    def broken(self) -> list[str]:
        """Invariants that do not hold, and answers without their order."""
        return [*product.broken(self.unit), *missing(self.unit, self.scene, self.acknowledged)]


def missing(unit: Transactions, scene: Scene | None, acknowledged: int) -> Sequence[str]:
    """What is wrong when the orders of a campaign are not one for each answer, each of another resident."""
    statement = text("SELECT count(*), count(DISTINCT resident_id) FROM orders WHERE campaign_id = :id")
    with unit.reading() as ctx:
        orders, residents = ctx.session.execute(statement, {"id": scene.campaign_id if scene else 0}).one()
    if orders == residents == acknowledged:
        return ()
    return (f"{acknowledged} answers, {orders} orders of {residents} residents",)


@contextmanager
def hot(setting: Setting, connections: int, policy: str = "prepaid") -> Iterator[Sides]:
    """W1: one hot campaign on PostgreSQL; the floor commits each order by pgbench in one statement."""
    machine = setting.machine
    floor_url, url = machine.plain_postgresql(), machine.postgresql()
    pgbench.execute(floor_url, "tables.sql")
    with setting.product(url) as served:
        mine = Rush(setting, url, served.port, setting.plan.rows(connections), policy)
        yield Sides(_pgbench(setting, floor_url, "join_hot.sql"), mine.ours, mine.broken)


def _pgbench(setting: Setting, url: str, file: str) -> Callable[[], float]:
    def floor() -> float:
        found = pgbench.run(setting.machine, url, {file: 1}, setting.plan.rows(CLIENTS), setting.plan.seconds)
        setting.note("floor_per_second", found.rate)
        return found.rate

    return floor


@contextmanager
def against_real_bare(setting: Setting) -> Iterator[Sides]:
    """W1b: the same rush; the floor is the same POST through everything but the database."""
    url = setting.machine.postgresql()
    with setting.product(url) as served:
        mine = Rush(setting, url, served.port, setting.plan.rows(64))
        anything = rush(mine.crowd, campaigns.one(mine.unit))
        with setting.real_bare(mine.crowd.tokens) as bare:
            yield Sides(partial(closed_floor, setting, bare.port, anything, PLACED), mine.ours, mine.broken)


def closed_floor(setting: Setting, port: int, requests: Sequence[bytes], status: int) -> float:
    """Answers a second of a floor that serves HTTP, asked over and over."""
    plan = setting.plan
    heard = load.closed(port, requests, plan.rows(64), plan.seconds, again=True)
    return told(setting, heard, status, "floor")


@contextmanager
def on_sqlite(setting: Setting) -> Iterator[Sides]:
    """W3: the rush on an SQLite file whose commits wait for the disk; the floor is a bare Flask view."""
    url = setting.machine.sqlite("rush")
    setting.facts["sqlite"] = settings_of(url)
    with (
        setting.product(url) as served,
        setting.bare() as bare,
    ):
        mine = Rush(setting, url, served.port, setting.plan.rows(64))
        yield Sides(partial(closed_floor, setting, bare.port, [wire.get("/")], 200), mine.ours, mine.broken)


@contextmanager
def spread(setting: Setting) -> Iterator[Sides]:
    """W2: joins spread over a thousand campaigns; each round everybody joins another one."""
    machine = setting.machine
    floor_url, url = machine.plain_postgresql(), machine.postgresql()
    pgbench.execute(floor_url, "tables.sql")
    with setting.product(url) as served:
        mine = _Spread(setting, url, served.port, setting.plan.rows(64))
        yield Sides(_pgbench(setting, floor_url, "join_spread.sql"), mine.ours, mine.broken)


class _Spread(Rush):
    """The rush over many campaigns."""

    def __init__(self, setting: Setting, url: str, port: int, connections: int) -> None:
        super().__init__(setting, url, port, connections)
        self.scene = campaigns.one(self.unit)
        self.places = campaigns.beside(self.unit, self.scene, setting.plan.rows(CAMPAIGNS, 20))
        self.rounds = 0

    def ours(self) -> float:
        """First orders placed a second."""
        assert self.scene is not None
        self.rounds += 1
        requests = []
        for number, token in enumerate(self.crowd.tokens):
            campaign, offer = self.places[(number + self.rounds) % len(self.places)]
            requests.append(order(token, f"{campaign}-{number}", campaign, self.scene.point, offer))
        heard = load.closed(self.port, requests, self.connections, self.setting.plan.seconds)
        self.acknowledged += heard.all[PLACED]
        return told(self.setting, heard, PLACED)

    def broken(self) -> list[str]:
        """As in the rush, over all campaigns and rounds."""
        statement = text("SELECT count(*) FROM (SELECT DISTINCT campaign_id, resident_id FROM orders) AS firsts")
        with self.unit.reading() as ctx:
            orders = ctx.session.execute(statement).scalar_one()
        wrong = [] if orders == self.acknowledged else [f"{self.acknowledged} answers, {orders} orders"]
        return [*product.broken(self.unit), *wrong]
