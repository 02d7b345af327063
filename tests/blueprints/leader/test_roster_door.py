"""A leader's day over HTTP: the look, the roster with own notes, and the private word to those who have not paid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from domain.actors import CLOCK
from models import Campaign, Notification
from services import ordering
from services.ordering import PlaceOrder
from services.transactions import Transactions
from tests.blueprints.station.test_cash_door import Device, device
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, offer_named, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _unpaid(world: World, campaign: str, name: str) -> None:
    with world.unit(world.resident(name)) as ctx:
        offer = offer_named(ctx, campaign, "草莓").public_id
        ordering.place(ctx, PlaceOrder(campaign, world.point_ids[0], ((offer, 1),)))


def test_the_look_and_the_roster_with_a_note(world: World, client: FlaskClient) -> None:
    campaign = world.campaign()
    order = world.order(world.resident("赵大爷"), campaign, {"草莓": 2})
    leader = device(world, client, world.leader)
    assert leader.get("/api/leader/today").json["counted_fen_today"] == 3998
    path = f"/api/leader/orders/{order}/remark"
    put = client.put(path, json={"note": "放门口", "tags": ["老客户"]}, headers=leader.headers)
    assert (put.status_code, put.json) == (200, {"order_id": order, "note": "放门口", "tags": ["老客户"]})
    (row,) = leader.get(f"/api/leader/campaigns/{campaign}/roster?search=&tag=老客户&order=place").json["items"]
    assert (row["order_id"], row["number"], row["leader_note"], row["place"]) == (order, 1, "放门口", None)
    (item,) = row["items"]
    line = item.pop("line_id")
    assert line.startswith("lin_")
    assert item == {"name": "草莓", "unit": "份", "units": 2, "units_left": 2, "units_back": 0}
    assert leader.get(f"/api/leader/campaigns/{campaign}/roster?order=age").status_code == 422
    assert client.put(path, json={"tags": ["x" * 21]}, headers=leader.headers).status_code == 422
    with world.unit(CLOCK) as ctx:
        other = Device(client, people.token(ctx, people.leader(ctx)))
    assert client.put(path, json={}, headers=other.headers).status_code == 404
    assert other.get(f"/api/leader/campaigns/{campaign}/roster").status_code == 404


def test_those_who_have_not_paid_are_reminded_once_a_day_and_never_at_night(world: World, client: FlaskClient) -> None:
    campaign = world.campaign()
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Campaign, campaign)
        row.closes_at, row.hold_minutes = datetime(2026, 11, 30, tzinfo=UTC), 3000
    for name in ("甲", "乙"):
        _unpaid(world, campaign, name)
    leader = device(world, client, world.leader)
    path = f"/api/leader/campaigns/{campaign}/nudge"
    assert leader.post(path).json == {"unpaid": 2, "told": 2, "already": 0, "unreachable": 0}
    with world.unit(CLOCK) as ctx:
        first = select(func.min(Notification.id)).scalar_subquery()
        ctx.session.execute(update(Notification).where(Notification.id == first).values(reached_by="page"))
    assert leader.post(path).json == {"unpaid": 2, "told": 0, "already": 1, "unreachable": 1}
    world.clock.set(datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    refused = leader.post(path)
    assert (refused.status_code, refused.json["code"]) == (409, "quiet_hours")
    world.clock.set(datetime(2026, 11, 27, 1, 0, tzinfo=UTC))
    assert leader.post(path).json["told"] == 2
