"""Where an order is fetched and by whom, over HTTP; and the list of orders by their state."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from models import Payment, PickupStaff, Refund, Resident
from services import cancelling, ordering
from services.ordering import PlaceOrder
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import capture
from tests.builders.clock import FrozenClock
from tests.builders.people import bearer
from tests.services.pickup.world import World, offer_named

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


def test_a_neighbour_fetches_by_a_pass(client: FlaskClient, world: World) -> None:
    who, neighbour = world.resident("李小花"), world.resident("赵大爷")
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 2})
    world.bring(campaign)
    mine, theirs = phone(world, who), phone(world, neighbour)
    made = client.post(f"{ORDERS}/{order}/passes", json={"label": "赵大爷"}, headers=mine)
    token = made.get_json()["token"]
    assert (made.status_code, made.get_json()["path"]) == (201, f"pages/pass/pass?token={token}")
    assert client.get(f"{ORDERS}/{order}/passes", headers=mine).get_json()["items"][0]["label"] == "赵大爷"
    shown = client.get(f"/api/resident/passes/{token}", headers=theirs).get_json()
    assert (shown["owner"], shown["point"]["name"], shown["used"]) == ("李**", "东门", False)
    assert shown["items"] == [{"name": "草莓", "unit": "份", "units": 2}]
    picture = client.get(f"/api/resident/passes/{token}/qr.png", headers=theirs)
    assert (picture.content_type, picture.headers["Cache-Control"]) == ("image/png", "no-store")
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.data)))
    assert read.text == shown["code_token"]

    desk = phone(world, world.staff("小王"))
    found = client.post("/api/station/search", json={"qr": shown["code_token"]}, headers=desk).get_json()
    assert (found["found_by"], found["fetched_by"], [each["id"] for each in found["orders"]]) == (
        "pass", "赵大爷", [order],
    )  # fmt: skip
    body = {"orders": [order], "found_by": found["found_by"]}
    word_alone = client.post("/api/station/redemptions", json=body, headers={**desk, "Idempotency-Key": "by-word"})
    assert (word_alone.status_code, list(word_alone.get_json()["errors"])) == (422, ["pass_shown"])
    body["pass_shown"] = "LTP1.made-up"
    made_up = client.post("/api/station/redemptions", json=body, headers={**desk, "Idempotency-Key": "by-made-up"})
    assert (made_up.status_code, made_up.get_json()["code"]) == (410, "pass_over")
    body["pass_shown"] = shown["code_token"]
    handed = client.post("/api/station/redemptions", json=body, headers={**desk, "Idempotency-Key": "once-by-pass"})
    assert (handed.status_code, handed.get_json()["redemptions"][0]["fetched_by"]) == (201, "赵大爷")
    assert client.get(f"/api/resident/passes/{token}", headers=theirs).get_json()["used"] is True
    gone = client.get(f"/api/resident/passes/{token}/qr.png", headers=theirs)
    assert (gone.status_code, gone.get_json()["code"]) == (410, "pass_over")


def test_a_pass_that_was_taken_back_is_gone(client: FlaskClient, world: World) -> None:
    who = world.resident()
    order = world.order(who, world.campaign(), {"草莓": 1})
    mine = phone(world, who)
    made = client.post(f"{ORDERS}/{order}/passes", json={"label": "小张"}, headers=mine).get_json()
    path = f"{ORDERS}/{order}/passes/{made['id']}"
    assert client.delete(path, headers=phone(world, world.resident("赵大爷"))).status_code == 404
    assert client.delete(path, headers=mine).status_code == 204
    assert client.get(f"/api/resident/passes/{made['token']}", headers=mine).status_code == 410
    assert client.delete(path, headers=mine).status_code == 409


def test_anybody_pays_for_a_neighbour_seeing_the_sum_and_a_masked_name(
    client: FlaskClient, world: World, unit: Transactions
) -> None:
    who, payer = world.resident("李小花"), world.resident("赵大爷")
    campaign = world.campaign()
    with world.unit(who) as ctx:
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 2),)
        order = ordering.place(ctx, PlaceOrder(campaign, world.point_ids[0], lines, note="放门口")).public_id
    theirs, path = phone(world, payer), f"/api/resident/payfor/{order}"
    seen = client.get(path, headers=theirs).get_json()
    assert seen.pop("pay_until")
    assert seen == {"order_id": order, "title": "周五水果", "masked_name": "李**", "total_fen": 3998, "payable": True}
    asked = client.post(f"{path}/payments", headers={**theirs, "Idempotency-Key": "for-my-neighbour"})
    assert asked.status_code == 201
    capture(unit, asked.get_json()["payment"])
    assert client.get(path, headers=theirs).get_json()["payable"] is False
    again = client.post(f"{path}/payments", headers={**theirs, "Idempotency-Key": "once-more-please"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_paid")
    assert client.get(f"{ORDERS}/{order}", headers=theirs).status_code == 404
    assert client.get(f"{ORDERS}/{order}", headers=phone(world, who)).get_json()["state"] == "paid"
    with world.unit(who) as ctx:
        cancelling.cancel(ctx, order)
        refund, payment = ctx.session.execute(select(Refund, Payment).join(Payment)).one()
        assert (payment.payer_id, refund.amount_fen) == (payer.id, 3998)
