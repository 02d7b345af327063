"""Taking home what is held, and leaving for good, over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK, Actor
from models import Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.people import bearer
from tests.services.pickup.world import World

ME = "/api/resident/me"


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def phone(world: World, who: Actor) -> dict[str, str]:
    """The headers of somebody's phone."""
    with world.unit(CLOCK) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Resident, who.id)))


def test_the_own_data_come_as_one_document(client: FlaskClient, world: World) -> None:
    who = world.resident("李小花")
    order = world.order(who, world.campaign(), {"草莓": 1})
    document = client.get(f"{ME}/export", headers=phone(world, who)).get_json()
    assert document["profile"]["nickname"] == "李小花"
    assert [row["id"] for row in document["orders"]] == [order]
    assert document["payments"][0]["order"] == order
    assert document["claims"] == []


def test_leaving_is_refused_while_something_runs_and_then_ends_every_session(client: FlaskClient, world: World) -> None:
    who, done = world.resident(), {"confirm": "删除我的账号"}
    mine, other_device = phone(world, who), phone(world, who)
    assert client.post(f"{ME}/deletion", json={"confirm": "好"}, headers=mine).status_code == 422
    order = world.order(who, world.campaign(payment_policy="on_pickup"), {"草莓": 1})
    refused = client.post(f"{ME}/deletion", json=done, headers=mine)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_finished")
    assert refused.get_json()["detail"] == "还有 1 笔没有结束的订单，办完后再注销。"
    cancelled = client.post(f"/api/resident/orders/{order}/cancellation", json={},
                            headers={**mine, "Idempotency-Key": "take-it-back"})  # fmt: skip
    assert cancelled.status_code == 200
    assert client.post(f"{ME}/deletion", json=done, headers=mine).status_code == 204
    assert [client.get(ME, headers=device).status_code for device in (mine, other_device)] == [401, 401]
