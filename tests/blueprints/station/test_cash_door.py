"""Paying at the desk over HTTP: shifts, cash, WeChat at the desk, and what each party may see of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK, Actor
from models import Leader, PickupStaff, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.desk_money.drawer import capture, waiting
from tests.services.pickup.world import World


class Device:
    """Somebody's browser."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers, self.number = client, people.bearer(token), 0

    def get(self, path: str) -> Any:
        """GET."""
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """POST with a fresh idempotency key unless one is given."""
        self.number += 1
        keyed = self.headers | {"Idempotency-Key": key or f"key-{id(self)}-{self.number}"}
        return self.client.post(path, json=body or {}, headers=keyed)


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def device(world: World, client: FlaskClient, who: Actor) -> Device:
    """The device of somebody of the neighbourhood."""
    tables: dict[str, Any] = {"resident": Resident, "leader": Leader, "staff": PickupStaff}
    with world.unit(CLOCK) as ctx:
        return Device(client, people.token(ctx, ctx.session.get_one(tables[who.role], who.id)))


@pytest.fixture
def buyer(world: World) -> Actor:
    """Who ordered."""
    return world.resident("周女士")


@pytest.fixture
def order(world: World, buyer: Actor) -> str:
    """An unpaid order of theirs that waits at the first point."""
    return waiting(world, who=buyer)


def test_cash_is_taken_counted_and_handed_over(world: World, client: FlaskClient, buyer: Actor, order: str) -> None:
    desk, leader = device(world, client, world.staff()), device(world, client, world.leader)
    assert desk.get("/api/station/waiting").json["items"][0]["due_fen"] == 3998
    body = {"orders": [order], "found_by": "code"}
    refused = desk.post("/api/station/redemptions", body)
    assert (refused.status_code, refused.json["code"], refused.json["facts"]["due_fen"]) == (409, "payment_due", 3998)
    assert "¥39.98" in refused.json["detail"]
    assert desk.post("/api/station/cash-payments", body).json["code"] == "no_shift"
    shift = desk.post("/api/station/shifts").json["id"]
    taken = desk.post("/api/station/cash-payments", body, key="cash-at-the-desk-1")
    assert (taken.status_code, taken.json["redemptions"][0]["order_state"]) == (201, "collected")
    assert desk.post("/api/station/cash-payments", body, key="cash-at-the-desk-1").json == taken.json
    statement = desk.get(f"/api/station/shifts/{shift}").json
    assert statement["shift"]["taken_fen"] == 3998
    assert [(row["order"], row["owner"], row["amount_fen"]) for row in statement["payments"]] == [(order, "周**", 3998)]
    assert desk.post(f"/api/station/shifts/{shift}/close", {"counted_fen": 3990}).status_code == 422
    closed = desk.post(f"/api/station/shifts/{shift}/close", {"counted_fen": 3990, "reason": "找错八分"}).json
    assert (closed["state"], closed["difference_fen"]) == ("closed", 8)
    listed = leader.get(f"/api/leader/shifts?state=closed&point={world.point_ids[0]}").json["items"]
    assert [row["id"] for row in listed] == [shift]
    assert leader.post(f"/api/leader/shifts/{shift}/receive").json["received_by"] == "团长"
    assert device(world, client, buyer).get(f"/api/resident/orders/{order}").json["paid_fen"] == 3998


def test_the_leader_takes_cash_in_a_drawer_of_their_own(world: World, client: FlaskClient, order: str) -> None:
    leader, point = device(world, client, world.leader), world.point_ids[0]
    shift = leader.post(f"/api/leader/points/{point}/shifts").json["id"]
    body = {"orders": [order], "found_by": "roster"}
    assert leader.post(f"/api/leader/points/{point}/cash-payments", body).status_code == 201
    assert leader.get(f"/api/leader/shifts/{shift}").json["payments"][0]["order"] == order
    closed = leader.post(f"/api/leader/shifts/{shift}/close", {"counted_fen": 3998})
    assert (closed.status_code, closed.json["difference_fen"]) == (200, 0)
    assert leader.post(f"/api/leader/shifts/{shift}/receive").json["code"] == "same_person"
    with world.unit(CLOCK) as ctx:
        operator = Device(client, people.token(ctx, people.operator(ctx)))
    assert [row["id"] for row in operator.get("/api/admin/shifts").json["items"]] == [shift]
    assert operator.post(f"/api/admin/shifts/{shift}/receive").json["received_by"] == "平台"
    assert operator.get(f"/api/admin/shifts/{shift}").json["shift"]["state"] == "handed_over"


@pytest.mark.parametrize("by", ["staff", "leader"])
def test_the_buyer_pays_once_the_desk_has_opened_it(
    world: World, client: FlaskClient, buyer: Actor, order: str, by: str
) -> None:
    own = device(world, client, buyer)
    page = own.get(f"/api/resident/orders/{order}").json
    assert (page["due_fen"], page["pay_until"]) == (3998, None)
    assert own.post(f"/api/resident/orders/{order}/payments").json["code"] == "wrong_state"
    who = world.staff() if by == "staff" else world.leader
    front = "station" if by == "staff" else "leader"
    opened = device(world, client, who).post(f"/api/{front}/orders/{order}/desk-payments")
    assert (opened.status_code, opened.json["amount_fen"]) == (201, 3998)
    assert own.get(f"/api/resident/orders/{order}").json["pay_until"] == opened.json["expires_at"]
    bill = own.get(f"/api/resident/payfor/{order}").json
    assert (bill["payable"], bill["total_fen"]) == (True, 3998)
    asked = own.post(f"/api/resident/orders/{order}/payments")
    assert (asked.status_code, asked.json["payment"]) == (201, opened.json["id"])
    capture(world, asked.json["payment"])
    page = own.get(f"/api/resident/orders/{order}").json
    assert (page["state"], page["due_fen"], page["pay_until"]) == ("collected", 0, None)


def test_another_points_staff_and_other_leaders_see_nothing_of_it(
    world: World, client: FlaskClient, order: str
) -> None:
    staff = world.staff()
    shift = device(world, client, staff).post("/api/station/shifts").json["id"]
    with world.unit(CLOCK) as ctx:
        other = Device(client, people.token(ctx, people.leader(ctx)))
    there = device(world, client, world.staff(point=1))
    assert there.post(f"/api/station/orders/{order}/desk-payments").status_code == 404
    assert there.get(f"/api/station/shifts/{shift}").status_code == 404
    assert there.post(f"/api/station/shifts/{shift}/close", {"counted_fen": 0}).status_code == 404
    assert device(world, client, world.staff("小李")).get(f"/api/station/shifts/{shift}").status_code == 404
    assert other.get(f"/api/leader/shifts/{shift}").status_code == 404
    assert other.post(f"/api/leader/orders/{order}/desk-payments").status_code == 404
    assert other.post(f"/api/leader/points/{world.point_ids[0]}/shifts").status_code == 404
    assert other.post(f"/api/leader/shifts/{shift}/receive").status_code == 404
    assert other.get("/api/leader/shifts").json["items"] == []


def test_a_sum_in_the_body_is_refused(world: World, client: FlaskClient, order: str) -> None:
    desk = device(world, client, world.staff())
    desk.post("/api/station/shifts")
    body = {"orders": [order], "found_by": "code", "amount_fen": 1}
    assert desk.post("/api/station/cash-payments", body).status_code == 422
