"""An order moves between its campaign's points until picking starts at either; what is planned follows it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from domain.actors import SYSTEM, Actor
from domain.errors import Busy, DomainError, NotFound, WrongState
from models import AuditRecord, Delivery, DeliveryLine, Notification, Order, OrderLine
from services import cancelling, moving_points
from services.context import Ctx
from services.pickup import deliveries
from services.pickup.units import LIVE
from services.queries import orders
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, code_of, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with two points."""
    return World(unit, clock)


def move(world: World, who: Actor, order: str, point: int) -> Order:
    with world.unit(who) as ctx:
        return moving_points.move(ctx, order, world.point_ids[point])


def planned_and_needed(ctx: Ctx) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Units by (point, offer): what the deliveries plan, and what confirmed orders need."""
    plans = (
        select(Delivery.point_id, DeliveryLine.offer_id, DeliveryLine.planned_units)
        .join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
    )  # fmt: skip
    needs = (
        select(Order.point_id, OrderLine.offer_id, func.sum(LIVE))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.state == "confirmed")
        .group_by(Order.point_id, OrderLine.offer_id)
    )
    planned, needed = ({(row[0], row[1]): int(row[2]) for row in ctx.session.execute(rows)} for rows in (plans, needs))
    return planned, needed


def where_they_are(ctx: Ctx) -> dict[int, int]:
    return {row.id: row.point_id for row in ctx.session.execute(select(Order.id, Order.point_id))}


def test_while_the_campaign_runs_an_order_moves_and_its_buyer_is_told(world: World) -> None:
    who = world.resident()
    order = world.order(who, world.campaign(), {"草莓": 1})
    assert move(world, who, order, 1).point_id == world.points[1]
    with world.unit.reading(who) as ctx:
        told = ctx.session.scalars(select(Notification).where(Notification.kind == "changed")).one()
        page = orders.mine(ctx, order)
        record = ctx.session.scalars(select(AuditRecord).where(AuditRecord.event == "move_point")).one()
    assert told.body == "「周五水果」改到 西门（花园路1号）取货，取货码到货后在订单页。"
    assert (page.point, page.movable) == (world.point_ids[1], True)
    assert record.reason == "改到 西门"


def test_to_move_where_it_is_already_tells_nobody(world: World) -> None:
    who = world.resident()
    order = world.order(who, world.campaign(), {"草莓": 1})
    move(world, who, order, 0)
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(Notification).where(Notification.kind == "changed")).all() == []


def test_it_is_handed_over_at_the_new_point_with_a_code_of_that_point(world: World) -> None:
    who, stays = world.resident(), world.resident("赵大爷")
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 2})
    world.order(stays, campaign, {"草莓": 1})
    move(world, who, order, 1)
    world.bring(campaign)
    with world.unit.reading() as ctx:
        assert (one(ctx, Order, order).state, code_of(ctx, order).point_id) == ("ready", world.points[1])


def test_after_the_dispatch_what_is_planned_moves_with_it_and_an_empty_delivery_is_dropped(world: World) -> None:
    who = world.resident()
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 2, "纸巾": 1})
    world.settle(campaign)
    with world.unit(world.leader) as ctx:
        (first,) = deliveries.dispatch(ctx, campaign)
    move(world, who, order, 1)
    with world.unit.reading() as ctx:
        planned, needed = planned_and_needed(ctx)
        left = ctx.session.scalars(select(Delivery)).all()
    assert planned == needed != {}
    assert [(row.point_id, row.id != first.id) for row in left] == [(world.points[1], True)]


@pytest.mark.parametrize("picked", [0, 1])
def test_once_picking_has_started_at_either_point_it_stays(world: World, picked: int) -> None:
    who, other = world.resident(), world.resident("赵大爷")
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 1})
    world.order(other, campaign, {"草莓": 1}, point=1)
    world.settle(campaign)
    with world.unit(world.leader) as ctx:
        planned = deliveries.dispatch(ctx, campaign)
        deliveries.pick(ctx, planned[picked].public_id)
    with pytest.raises(WrongState):
        move(world, who, order, 1)
    with world.unit.reading(who) as ctx:
        assert one(ctx, Order, order).point_id == world.points[0]
        assert orders.mine(ctx, order).movable is (picked == 1)


def test_what_stands_at_its_point_was_refunded_or_is_brought_does_not_move(world: World) -> None:
    who = world.resident()
    campaign = world.campaign()
    order, gone = (world.order(who, campaign, {"草莓": 1}) for _ in range(2))
    with world.unit(who) as ctx:
        cancelling.cancel(ctx, gone)
    world.bring(campaign)
    brought = world.order(who, world.campaign(delivery_method="door"), {"草莓": 1}, building="1栋", room="302")
    for each in (order, gone, brought):
        with pytest.raises(WrongState):
            move(world, who, each, 1)
        with world.unit.reading(who) as ctx:
            assert not orders.mine(ctx, each).movable


def test_only_its_owner_moves_it_and_only_to_a_point_of_the_campaign(world: World) -> None:
    who, other = world.resident(), world.resident("赵大爷")
    order = world.order(who, world.campaign(), {"草莓": 1})
    with world.unit(SYSTEM) as ctx:
        foreign = people.point(ctx, people.leader(ctx)).public_id
    with pytest.raises(NotFound):
        move(world, other, order, 1)
    with pytest.raises(NotFound), world.unit(who) as ctx:
        moving_points.move(ctx, order, foreign)
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).point_id == world.points[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_however_orders_move_the_plan_is_what_they_need_and_no_order_leaves_a_picked_point(
    world: World, seed: int
) -> None:
    draw = random.Random(seed)
    campaign = world.campaign()
    owned = [(who := world.resident(), world.order(who, campaign, {"草莓": 1 + n, "纸巾": 1}, point=n % 2))
             for n in range(3)]  # fmt: skip
    world.settle(campaign)
    with world.unit(world.leader) as ctx:
        deliveries.dispatch(ctx, campaign)
    refused = 0
    for step in range(16):
        who, order = draw.choice(owned)
        try:
            move(world, who, order, draw.randrange(2))
        except WrongState:
            refused += 1
        if step == 11:
            with world.unit(world.leader) as ctx:
                deliveries.pick(
                    ctx, ctx.session.scalars(select(Delivery.public_id).order_by(Delivery.id)).first() or ""
                )
            with world.unit.reading() as ctx:
                stood = where_they_are(ctx)
        with world.unit.reading() as ctx:
            planned, needed = planned_and_needed(ctx)
            assert planned == needed
    with world.unit.reading() as ctx:
        assert where_they_are(ctx) == stood
    assert refused < 6


def _moved_while_picking(world: World) -> bool:
    """Whether an order could move while an uncommitted picking of its goods was under way; PostgreSQL only."""
    who = world.resident()
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 1})
    world.settle(campaign)
    with world.unit(world.leader) as ctx:
        (delivery,) = deliveries.dispatch(ctx, campaign)

    def try_to_move() -> bool:
        try:
            move(world, who, order, 1)
        except DomainError as refusal:
            assert isinstance(refusal, WrongState | Busy)
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        with world.unit(world.leader) as ctx:
            deliveries.pick(ctx, delivery.public_id)
            moving = pool.submit(try_to_move)
            if moving_points._hold is not HOLD:
                assert moving.result() is True  # nothing holds it up
        return moving.result()


HOLD = moving_points._hold


def _look_without_a_lock(ctx: Ctx, campaign_id: int, points: object) -> dict[int, Delivery]:
    found = ctx.session.scalars(select(Delivery).where(Delivery.campaign_id == campaign_id))
    return {delivery.point_id: delivery for delivery in found}


def test_who_moves_while_goods_are_being_picked_waits_and_is_refused(postgres_world: World) -> None:
    assert not _moved_while_picking(postgres_world)


def test_a_mere_look_at_the_deliveries_would_let_it_move(
    postgres_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_points, "_hold", _look_without_a_lock)
    monkeypatch.setattr(moving_points, "_take_off", lambda *_: None)
    assert _moved_while_picking(postgres_world)


@pytest.fixture
def postgres_world(world: World) -> World:
    """The same where two can write at once."""
    if world.unit.engine.dialect.name != "postgresql":
        pytest.skip("it has one writer")
    return world
