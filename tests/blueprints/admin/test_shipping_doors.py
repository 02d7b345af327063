"""Shipping information over HTTP: what operators see of it, and trying again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from models import Leader
from services.flows import shipping
from services.ports import Refused
from services.transactions import Transactions
from tests.blueprints.admin.test_refund_doors import headers, post
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World


@pytest.fixture
def given_up(unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> World:
    """A neighbourhood with one order that stands, which the platform has refused too often."""
    world = World(unit, clock)
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2})
    world.bring(campaign)
    outside.mini_program.fails = Refused("payer mismatch", code="10060031")
    for _ in range(12):
        shipping.upload_due(unit, outside)
        clock.advance(hours=1)
    outside.mini_program.fails = None
    return world


def test_an_upload_that_was_given_up_is_listed_and_revived(
    client: FlaskClient, given_up: World, outside: PretendOutside
) -> None:
    by = headers(given_up.unit)
    (row,) = client.get("/api/admin/shipping?state=failed", headers=by).get_json()["items"]
    assert (row["trouble"], row["attempts"], row["item_desc"]) == ("平台拒绝：10060031", 12, "草莓×2")
    assert client.get("/api/admin/shipping-funds", headers=by).get_json() == {
        "released_fen": 0, "frozen_fen": 3998, "frozen_payments": 1,
    }  # fmt: skip
    path = f"/shipping/{row['payment']}/revive"
    assert post(client, path, by).get_json()["state"] == "pending"
    assert post(client, path, by).status_code == 409
    assert shipping.upload_due(given_up.unit, outside) == 1
    (row,) = client.get("/api/admin/shipping", headers=by).get_json()["items"]
    assert (row["state"], row["attempts"]) == ("uploaded", 1)
    assert client.get("/api/admin/shipping?state=failed", headers=by).get_json()["items"] == []
    assert client.get("/api/admin/shipping?state=odd", headers=by).status_code == 422


def test_what_is_late_is_listed_page_by_page(client: FlaskClient, unit: Transactions, clock: FrozenClock) -> None:
    world = World(unit, clock)
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1}) for _ in range(3)]
    clock.advance(hours=48)
    by, path = headers(unit), "/api/admin/shipping-late"
    first = client.get(path, headers=by, query_string={"limit": 2}).get_json()
    rest = client.get(path, headers=by, query_string={"cursor": first["next_cursor"]}).get_json()
    found = [(row["order"], row["waits_for"]) for row in first["items"] + rest["items"]]
    assert (len(first["items"]), rest["next_cursor"]) == (2, None)
    assert found == [(order, "goods") for order in reversed(orders)]


@pytest.mark.parametrize("path", ["shipping", "shipping-late", "shipping-funds"])
def test_nobody_but_operators_sees_it(client: FlaskClient, given_up: World, path: str) -> None:
    with given_up.unit(SYSTEM) as ctx:
        token = people.token(ctx, ctx.session.get_one(Leader, given_up.leader.id))
    assert client.get(f"/api/admin/{path}").status_code == 401
    assert client.get(f"/api/admin/{path}", headers=people.bearer(token)).status_code in (401, 403)


@pytest.mark.parametrize("number", ["pay_01m8b057g0j2vzyaww1mjyz1zv", "ord_01m8b057g0j2vzyaww1mjyz1zv", "x"])
def test_an_unknown_payment_cannot_be_revived(client: FlaskClient, unit: Transactions, number: str) -> None:
    assert post(client, f"/shipping/{number}/revive", headers(unit)).status_code == 404
