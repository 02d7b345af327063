"""Ordering over HTTP when many do: a poison order, a sold-out storm, and repeated keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from domain.actors import SYSTEM
from models import Order, Resident
from services import sessions
from services.context import Ctx
from services.hot import join_writing, sold_out
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings
from tests.services.hot.meanwhile import meanwhile
from tests.services.hot.scene import counted

ORDERS = "/api/resident/orders"


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside) -> Iterator[Flask]:
    """The product that knows for an hour what is sold out."""
    settings = test_settings(tmp_path, database_url, sold_out_ms=3_600_000)
    made = create_app(settings, clock=clock, outside=outside)
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


@pytest.fixture
def shop(unit: Transactions) -> tuple[Scene, list[str]]:
    """A campaign with one unit, and the tokens of its buyers."""
    with unit(SYSTEM) as ctx:
        stage = campaigns.scene(ctx, Terms(quota=1), buyers=4)
        return stage, [people.token(ctx, ctx.session.get_one(Resident, buyer)) for buyer in stage.buyers]


def order(client: FlaskClient, stage: Scene, token: str, key: str, **more: Any) -> tuple[int, Any, bool]:
    """One unit of the first offer: status, body, and whether the answer was given before."""
    body = {"campaign": stage.campaign, "point": stage.point,
            "lines": [{"offer": next(iter(stage.offers.values())), "units": 1}], **more}  # fmt: skip
    answer = client.post(ORDERS, json=body, headers={**people.bearer(token), "Idempotency-Key": key})
    return answer.status_code, answer.json, "Idempotency-Replayed" in answer.headers


def test_a_sold_out_storm_asks_the_database_nothing(
    client: FlaskClient, unit: Transactions, shop: tuple[Scene, list[str]]
) -> None:
    stage, tokens = shop
    first = order(client, stage, tokens[0], "the-first-key")
    refused = [order(client, stage, token, "a-late-key")[:2] for token in tokens[1:]]
    order(client, stage, tokens[1], "loads-the-flag")
    with counted(unit) as sent:
        storm = [order(client, stage, token, f"storm-key-{n}")[:2] for n in range(3) for token in tokens[1:]]
    assert sent == []
    assert {(status, body["code"], body["facts"]["free"]) for status, body in storm + refused} == {(409, "sold_out", 0)}
    assert order(client, stage, tokens[0], "the-first-key") == (201, first[1], True)
    assert order(client, stage, tokens[0], "another-key")[1]["code"] == "sold_out"


def test_the_storm_is_let_through_where_it_might_mean_something_else(
    client: FlaskClient, unit: Transactions, shop: tuple[Scene, list[str]], clock: FrozenClock
) -> None:
    stage, tokens = shop
    for number in range(3):
        order(client, stage, tokens[number], f"some-key-{number}")
    assert order(client, stage, tokens[3], "nowhere-key", point="pnt_" + "0" * 26)[0] == 404
    assert order(client, stage, tokens[3], "door-key-1", building="3栋")[0] == 422
    clock.set(stage.closes_at)
    assert order(client, stage, tokens[3], "late-key-1")[1]["code"] == "not_open"


def test_whose_takers_are_too_many_to_know_them_is_judged_by_one_look(
    client: FlaskClient, unit: Transactions, shop: tuple[Scene, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, tokens = shop
    monkeypatch.setattr(sold_out, "MOST_TAKINGS", 0)
    assert order(client, stage, tokens[0], "the-first-key")[0] == 201
    assert order(client, stage, tokens[1], "sets-the-flag")[1]["code"] == "sold_out"
    with counted(unit) as sent:
        assert order(client, stage, tokens[2], "a-late-key")[1]["code"] == "sold_out"
    assert not any("SELECT offer_takings.resident_id" in text for text in sent)


def test_the_tokens_of_those_who_come_together_take_one_statement(
    app: Flask, unit: Transactions, shop: tuple[Scene, list[str]]
) -> None:
    stage, tokens = shop
    acts = [partial(order, app.test_client(), stage, token, "the-first-key") for token in (*tokens, "made-up")]
    with counted(unit) as sent:
        said = meanwhile(unit, app.extensions["lintuan"].rush.callers.together, acts)
    assert sorted(status for status, *_ in said) == [201, 401, 409, 409, 409]
    assert said[-1][0] == 401
    assert sum("sessions.token_hash" in text.partition("WHERE")[2] for text in sent) == 2


def test_a_device_that_was_shut_out_orders_nothing_though_it_is_remembered(
    client: FlaskClient, unit: Transactions, shop: tuple[Scene, list[str]]
) -> None:
    stage, tokens = shop
    assert order(client, stage, tokens[0], "the-first-key")[0] == 201
    with unit(SYSTEM) as ctx:
        sessions.revoke_all(ctx, resident_id=stage.buyers[0])
    assert order(client, stage, tokens[0], "the-first-key")[0] == 401
    assert order(client, stage, tokens[0], "second-key")[0] == 401


def test_a_poison_order_is_refused_alone_and_the_others_of_its_batch_are_placed(
    client: FlaskClient, unit: Transactions, shop: tuple[Scene, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, tokens = shop

    def broken(_ctx: Ctx, *_: object) -> None:
        raise ArithmeticError("poison")

    monkeypatch.setattr(join_writing, "_claim_keys", broken)
    assert order(client, stage, tokens[0], "the-first-key")[0] == 201
    with unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Order)).all()) == 1
