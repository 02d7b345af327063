"""The gateway's notices at our door: 204 after the commit, 401 for what is not genuine, 5xx when we cannot take it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from models import GatewayEvent, Order, SuspenseCase
from services import invariants
from services.flows import paying
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings
from tests.integrations.pay_keys import NOW, gateway, notice, paid_trade, signed
from tests.services.pickup.world import World

ADDRESS = "/hooks/wechatpay/pay"


@pytest.fixture
def clock() -> FrozenClock:
    """The instant at which the notices are signed."""
    return FrozenClock(NOW)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside) -> Iterator[Flask]:
    """The product behind the real guard of the gateway's notices."""
    world = replace(outside, gateway=gateway())  # type: ignore[arg-type]  # the real reader in place of the pretend one
    made = create_app(test_settings(tmp_path, database_url), clock=clock, outside=world)
    unit: Transactions = made.extensions["lintuan"].unit
    try:
        yield made
        with unit.reading() as ctx:
            assert invariants.check(ctx) == []
    finally:
        unit.engine.dispose()


@pytest.fixture
def stray() -> bytes:
    """A genuine notice about a number we never asked for."""
    return notice(paid_trade())


def events(unit: Transactions) -> int:
    """How many notices were taken."""
    with unit.reading() as ctx:
        return ctx.session.scalars(select(func.count()).select_from(GatewayEvent)).one()


def test_a_genuine_notice_is_taken_once_and_answered_204_each_time(
    client: FlaskClient, unit: Transactions, stray: bytes
) -> None:
    for _ in range(3):
        response = client.post(ADDRESS, data=stray, headers=signed(stray))
        assert (response.status_code, response.data) == (204, b"")
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(GatewayEvent.deliveries)).all() == [3]
        assert len(ctx.session.scalars(select(SuspenseCase)).all()) == 1


@pytest.mark.parametrize("change", [{"signature": "AAAA"}, {"timestamp": "1700000000"}, {"serial": "PUB_KEY_ID_OTHER"}])
def test_what_is_not_genuine_is_refused_and_changes_nothing(
    client: FlaskClient, unit: Transactions, stray: bytes, change: dict[str, str]
) -> None:
    response = client.post(ADDRESS, data=stray, headers=signed(stray, **change))
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")
    assert events(unit) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"resource": 1}', b"\xff\x00", b'{"id": null}'])
def test_malformed_bodies_are_refused(client: FlaskClient, unit: Transactions, body: bytes) -> None:
    for headers in ({}, signed(body)):
        assert client.post(ADDRESS, data=body, headers=headers).status_code == 401
        assert client.post("/hooks/wechatpay/refund", data=body, headers=headers).status_code == 401
        assert client.post("/hooks/wechatpay/transfer", data=body, headers=headers).status_code == 401
    assert events(unit) == 0


def test_a_notice_that_we_cannot_take_now_is_asked_for_again(
    client: FlaskClient, unit: Transactions, stray: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(paying, "receive_notice", None)
        response = client.post(ADDRESS, data=stray, headers=signed(stray))
    assert response.status_code == 500
    assert json.loads(response.data) == {"code": "FAIL", "message": "失败"}
    assert events(unit) == 0


def test_a_genuine_payment_lets_the_order_count(client: FlaskClient, unit: Transactions, clock: FrozenClock) -> None:
    from services import ordering, payments
    from tests.services.pickup.world import offer_named

    world = World(unit, clock)
    campaign, buyer = world.campaign(prices={"草莓": 2990}), world.resident()
    with unit(buyer) as ctx:
        line = (offer_named(ctx, campaign, "草莓").public_id, 2)
        order = ordering.place(ctx, ordering.PlaceOrder(campaign, world.point_ids[0], (line,)))
        number = payments.ask(ctx, order.public_id).request.out_trade_no
    trade = paid_trade()
    amount = {**trade["amount"], "total": 5980, "payer_total": 5980}
    body = notice({**trade, "out_trade_no": number, "amount": amount})
    assert client.post(ADDRESS, data=body, headers=signed(body)).status_code == 204
    with unit.reading() as ctx:
        paid = ctx.session.scalars(select(Order)).one()
        assert (paid.state, paid.roster_number) == ("paid", 1)
