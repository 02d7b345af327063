"""Handing over at the desk when many do: what a request costs, and a device that is shut out meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from models import PickupStaff, Redemption
from services import staffing
from services.context import Ctx
from services.hot import redeem_writing
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.hot.scene import counted
from tests.services.hot.test_redeeming import READS, WRITES
from tests.services.pickup.world import World

HAND_OVER = "/api/station/redemptions"
TOKEN = 1
PLAIN = 18  # what the batch asks, and the point's fee, a look at what was written, and each kind of audit for itself


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


@pytest.fixture
def orders(world: World) -> list[str]:
    """Three orders that wait at the first point."""
    campaign = world.campaign()
    placed = [world.order(world.resident(), campaign, {"草莓": 1}) for _ in range(3)]
    world.bring(campaign)
    return placed


def token(world: World, staff: Actor) -> str:
    """A device of theirs."""
    with world.unit(CLOCK) as ctx:
        return people.token(ctx, ctx.session.get_one(PickupStaff, staff.id))


def hand_over(client: FlaskClient, token: str, order: str, key: str = "") -> tuple[int, Any, bool]:
    """One order, by its code: status, body, and whether the answer was given before."""
    headers = {**people.bearer(token), "Idempotency-Key": key or f"key-{order}"}
    answer = client.post(HAND_OVER, json={"orders": [order], "found_by": "code"}, headers=headers)
    return answer.status_code, answer.json, "Idempotency-Replayed" in answer.headers


def test_a_hand_over_asks_who_stands_there_in_the_transaction_itself(
    client: FlaskClient, world: World, orders: list[str]
) -> None:
    device = token(world, world.staff())
    costs: list[int] = []
    for order in orders:
        with counted(world.unit) as sent:
            assert hand_over(client, device, order)[0] == 201
        costs.append(len([statement for statement in sent if not statement.startswith("BEGIN")]))
    assert costs == [TOKEN + READS + WRITES, READS + WRITES, READS + WRITES]


def test_several_orders_at_once_go_the_plain_way_and_their_token_is_looked_up(
    client: FlaskClient, world: World, orders: list[str]
) -> None:
    device = token(world, world.staff())
    headers = {**people.bearer(device), "Idempotency-Key": "for-two-orders"}
    assert hand_over(client, device, orders[0])[0] == 201
    with counted(world.unit) as sent:
        said = client.post(HAND_OVER, json={"orders": orders[1:], "found_by": "batch"}, headers=headers)
    assert said.status_code == 201
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == TOKEN + PLAIN


def test_a_device_that_was_shut_out_hands_nothing_over_though_it_is_remembered(
    client: FlaskClient, world: World, orders: list[str]
) -> None:
    staff = world.staff()
    device = token(world, staff)
    assert hand_over(client, device, orders[0])[0] == 201
    with world.unit(world.leader) as ctx:
        staffing.remove(ctx, ctx.session.get_one(PickupStaff, staff.id).public_id)
    assert hand_over(client, device, orders[0])[0] == 401
    assert hand_over(client, device, orders[1])[0] == 401
    with world.unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Redemption)).all()) == 1


def test_a_token_that_opens_another_door_is_believed_at_none_but_its_own(
    client: FlaskClient, world: World, orders: list[str]
) -> None:
    with world.unit(CLOCK) as ctx:
        phone = people.token(ctx, world.person(ctx, "李小花"))
    order = {"campaign": "cmp_x", "point": "pnt_x", "lines": [{"offer": "ofr_x", "units": 1}]}
    headers = {**people.bearer(phone), "Idempotency-Key": "the-first-key"}
    for _ in range(2):
        assert client.post("/api/resident/orders", json=order, headers=headers).status_code in (404, 422)
        assert hand_over(client, phone, orders[0])[0] == 403


def test_the_same_key_is_answered_again_and_another_is_told_who_was_first(
    client: FlaskClient, world: World, orders: list[str]
) -> None:
    device = token(world, world.staff("小张"))
    once = hand_over(client, device, orders[0])
    assert hand_over(client, device, orders[0]) == (201, once[1], True)
    status, refusal, _ = hand_over(client, device, orders[0], "another-key")
    assert (status, refusal["code"], refusal["facts"]["by"]) == (409, "already_collected", "小张")


def test_a_poison_hand_over_goes_the_plain_way(
    client: FlaskClient, world: World, orders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_ctx: Ctx, *_: object) -> None:
        raise ArithmeticError("poison")

    monkeypatch.setattr(redeem_writing, "_finish", broken)
    assert hand_over(client, token(world, world.staff()), orders[0])[0] == 201
    with world.unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Redemption)).all()) == 1
