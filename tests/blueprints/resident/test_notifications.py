"""The inbox over HTTP: what a notice is about, named to who may open it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import CLOCK
from models import Order, Resident
from services import notices
from services.transactions import Transactions
from tests.blueprints.station.test_cash_door import Device
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def test_a_notice_names_its_order_to_the_owner_only(world: World, client: FlaskClient) -> None:
    campaign = world.campaign()
    owner, payer = world.resident("赵大爷"), world.resident("帮忙付的人")
    order = world.order(owner, campaign, {"草莓": 2})
    with world.unit(CLOCK) as ctx:
        bought = one(ctx, Order, order)
        notices.tell(ctx, bought, "refund", "to the owner", "已退款", "")
        notices.tell(ctx, bought, "refund", "to the payer", "已退款", "", to=payer.resident_id)
        tokens = [people.token(ctx, ctx.session.get_one(Resident, who.resident_id)) for who in (owner, payer)]
    seen = []
    for token in tokens:
        device = Device(client, token)
        newest = device.get("/api/resident/notifications").json["items"][0]
        assert device.post(f"/api/resident/notifications/{newest['id']}/read").json["order_id"] == newest["order_id"]
        seen.append((newest["order_id"], newest["campaign_id"]))
    assert seen == [(order, campaign), (None, campaign)]
