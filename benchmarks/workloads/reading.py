"""Reads: the campaign page with its live count, hot and cold, and the answer that nothing is left."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from benchmarks import load, pgbench, product, wire
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.seeding import campaigns, people
from benchmarks.workloads import joining
from chaos.serving import Client
from config.settings import Settings
from services.transactions import Transactions
from tests.builders.campaigns import Scene

SOLD_OUT = 409
KEPT_TIMES = 1.5
"""So many times the span for which a page is kept have to pass before a cold one is asked again."""
COLD_PAGES = 2000
"""So many that 13,000 answers a second leave that time between two of a page."""
STATISTICS_SECONDS = 1.5
"""PostgreSQL's sessions tell of their transactions about once a second, the last ones later."""
STORMERS = 1000
"""People who tap again and again."""


@contextmanager
def page(setting: Setting, *, cold: bool) -> Iterator[Sides]:
    """W4: one campaign's page over and over, or two thousand in turn, so that none is asked again while it is kept."""
    url = setting.machine.postgresql()
    unit = product.transactions(url)
    scene = campaigns.one(unit)
    shown = [scene.campaign]
    if cold:
        shown = [campaign for campaign, _ in campaigns.beside(unit, scene, setting.plan.rows(COLD_PAGES, 20))]
    requests = [wire.get(f"/api/resident/campaigns/{campaign}") for campaign in shown]
    with (
        setting.product(url) as served,
        setting.bare() as bare,
    ):
        ours = partial(_asked, setting, url, served.port, requests, cold)
        floor = partial(joining.closed_floor, setting, bare.port, [wire.get("/")], 200)
        yield Sides(floor, ours, partial(product.broken, unit))


def _asked(setting: Setting, url: str, port: int, requests: Sequence[bytes], cold: bool) -> float:
    plan, before = setting.plan, _transactions(setting, url)
    heard = load.closed(port, requests, plan.rows(64), plan.seconds, again=True)
    setting.note("transactions_per_answer", (_transactions(setting, url) - before) / heard.all.total())
    rate = joining.told(setting, heard, 200)
    if cold:
        again_ms = len(requests) / rate * 1000
        setting.note("asked_again_ms", again_ms)
        if plan.full and again_ms < KEPT_TIMES * Settings.page_keep_ms:
            raise NotMeasured(f"each page came again after {again_ms:.0f} ms: some were still kept")
    return rate


@contextmanager
def sold_out(setting: Setting) -> Iterator[Sides]:
    """W5: a thousand want what one has taken, again and again; the database should hear of them once a minute."""
    url = setting.machine.postgresql()
    unit = product.transactions(url)
    taker, crowd = people.crowd(unit, 1), people.crowd(unit, setting.plan.rows(STORMERS, 20))
    scene = campaigns.one(unit, quota=1)
    taps = -(-round(joining.MOST_A_SECOND * setting.plan.seconds) // STORMERS)
    requests = [request for tap in range(taps) for request in joining.rush(crowd, scene, f"tap-{tap}")]
    with (
        setting.product(url) as served,
        setting.real_bare(crowd.tokens) as bare,
    ):
        load.closed(served.port, joining.rush(taker, scene), 1, 1.0)
        _refuse_unless_sold_out(served.port, scene, crowd.tokens[0])
        floor = partial(joining.closed_floor, setting, bare.port, requests, joining.PLACED)
        yield Sides(floor, partial(_storm, setting, url, served.port, requests), partial(_left, unit))


def _storm(setting: Setting, url: str, port: int, requests: Sequence[bytes]) -> float:
    before = _transactions(setting, url)
    plan = setting.plan
    heard = load.closed(port, requests, plan.rows(64), plan.seconds)
    setting.note("transactions_per_answer", (_transactions(setting, url) - before) / heard.all.total())
    return joining.told(setting, heard, SOLD_OUT)


def _transactions(setting: Setting, url: str) -> int:
    """How many transactions the database has ended, whatever came of them."""
    time.sleep(STATISTICS_SECONDS if setting.plan.seconds >= 1 else 0)
    with pgbench.connect(url) as connection:
        row = connection.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


def _left(unit: Transactions) -> list[str]:
    with unit.reading() as ctx:
        orders = ctx.session.connection().exec_driver_sql("SELECT count(*) FROM orders").scalar_one()
    return [*product.broken(unit), *([] if orders == 1 else [f"one unit, {orders} orders"])]


def _refuse_unless_sold_out(port: int, scene: Scene, token: str) -> None:
    """Raise `NotMeasured` unless the next one hears that nothing is left."""
    wanted = joining.wanted(scene.campaign, scene.point, next(iter(scene.offers.values())))
    client = Client(port)
    answer = client.post(joining.ORDERS, wanted, wire.bearer(token, "nothing-is-left"))
    client.close()
    if answer.status != SOLD_OUT or answer.json["code"] != "sold_out":
        raise NotMeasured(f"answered {answer.status} {answer.body!r}")
