"""What one operation costs in a campaign of a thousand orders, and in one of a million."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import load, pgbench, product, wire
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.processes import cpu_of_family, spent
from benchmarks.product import Served
from benchmarks.seeding import campaigns, lots, people
from benchmarks.seeding.lots import Stage
from benchmarks.workloads import joining
from benchmarks.workloads.pickup import hand_over
from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders.campaigns import Scene

SMALL, LARGE = 1_000, 1_000_000
WORKERS, THREADS = 1, 4
WARM = 40
EACH_READ = {"LINTUAN_PAGE_KEEP_MS": "0"}
"""A page that is kept costs the same in any campaign."""
Requests = Callable[[int], list[bytes]]


@contextmanager
def cost(setting: Setting, operation: str) -> Iterator[Sides]:
    """Growth: microseconds of CPU, product and PostgreSQL together, of one join, page or pickup."""
    plan = setting.plan
    small_url, large_url = setting.machine.postgresql(), setting.machine.postgresql()
    small = _filled(setting, small_url, plan.rows(SMALL, 60), operation)
    large = _filled(setting, large_url, plan.rows(LARGE, 120), operation)
    between = plan.rows(LARGE, 120) - plan.rows(SMALL, 60)
    setting.facts["bytes_per_order"] = round((_bytes(large_url) - _bytes(small_url)) / between)
    with (
        setting.product(small_url, EACH_READ, workers=WORKERS, threads=THREADS) as first,
        setting.product(large_url, EACH_READ, workers=WORKERS, threads=THREADS) as second,
    ):
        sides = [_Side(setting, *side) for side in ((small, first), (large, second))]
        for side in sides:
            side.spend(WARM if plan.full else 1)
        yield Sides(lambda: sides[0].told("floor_us"), lambda: sides[1].told("ours_us"), sides[1].broken)


@dataclass
class _Campaign:
    """A campaign with its orders, and the requests that were not sent yet."""

    unit: Transactions
    requests: Requests
    status: int
    endless: bool = False


def _filled(setting: Setting, url: str, count: int, operation: str) -> _Campaign:
    """So many orders in one campaign, as many of them waiting to be fetched as the small one has at all."""
    unit = product.transactions(url)
    scene = campaigns.one(unit)
    ready = min(count, setting.plan.rows(SMALL, 60))
    if count > ready:
        lots.write(unit, scene, Stage.ACCEPTED, count - ready)
    waiting = lots.write(unit, scene, Stage.READY, ready).public_ids("ord")
    if operation == "page":
        asked = wire.get(f"/api/resident/campaigns/{scene.campaign}")
        return _Campaign(unit, lambda number: [asked] * number, 200, endless=True)
    if operation == "join":
        return _Campaign(unit, _taking(_joins(unit, scene, ready)), 201)
    with unit(SYSTEM) as ctx:
        (token,) = people.desk_tokens(ctx, scene.point_id, 1)
    return _Campaign(unit, _taking([hand_over(token, order) for order in waiting]), 201)


def _bytes(url: str) -> int:
    """What the database at an address takes on its disk, indexes and all."""
    with pgbench.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def _joins(unit: Transactions, scene: Scene, count: int) -> list[bytes]:
    return joining.rush(people.crowd(unit, count), scene)


def _taking(requests: list[bytes]) -> Requests:
    def take(number: int) -> list[bytes]:
        taken = requests[:number]
        del requests[:number]
        return taken

    return take


class _Side:
    """One campaign and the server before it."""

    def __init__(self, setting: Setting, campaign: _Campaign, served: Served) -> None:
        self.setting, self.campaign, self.served = setting, campaign, served
        # The small side is measured twice a round and has a thousand orders in all; pages there are enough of.
        rows = setting.plan.rows(SMALL, 60)
        self.count = rows if campaign.endless else max(1, (rows - WARM) // (2 * setting.plan.rounds + 1))

    def told(self, name: str) -> float:
        """Microseconds of CPU for one operation, noted."""
        microseconds = self.spend(self.count) / self.count * 1e6
        self.setting.note(name, microseconds)
        return microseconds

    def spend(self, count: int) -> float:
        """CPU seconds of so many operations."""
        requests = self.campaign.requests(count)
        pids = (self.served.pid, self.setting.machine.postmaster)
        before = cpu_of_family(*pids)
        heard = load.closed(self.served.port, requests, THREADS, 600)
        seconds = spent(before, cpu_of_family(*pids))
        if heard.all != {self.campaign.status: count}:
            raise NotMeasured(f"{count} requests, answers {dict(heard.all)}")
        return seconds

    def broken(self) -> list[str]:
        """The invariants."""
        return product.broken(self.campaign.unit)
