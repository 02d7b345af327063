"""What a worker holds: idle, and after a hundred thousand requests more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import load, product, wire
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.processes import resident_mib
from benchmarks.seeding import campaigns, people
from benchmarks.workloads import joining

REQUESTS = 100_000
WARM = 2_000
JOINS_OF = 10
"""One request in so many is a join."""
CONNECTIONS = 32


@contextmanager
def idle(setting: Setting) -> Iterator[Sides]:
    """MiB of the largest worker before it has answered more than whether it is alive; each round starts the server."""
    url = setting.machine.postgresql()
    unit = product.transactions(url)

    def ours() -> float:
        with setting.product(url) as served:
            return max(resident_mib(pid) for pid in served.workers())

    yield Sides(lambda: 1.0, ours, lambda: product.broken(unit))


@contextmanager
def grown(setting: Setting) -> Iterator[Sides]:
    """MiB that one worker gained over the requests of a round, pages and joins; it goes on through all rounds."""
    url, plan = setting.machine.postgresql(), setting.plan
    unit = product.transactions(url)
    scene = campaigns.one(unit)
    warm, round_ = plan.rows(WARM, 20), plan.rows(REQUESTS, 20)
    joins = iter(joining.rush(people.crowd(unit, (warm + plan.rounds * round_) // JOINS_OF), scene))
    page = wire.get(f"/api/resident/campaigns/{scene.campaign}")
    with setting.product(url, workers=1) as served:
        setting.note("fresh_mib", resident_mib(served.workers()[0]))
        _ask(setting, served.port, page, joins, warm)

        def ours() -> float:
            before = resident_mib(served.workers()[0])
            setting.note("before_mib", before)
            _ask(setting, served.port, page, joins, round_)
            return resident_mib(served.workers()[0]) - before

        yield Sides(lambda: 1.0, ours, lambda: product.broken(unit))


def _ask(setting: Setting, port: int, page: bytes, joins: Iterator[bytes], count: int) -> None:
    """Pages and, now and then, somebody's first order."""
    requests = [next(joins) if number % JOINS_OF == 0 else page for number in range(count)]
    heard = load.closed(port, requests, setting.plan.rows(CONNECTIONS), 3600)
    if set(heard.all) != {200, 201}:
        raise NotMeasured(f"answers {dict(heard.all)}")
