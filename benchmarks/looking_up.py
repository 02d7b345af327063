"""`python -m benchmarks.looking_up`: how long the desk's field takes among 5,000 orders that wait at one point.

Each kind of proof is asked one after another over one connection of the product as it is served, on PostgreSQL; the
figures are milliseconds from the request to its whole answer. It has a bound and no floor, so it is no workload.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from benchmarks import load, product, wire
from benchmarks.machine import on_disk
from benchmarks.plan import NotMeasured, Plan, Setting
from benchmarks.seeding import campaigns, lots, people
from benchmarks.seeding.lots import Lot, Stage
from domain.actors import SYSTEM
from domain.pickup import is_code
from models import Order, Payment, PickupCode, PickupPoint, Resident
from services.people import phone_tail_hash
from services.pickup import qr
from services.transactions import Transactions

ORDERS = 5_000
TAILS = 10_000
ASKED = 200
MOST_MS = 300.0
FOUND = 200
PATH = "/api/station/search"
LEASE = "/api/station/lease"


@dataclass(frozen=True)
class Took:
    """The median and the 95th percentile of one kind of proof, in milliseconds."""

    proof: str
    p50: float
    p95: float


@contextmanager
def desk(setting: Setting, orders: int) -> Iterator[tuple[int, str, Mapping[str, Sequence[Any]]]]:
    """The port of a served product, a desk's token, and bodies to ask by kind of proof; so many orders wait there."""
    url = setting.machine.postgresql()
    unit = product.transactions(url)
    lot = lots.write(unit, campaigns.one(unit), Stage.READY, orders)
    with unit(SYSTEM) as ctx:
        (token,) = people.desk_tokens(ctx, lot.scene.point_id, 1)
        for number in range(lot.base + 1, lot.base + orders + 1):
            mine = update(Resident).where(Resident.id == number)
            ctx.session.execute(mine.values(phone_tail_hash=phone_tail_hash(ctx, f"{number % TAILS:04d}")))
    with setting.product(url) as served:
        yield served.port, token, _bodies(unit, lot)


def _bodies(unit: Transactions, lot: Lot) -> Mapping[str, Sequence[Any]]:
    with unit.reading(SYSTEM) as ctx:
        point = ctx.session.get_one(PickupPoint, lot.scene.point_id).public_id
        statement = (
            select(Order.id, Order.public_id, Order.roster_number, PickupCode.code, PickupCode.public_id,
                   Payment.public_id)
            .join(PickupCode, PickupCode.order_id == Order.id)
            .join(Payment, Payment.order_id == Order.id)
            .order_by(Order.id)
        )  # fmt: skip
        rows = ctx.session.execute(statement).all()
        tickets = {row[0]: qr.make(ctx, row[4], point) for row in rows}
    return {
        "code": [{"code": row[3]} for row in rows if is_code(row[3])],
        "qr": [{"qr": tickets[row[0]]} for row in rows],
        "roster_number": [{"roster_number": row[2]} for row in rows],
        "phone_tail": [{"phone_tail": f"{row[0] % TAILS:04d}"} for row in rows],
        "payment_id": [{"payment_id": row[5]} for row in rows],
        "order_id": [{"order_id": row[1]} for row in rows],
    }


def ask(port: int, token: str, proof: str, bodies: Sequence[Any], times: int) -> Took:
    """Ask for so many different people by one kind of proof; raises `NotMeasured` unless each is found."""
    chosen = [bodies[place * len(bodies) // times] for place in range(min(times, len(bodies)))]
    requests = [wire.post(PATH, body, wire.bearer(token)) for body in chosen]
    return _took(proof, load.closed(port, requests, 1, seconds=120))


def take_lease(port: int, token: str) -> Took:
    """The whole list of the point for a desk that goes offline, a few times."""
    body = {"device_label": "desk", "take_over": True}
    return _took("lease", load.closed(port, [wire.post(LEASE, body, wire.bearer(token))] * 5, 1, seconds=120))


def _took(proof: str, heard: load.Told) -> Took:
    if set(heard.all) != {FOUND}:
        raise NotMeasured(f"{proof}: {dict(heard.all)}")
    late = sorted(1000 * seconds for seconds in heard.late)
    return Took(proof, statistics.median(late), late[min(len(late) - 1, round(0.95 * len(late)))])


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each kind of proof; 1 when one of them takes longer than `MOST_MS` at the 95th percentile."""
    parser = argparse.ArgumentParser(prog="benchmarks.looking_up", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--asked", type=int, default=ASKED, help="of each kind of proof")
    told = parser.parse_args(arguments)
    with on_disk() as machine, desk(Setting(machine, Plan()), told.orders) as (port, token, bodies):
        found = [ask(port, token, proof, some, told.asked) for proof, some in bodies.items()]
        lease = take_lease(port, token)
    print(f"{told.orders} orders wait at one point; milliseconds, at most {MOST_MS:g}")
    for took in (*found, lease):
        print(f"{took.proof:<14} p50 {took.p50:7.1f}   p95 {took.p95:7.1f}")
    return 1 if any(took.p95 > MOST_MS for took in found) else 0


if __name__ == "__main__":
    sys.exit(main())
