"""A poison order among sound ones in one batch: they are placed, it gets its own refusal, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app import create_app
from chaos.batches import placed_together
from chaos.gathering import gathered
from chaos.serving import Answer, Client, serving
from domain.actors import SYSTEM
from models import IdempotencyRecord, Offer, Order, Resident
from services import invariants
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.builders.settings import test_settings
from tests.leaks import LogTail
from tests.withstand.till import eventually

SOUND = 6
CHAT, USED = 2, "used-before"
LIMITED, SCARCE, OTHER = "草莓", "蓝莓", "鸡蛋"
GOODS = (Terms(LIMITED, quota=100, per_person=4), Terms(SCARCE, quota=1), Terms(OTHER))
Said = tuple[int, str]
WHEN = "BEFORE INSERT ON orders"
TRIGGERS = {
    "sqlite": [f"CREATE TRIGGER poison {WHEN} WHEN NEW.note = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END"],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$",
        f"CREATE TRIGGER poison {WHEN} FOR EACH ROW WHEN (NEW.note = 'poison') EXECUTE FUNCTION refuse()",
    ],
}
DROP = {"sqlite": "DROP TRIGGER poison", "postgresql": "DROP TRIGGER poison ON orders"}


@dataclass
class Shop:
    """A served product with one campaign; each buyer has a token and a connection, and the last one brings poison."""

    app: Flask
    scene: Scene
    other_point: str
    tokens: list[str]
    clients: list[Client]

    @property
    def unit(self) -> Transactions:
        """The product's transactions."""
        unit: Transactions = self.app.extensions["lintuan"].unit
        return unit

    def order(self, who: int, *, key: str = "", goods: str = LIMITED, units: int = 1, **more: Any) -> Answer:
        """An order of that buyer."""
        lines = [{"offer": self.scene.offers[goods], "units": units}]
        body = {"campaign": self.scene.campaign, "point": self.scene.point, "lines": lines, **more}
        headers = {**people.bearer(self.tokens[who]), "Idempotency-Key": key or f"key-of-{who}"}
        return self.clients[who].post("/api/resident/orders", body, headers)

    def batch(self, poison: dict[str, Any], place: int) -> tuple[list[int], Said]:
        """Sound orders in one batch with a poison one in that place: their statuses, and its status and code."""
        asks: list[tuple[int, dict[str, Any]]] = [(who, {}) for who in range(SOUND)]
        asks.insert(place, (SOUND, poison))
        answers = {}
        with ThreadPoolExecutor(len(asks)) as pool, gathered(self.app, len(asks)) as waiting:
            for number, (who, more) in enumerate(asks, 1):
                answers[who] = pool.submit(self.order, who, **more)
                _await(waiting, number)
        said = [answers[who].result() for who in range(SOUND + 1)]
        return [one.status for one in said[:-1]], (said[-1].status, said[-1].json["code"])

    def standing(self) -> tuple[int, int, int]:
        """Orders there are, limited units that are held, and keys under which an answer is stored."""
        held = select(Offer.held_units).where(Offer.public_id == self.scene.offers[LIMITED])
        orders, keys = (select(func.count()).select_from(table) for table in (Order, IdempotencyRecord))
        with self.unit.reading() as ctx:
            first, second, third = (int(ctx.session.scalars(query).one()) for query in (orders, held, keys))
        return first, second, third


def _await(waiting: Callable[[], int], number: int) -> None:
    """Each waits before the next comes; the last one may be gone with its batch when one looks."""
    if number <= SOUND:
        eventually(lambda: True if waiting() >= number else None)


@pytest.fixture
def shop(database_url: str, tmp_path: Path, log_tail: LogTail) -> Iterator[Shop]:
    """Whoever brings poison has ordered in the chat and under a key before; in the end every invariant must hold."""
    app = create_app(test_settings(tmp_path, database_url))
    unit: Transactions = app.extensions["lintuan"].unit
    with unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, *GOODS, buyers=SOUND + 1)
        elsewhere = campaigns.scene(ctx, buyers=1)
        tokens = [people.token(ctx, ctx.session.get_one(Resident, buyer)) for buyer in scene.buyers]
    with serving(app, threads=SOUND + 1) as port:
        made = Shop(app, scene, elsewhere.point, tokens, [Client(port) for _ in tokens])
        campaigns.place(unit, scene, SOUND, {LIMITED: CHAT}, channel="chat")
        assert made.order(SOUND, key=USED, goods=OTHER).status == 201
        yield made
        for client in made.clients:
            client.close()
    with unit.reading() as ctx:
        assert invariants.check(ctx) == []
    unit.engine.dispose()


POISONS: dict[str, tuple[dict[str, Any], Said]] = {
    "over the limit": ({"units": 3}, (409, "limit_reached")),
    "more than is free": ({"goods": SCARCE, "units": 2}, (409, "sold_out")),
    "the twin of an order in the chat": ({"units": CHAT}, (409, "duplicate_order")),
    "under a used key": ({"key": USED}, (409, "key_reused")),
    "from another point": ({"point": "of the other"}, (404, "not_found")),
    "to a door": ({"building": "3栋"}, (422, "invalid")),
}


@pytest.mark.parametrize("name", POISONS)
def test_a_poison_order_is_refused_and_the_sound_ones_of_its_batch_are_placed_together(shop: Shop, name: str) -> None:
    poison, refusal = POISONS[name]
    if "point" in poison:
        poison = {"point": shop.other_point}
    assert shop.batch(poison, SOUND // 2) == ([201] * SOUND, refusal)
    assert placed_together(shop.unit) == SOUND
    assert shop.standing() == (SOUND + 2, SOUND + CHAT, SOUND + 1)


@pytest.mark.parametrize("place", [0, SOUND // 2, SOUND])
def test_a_poison_order_that_ends_the_batch_s_transaction_is_an_error_for_itself_alone(shop: Shop, place: int) -> None:
    dialect = shop.unit.engine.dialect.name
    with shop.unit.engine.begin() as connection:
        for statement in TRIGGERS[dialect]:
            connection.execute(text(statement))
    statuses, (status, _) = shop.batch({"note": "poison"}, place)
    assert (statuses, status) == ([201] * SOUND, 500)
    assert placed_together(shop.unit) == 0
    assert shop.standing() == (SOUND + 2, SOUND + CHAT, SOUND + 1)
    with shop.unit.engine.begin() as connection:
        connection.execute(text(DROP[dialect]))
    assert shop.order(SOUND, note="poison").status == 201
