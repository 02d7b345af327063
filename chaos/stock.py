"""A crowd on the last unit: 64 devices order it in the same instant over HTTP, and exactly one gets it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from chaos.databases import copied
from chaos.gathering import gathered
from chaos.histories.bug import Bug
from chaos.holding import SERVED
from chaos.keeping import Keeper, Piece
from chaos.serving import Answer, Client, serving
from chaos.stock_careless import BATCH_FORGOTTEN, LOCK_IGNORED, without_check
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

CLIENTS, PROCESSES = 64, 2
ROUNDS, PIECE, PLAIN_ROUNDS = 200, 25, 25
"""Half of the rounds meet the committers as they come, half all in one batch of each; and some go the plain way."""
ONE_WINS = {"201": 1, "409 sold_out": CLIENTS - 1}
PRODUCT = {"sold_out_ms": 100}
"""As the product is by itself; tests keep nothing for a moment."""
PLAIN = {"rush_waiting": 0}
PATHS = (
    *SERVED, "chaos/gathering.py", "chaos/histories/bug.py", "chaos/keeping.py", "chaos/serving.py", "chaos/stock.py",
    "chaos/stock_careless.py",
)  # fmt: skip


@dataclass
class Crowd:
    """Residents with their tokens, each on a connection of their own to one of the products in turn."""

    apps: Sequence[Flask]
    tokens: list[str]
    clients: list[Client]
    pool: ThreadPoolExecutor

    @property
    def unit(self) -> Transactions:
        """The transactions of the first product."""
        unit: Transactions = self.apps[0].extensions["lintuan"].unit
        return unit

    def round(self, *, together: bool = False) -> Counter[str]:
        """All of them order one unit of a fresh campaign that has one; how often each answer was given.

        `together` they wait for the committers until all of them do.
        """
        with self.unit(SYSTEM) as ctx:
            scene = campaigns.scene(ctx, Terms(quota=1), buyers=0)
        at_once = threading.Barrier(len(self.clients))
        with ExitStack() as batches:
            for app in self.apps if together else ():
                batches.enter_context(gathered(app, len(self.clients) // len(self.apps)))
            orders = [self.pool.submit(self._order, number, scene, at_once) for number in range(len(self.clients))]
        return Counter(_told(order.result()) for order in orders)

    def _order(self, number: int, scene: Scene, at_once: threading.Barrier) -> Answer:
        offer = next(iter(scene.offers.values()))
        wanted = {"campaign": scene.campaign, "point": scene.point, "lines": [{"offer": offer, "units": 1}]}
        headers = {**people.bearer(self.tokens[number]), "Idempotency-Key": f"{scene.campaign}-{number}"}
        at_once.wait(60)
        return self.clients[number].post("/api/resident/orders", wanted, headers)


def _told(answer: Answer) -> str:
    return str(answer.status) if answer.status < 400 else f"{answer.status} {answer.json['code']}"


@contextmanager
def crowd(*apps: Flask, clients: int = CLIENTS) -> Iterator[Crowd]:
    """A crowd before served products over one database, each with a thread for everybody who comes to it."""
    unit: Transactions = apps[0].extensions["lintuan"].unit
    with unit(SYSTEM) as ctx:
        residents = [
            Resident(public_id=new_id("Resident", ctx.now), openid=f"crowd-{n}", nickname="邻居", created_at=ctx.now)
            for n in range(clients)
        ]
        ctx.session.add_all(residents)
        ctx.session.flush()
        tokens = [people.token(ctx, resident) for resident in residents]
    with ExitStack() as served, ThreadPoolExecutor(clients) as pool:
        ports = [served.enter_context(serving(app, threads=clients // len(apps))) for app in apps]
        devices = [Client(ports[number % len(ports)]) for number in range(clients)]
        yield Crowd(apps, tokens, devices, pool)
        for device in devices:
            device.close()


def oversold(unit: Transactions) -> bool:
    """Whether more units are held than there are."""
    with unit.reading() as ctx:
        return any(breach.rule.startswith("1 ") for breach in invariants.check(ctx))


@contextmanager
def products(url: str, folder: Path, count: int = PROCESSES, **settings: Any) -> Iterator[list[Flask]]:
    """That many products as the workers of one server have them: each with its own committer and connections."""
    clock, outside = FrozenClock(), pretend_outside(folder)
    made = [create_app(test_settings(folder, url, **settings), clock=clock, outside=outside) for _ in range(count)]
    try:
        yield made
    finally:
        for app in made:
            app.extensions["lintuan"].unit.engine.dispose()


def _rounds(url: str, folder: Path, count: int, settings: dict[str, Any], together: bool) -> Piece:
    with copied(url) as copy, products(copy, folder, **settings) as apps, crowd(*apps) as everybody:
        rounds = [everybody.round(together=together) for _ in range(count)]
        wrong = [str(dict(told)) for told in rounds if told != ONE_WINS]
        wrong += ["oversold"] if oversold(everybody.unit) else []
    return {"rounds": count, "wrong": wrong}


def planted(url: str, folder: Path, bug: Bug) -> Piece:
    """One round together with a mistake in the committer and no CHECK behind it: "sold" has to be more than one."""
    with copied(url) as copy, products(copy, folder, **PRODUCT) as apps:
        without_check(apps)
        with bug.planted(), crowd(*apps) as everybody:
            sold = everybody.round(together=True)["201"]
            return {"sold": sold, "oversold": oversold(everybody.unit), "wrong": []}


def run(url: str, folder: Path) -> dict[str, Any]:
    """200 rounds on the kind of database at `url`, some without the committer, and the controls."""
    kind = url.partition(":")[0].partition("+")[0]
    keeper = Keeper("stock", kind, PATHS)
    each = ROUNDS // PIECE // 2
    finds = {f"{how} {number + 1} of {each}": partial(_rounds, url, folder, PIECE, PRODUCT, how == "together")
             for how in ("as they come", "together") for number in range(each)}  # fmt: skip
    finds["the plain way"] = partial(_rounds, url, folder, PLAIN_ROUNDS, PLAIN, False)
    pieces = [keeper.piece(name, find) for name, find in finds.items()]
    bugs = {"batch forgotten": BATCH_FORGOTTEN, **({} if kind == "sqlite" else {"lock ignored": LOCK_IGNORED})}
    controls = {name: keeper.piece(name, partial(planted, url, folder, bug)) for name, bug in bugs.items()}
    keeper.finish()
    wrong = [words for piece in pieces for words in piece["wrong"]]
    seen = all(control["oversold"] and control["sold"] > 1 for control in controls.values())
    return {"held": not wrong and seen, "clients": CLIENTS, "processes": PROCESSES,
            "rounds": sum(piece["rounds"] for piece in pieces), "wrong": wrong[:20],
            "controls_sold": {name: control["sold"] for name, control in controls.items()}}  # fmt: skip
