"""64 people order the last unit at the same moment: exactly one order stands."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask, g, request
from sqlalchemy import select, update

from chaos import stock
from chaos.stock_careless import BATCH_FORGOTTEN, LOCK_IGNORED, without_check
from domain.errors import SoldOut
from models import Offer
from services import counting
from services.context import Ctx
from services.transactions import Transactions
from services.writing import changed

THREADS = 8


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two products over one database, as two workers of a server are."""
    with stock.products(database_url, tmp_path, **stock.PRODUCT) as made:
        yield made


@pytest.fixture
def careless(workers: list[Flask]) -> list[Flask]:
    """The same, and no CHECK helps them."""
    without_check(workers)
    return workers


def test_of_64_clients_who_order_the_last_unit_at_once_exactly_one_gets_it(workers: list[Flask]) -> None:
    with stock.crowd(*workers) as crowd:
        assert [crowd.round(), crowd.round(together=True)] == [stock.ONE_WINS] * 2


def test_without_the_committer_too_exactly_one_gets_it(database_url: str, tmp_path: Path) -> None:
    with stock.products(database_url, tmp_path, **stock.PLAIN) as made, stock.crowd(*made) as crowd:
        assert crowd.round() == stock.ONE_WINS


def test_a_batch_that_forgets_what_it_has_granted_sells_the_last_unit_to_many(careless: list[Flask]) -> None:
    with BATCH_FORGOTTEN.planted(), stock.crowd(*careless) as crowd:
        assert crowd.round(together=True)["201"] > 1
        assert stock.oversold(crowd.unit)


def test_committers_that_do_not_look_again_under_the_lock_sell_the_last_unit_twice(
    postgres_url: str, tmp_path: Path
) -> None:
    with stock.products(postgres_url, tmp_path, **stock.PRODUCT) as made:
        without_check(made)
        with LOCK_IGNORED.planted(), stock.crowd(*made) as crowd:
            assert crowd.round(together=True)["201"] == 2
            assert stock.oversold(crowd.unit)


@pytest.fixture
def unlooking(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The plain product that looks whether a unit is free, and takes it later without looking again."""
    with stock.products(database_url, tmp_path, 1, **stock.PLAIN) as (made,):
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
        without_check([made])
        yield made


def test_without_the_conditional_write_the_last_unit_is_sold_to_many(unlooking: Flask) -> None:
    with stock.crowd(unlooking) as crowd:
        told: Counter[str] = crowd.round()
        assert told["201"] > 1
        assert told != stock.ONE_WINS
        assert stock.oversold(crowd.unit)
