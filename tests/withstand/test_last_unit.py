"""64 clients on one unit of stock: one wins, and without the conditional write many would."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask, g, request
from sqlalchemy import event, select, text, update

from app import create_app
from chaos import stock
from domain.errors import SoldOut
from models import Offer
from services import counting
from services.context import Ctx
from services.transactions import Transactions
from services.writing import changed
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings

ROUNDS = 3
THREADS = 8


def test_of_64_clients_who_order_the_last_unit_at_once_exactly_one_gets_it(app: Flask) -> None:
    with stock.crowd(app) as crowd:
        assert [crowd.round() for _ in range(ROUNDS)] == [stock.ONE_WINS] * ROUNDS


@pytest.fixture
def careless(database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside,
             monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:  # fmt: skip
    """The plain product that looks whether a unit is free, and takes it later without looking again.

    No CHECK helps it.
    """
    made = create_app(test_settings(tmp_path, database_url, rush_waiting=0), clock=clock, outside=outside)
    unit: Transactions = made.extensions["lintuan"].unit
    everybody_has_looked = threading.Barrier(THREADS)

    @made.before_request
    def look_first() -> None:
        if request.method == "POST":
            with unit.reading() as ctx:
                g.free = ctx.session.scalars(select(Offer.quota - Offer.held_units - Offer.sold_units)).one()
            everybody_has_looked.wait(60)

    def take_unlooked(ctx: Ctx, offers: Mapping[Offer, int], resident_id: int) -> dict[Offer, int]:
        for offer, units in offers.items():
            counting._take_of_limit(ctx, offer, resident_id, units)
            if g.free < units:
                raise SoldOut(offer=offer.name, free=0)
            taken = update(Offer).where(Offer.id == offer.id)
            changed(ctx.session, taken.values(held_units=Offer.held_units + units))
        return dict.fromkeys(offers, 0)

    monkeypatch.setattr(counting, "hold", take_unlooked)
    _drop_check(unit)
    yield made
    unit.engine.dispose()


def _drop_check(unit: Transactions) -> None:
    if unit.engine.dialect.name == "postgresql":
        with unit.engine.begin() as connection:
            connection.execute(text("ALTER TABLE offers DROP CONSTRAINT ck_offers_quota"))
        return

    @event.listens_for(unit.engine, "connect")
    def ignore_checks(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA ignore_check_constraints=ON")

    unit.engine.dispose()


def test_without_the_conditional_write_the_last_unit_is_sold_to_many(careless: Flask) -> None:
    unit: Transactions = careless.extensions["lintuan"].unit
    with stock.crowd(careless) as crowd:
        told: Counter[str] = crowd.round()
    assert told["201"] > 1
    assert told != stock.ONE_WINS
    assert stock.oversold(unit)
    unit.engine.dispose()
