"""Where an order is fetched and by whom, over HTTP; and the list of orders by their state."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK, Actor
from models import PickupStaff, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.people import bearer
from tests.services.pickup.world import World

ORDERS = "/api/resident/orders"


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with two points."""
    return World(unit, clock)


def phone(world: World, who: Actor) -> dict[str, str]:
    """The headers of somebody's phone, or of a desk's device."""
    with world.unit(CLOCK) as ctx:
        if who.point_id:
            return bearer(people.token(ctx, ctx.session.get_one(PickupStaff, who.id)))
        return bearer(people.token(ctx, ctx.session.get_one(Resident, who.id)))


def test_an_order_moves_to_a_point_of_its_campaign_and_to_no_other(client: FlaskClient, world: World) -> None:
    who = world.resident()
    order = world.order(who, world.campaign(), {"草莓": 1})
    path, mine = f"{ORDERS}/{order}/point", phone(world, who)
    assert client.get(f"{ORDERS}/{order}", headers=mine).get_json()["movable"] is True
    moved = client.put(path, json={"point_id": world.point_ids[1]}, headers=mine)
    assert (moved.status_code, moved.get_json()["point_name"]) == (200, "西门")
    assert client.put(path, json={"point_id": f"pnt_{'0' * 26}"}, headers=mine).status_code == 404
    other = phone(world, world.resident("赵大爷"))
    assert client.put(path, json={"point_id": world.point_ids[0]}, headers=other).status_code == 404


def test_orders_are_listed_by_state(client: FlaskClient, world: World) -> None:
    who = world.resident()
    paid = world.order(who, world.campaign(), {"草莓": 1})
    confirmed = world.order(who, world.campaign(payment_policy="on_pickup"), {"草莓": 1})
    mine = phone(world, who)

    def listed(states: str) -> list[str]:
        return [order["id"] for order in client.get(f"{ORDERS}?state={states}", headers=mine).get_json()["items"]]

    assert listed("paid") == [paid]
    assert listed("paid,confirmed") == listed("") == [confirmed, paid]
    assert listed("ready") == []
    wrong = client.get(f"{ORDERS}?state=lost", headers=mine)
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["state"])
