"""A shortage over HTTP: staff count it in, the leader looks and commits with a key, strangers find nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK, Actor, Role
from models import Leader, PickupStaff, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _headers(world: World, who: Actor, key: str = "") -> dict[str, str]:
    tables: dict[str, Any] = {"resident": Resident, "leader": Leader, "staff": PickupStaff}
    with world.unit(CLOCK) as ctx:
        token = people.token(ctx, ctx.session.get_one(tables[who.role], who.id))
    return people.bearer(token) | ({"Idempotency-Key": key} if key else {})


def _seen(client: FlaskClient, path: str, headers: dict[str, str]) -> Any:
    """The answer of a GET."""
    return client.get(path, headers=headers).json


def _short(world: World, client: FlaskClient) -> tuple[str, dict[str, Any]]:
    """Three units wanted, two counted by staff; the campaign's path and the answer of the count."""
    campaign = world.campaign()
    for units in (2, 1):
        world.order(world.resident(), campaign, {"草莓": units})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    staff = _headers(world, world.staff())
    (line,) = _seen(client, "/api/station/deliveries", staff)["items"][0]["lines"]
    counted: Any = client.post(
        f"/api/station/deliveries/{delivery}/arrive", json={"counts": {line["offer_id"]: 2}}, headers=staff
    )
    return f"/api/leader/campaigns/{campaign}/shortage", counted.json


def test_the_count_says_what_is_short_and_the_leader_commits_what_was_shown(world: World, client: FlaskClient) -> None:
    path, counted = _short(world, client)
    assert [(line["arrived_units"], line["surplus_units"], line["short"]) for line in counted["lines"]] == [
        (2, 0, True)
    ]
    seen = _seen(client, path, _headers(world, world.leader))
    assert (seen["mode"], seen["refund_fen"], seen["waits_for"]) == ("one_each", 1999, [])
    assert [(order["name"], order["lines"][0]["gets"]) for order in seen["orders"]] == [("李小花", 1), ("李小花", 1)]
    headers = _headers(world, world.leader, "commit-once-1")
    done: Any = client.post(path, json={"plan_digest": seen["digest"]}, headers=headers)
    assert (done.status_code, done.json) == (201, seen)
    again = client.post(path, json={"plan_digest": seen["digest"]}, headers=headers)
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (201, seen, "true")
    late: Any = client.post(
        path, json={"plan_digest": seen["digest"]}, headers=_headers(world, world.leader, "another-key-2")
    )
    assert (late.status_code, late.json["code"]) == (409, "plan_changed")
    assert late.json["detail"] == "情况刚有变化，请重新查看分配方案后再确认。"


def test_a_commit_needs_a_key_and_a_digest(world: World, client: FlaskClient) -> None:
    path, _ = _short(world, client)
    digest = _seen(client, path, _headers(world, world.leader))["digest"]
    assert client.post(path, json={"plan_digest": digest}, headers=_headers(world, world.leader)).status_code == 422
    keyed = _headers(world, world.leader, "commit-once-1")
    assert client.post(path, json={"plan_digest": "latest"}, headers=keyed).status_code == 422
    assert client.post(path, json={}, headers=keyed).status_code == 422


def test_strangers_staff_and_residents_neither_see_nor_commit_it(world: World, client: FlaskClient) -> None:
    path, _ = _short(world, client)
    seen = _seen(client, path, _headers(world, world.leader))
    with world.unit(CLOCK) as ctx:
        other = people.leader(ctx)
        stranger = Actor(Role.LEADER, other.id, other.resident_id)
    for who, status in ((stranger, 404), (world.staff(), 403), (world.resident(), 403)):
        headers = _headers(world, who, "a-key-of-my-own")
        assert client.get(path, headers=headers).status_code == status
        assert client.post(path, json={"plan_digest": seen["digest"]}, headers=headers).status_code == status
    assert client.get(path).status_code == 401
    assert _seen(client, path, _headers(world, world.leader)) == seen
