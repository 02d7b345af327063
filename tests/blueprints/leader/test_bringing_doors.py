"""Bringing over HTTP: ordering with an address, the carry list, a picture at the door, parcels and receipt."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK, Actor
from domain.ids import new_id
from models import Leader, Resident
from services import evidence_pictures
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, offer_named

COURIER: dict[str, Any] = {"recipient": "王小明", "phone": "13800001234", "address": "文三路 9 号"}


class Device:
    """Somebody's browser."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers, self.number = client, people.bearer(token), 0

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A request with a fresh idempotency key."""
        self.number += 1
        keyed = self.headers | {"Idempotency-Key": f"key-{id(self)}-{self.number}"}
        return self.client.open(path, method=method, json=body, headers=keyed)


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def device(world: World, client: FlaskClient, who: Actor) -> Device:
    """The device of somebody of the neighbourhood."""
    with world.unit(CLOCK) as ctx:
        row: Any = ctx.session.get_one(Leader if who.role == "leader" else Resident, who.id)
        return Device(client, people.token(ctx, row))


def order_body(world: World, campaign: str, **said: str) -> dict[str, Any]:
    """Two strawberries, brought as said."""
    with world.unit(CLOCK) as ctx:
        offer = offer_named(ctx, campaign, "草莓").public_id
    return {"campaign": campaign, "point": world.point_ids[0], "lines": [{"offer": offer, "units": 2}], **said}


def test_to_the_door(world: World, client: FlaskClient) -> None:
    campaign = world.campaign(delivery_method="door", payment_policy="on_pickup")
    buyer, leader = device(world, client, world.resident("李小花")), device(world, client, world.leader)
    refused = buyer.send("POST", "/api/resident/orders", order_body(world, campaign, building="3栋"))
    assert (refused.status_code, refused.json["code"]) == (422, "address_needed")
    assert list(refused.json["errors"]) == ["room"]
    unknown = order_body(world, campaign, building="3栋", room="502", street="花园路")
    assert buyer.send("POST", "/api/resident/orders", unknown).status_code == 422
    placed = buyer.send("POST", "/api/resident/orders", order_body(world, campaign, building="3栋", room="502")).json
    assert (placed["state"], placed["delivery_method"], placed["room"]) == ("confirmed", "door", "502")
    world.bring(campaign)
    (row,) = leader.send("GET", f"/api/leader/campaigns/{campaign}/carry-list").json["items"]
    assert (row["building"], row["owner"], row["due_fen"]) == ("3栋", "李**", 3998)
    with world.unit(world.leader) as ctx:
        picture = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, picture, "door", "image/jpeg")
    left = f"/api/leader/orders/{placed['id']}/left-at-door"
    assert leader.send("POST", left, {"evidence": [picture]}).json["code"] == "payment_due"
    point = world.point_ids[0]
    leader.send("POST", f"/api/leader/points/{point}/shifts")
    body = {"orders": [placed["id"]], "found_by": "code"}
    assert leader.send("POST", f"/api/leader/points/{point}/cash-payments", body).status_code == 201
    assert leader.send("POST", left, {"evidence": [picture]}).json["code"] == "already_collected"


def test_left_at_the_door_with_a_picture(world: World, client: FlaskClient) -> None:
    campaign = world.campaign(delivery_method="door")
    order = world.order(world.resident(), campaign, {"草莓": 1}, building="3栋", room="502")
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        picture = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, picture, "door", "image/jpeg")
    leader = device(world, client, world.leader)
    made = leader.send("POST", f"/api/leader/orders/{order}/left-at-door", {"evidence": [picture]})
    assert (made.status_code, made.json["found_by"], made.json["order_state"]) == (201, "photo", "collected")


def test_by_courier(world: World, client: FlaskClient) -> None:
    campaign = world.campaign(delivery_method="courier")
    who = world.resident("李小花")
    order = world.order(who, campaign, {"草莓": 1}, **COURIER)
    buyer, leader = device(world, client, who), device(world, client, world.leader)
    assert buyer.send("GET", f"/api/resident/orders/{order}/address").json == COURIER
    assert "13800001234" not in buyer.send("GET", f"/api/resident/orders/{order}").text
    parcel = {"company": "SF", "tracking_number": "SF1234567890"}
    assert leader.send("POST", f"/api/leader/orders/{order}/parcel", parcel).json["code"] == "not_ready"
    world.bring(campaign)
    listed = leader.send("GET", f"/api/leader/campaigns/{campaign}/parcels")
    assert [(row["order_id"], row["phone"]) for row in listed.json["items"]] == [(order, "138****1234")]
    assert "文三路" not in listed.text
    assert leader.send("POST", f"/api/leader/orders/{order}/address", {"reason": "打面单"}).json == COURIER
    odd = leader.send("POST", f"/api/leader/orders/{order}/parcel", parcel | {"company": "飞毛腿"})
    assert odd.status_code == 422
    assert leader.send("POST", f"/api/leader/orders/{order}/parcel", parcel).status_code == 201
    corrected = leader.send("PUT", f"/api/leader/orders/{order}/parcel", parcel | {"tracking_number": "SF77"})
    assert corrected.json["tracking_number"] == "SF77"
    seen = buyer.send("GET", f"/api/resident/orders/{order}").json["parcel"]
    assert (seen["company_name"], seen["tracking_number"]) == ("顺丰速运", "SF77")
    received = buyer.send("POST", f"/api/resident/orders/{order}/receipt")
    assert (received.status_code, received.json["state"]) == (200, "collected")


def test_strangers_find_nothing(world: World, client: FlaskClient) -> None:
    campaign = world.campaign(delivery_method="courier")
    order = world.order(world.resident(), campaign, {"草莓": 1}, **COURIER)
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        other = Device(client, people.token(ctx, people.leader(ctx)))

    resident = device(world, client, world.resident())
    parcel = {"company": "SF", "tracking_number": "SF1234567890"}
    for answer in (
        other.send("GET", f"/api/leader/campaigns/{campaign}/parcels"),
        other.send("GET", f"/api/leader/campaigns/{campaign}/carry-list"),
        other.send("POST", f"/api/leader/orders/{order}/address", {"reason": "好奇"}),
        other.send("POST", f"/api/leader/orders/{order}/parcel", parcel),
        other.send("PUT", f"/api/leader/orders/{order}/parcel", parcel),
        resident.send("GET", f"/api/resident/orders/{order}/address"),
        resident.send("POST", f"/api/resident/orders/{order}/receipt"),
    ):
        assert answer.status_code == 404
