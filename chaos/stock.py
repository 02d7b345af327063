"""A crowd on the last unit: 64 devices order it in the same instant over HTTP, and exactly one gets it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from chaos.serving import Answer, Client, serving
from domain.actors import SYSTEM
from domain.ids import new_id
from models import Resident
from services import invariants
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.builders.clock import FrozenClock
from tests.builders.outside import pretend_outside
from tests.builders.settings import test_settings

CLIENTS = 64
ROUNDS = 100
ONE_WINS = {"201": 1, "409 sold_out": CLIENTS - 1}


@dataclass
class Crowd:
    """Residents with their tokens, each on a connection of their own."""

    unit: Transactions
    tokens: list[str]
    clients: list[Client]
    pool: ThreadPoolExecutor

    def round(self) -> Counter[str]:
        """All of them order one unit of a fresh campaign that has one; how often each answer was given."""
        with self.unit(SYSTEM) as ctx:
            scene = campaigns.scene(ctx, Terms(quota=1), buyers=0)
        together = threading.Barrier(len(self.clients))
        orders = [self.pool.submit(self._order, number, scene, together) for number in range(len(self.clients))]
        return Counter(_told(order.result()) for order in orders)

    def _order(self, number: int, scene: Scene, together: threading.Barrier) -> Answer:
        offer = next(iter(scene.offers.values()))
        wanted = {"campaign": scene.campaign, "point": scene.point, "lines": [{"offer": offer, "units": 1}]}
        headers = {**people.bearer(self.tokens[number]), "Idempotency-Key": f"{scene.campaign}-{number}"}
        together.wait(60)
        return self.clients[number].post("/api/resident/orders", wanted, headers)


def _told(answer: Answer) -> str:
    return str(answer.status) if answer.status < 400 else f"{answer.status} {answer.json['code']}"


@contextmanager
def crowd(app: Flask, clients: int = CLIENTS) -> Iterator[Crowd]:
    """A crowd before the served product."""
    unit: Transactions = app.extensions["lintuan"].unit
    with unit(SYSTEM) as ctx:
        residents = [
            Resident(public_id=new_id("Resident", ctx.now), openid=f"crowd-{n}", nickname="邻居", created_at=ctx.now)
            for n in range(clients)
        ]
        ctx.session.add_all(residents)
        ctx.session.flush()
        tokens = [people.token(ctx, resident) for resident in residents]
    with serving(app) as port, ThreadPoolExecutor(clients) as pool:
        devices = [Client(port) for _ in tokens]
        yield Crowd(unit, tokens, devices, pool)
        for device in devices:
            device.close()


def oversold(unit: Transactions) -> bool:
    """Whether more units are held than there are."""
    with unit.reading() as ctx:
        return any(breach.rule.startswith("1 ") for breach in invariants.check(ctx))


def run(url: str, folder: Path) -> dict[str, Any]:
    """100 rounds on the database at `url`."""
    app = create_app(test_settings(folder, url), clock=FrozenClock(), outside=pretend_outside(folder))
    with crowd(app) as everybody:
        rounds = [everybody.round() for _ in range(ROUNDS)]
        sold = oversold(everybody.unit)
    right = rounds.count(Counter(ONE_WINS))
    others = [dict(told) for told in rounds if told != ONE_WINS]
    return {"held": right == ROUNDS and not sold, "clients": CLIENTS, "rounds": ROUNDS, "one_won": right,
            "other_rounds": others, "oversold": sold}  # fmt: skip
