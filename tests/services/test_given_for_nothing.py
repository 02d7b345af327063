"""A line whose price fell to nothing costs nothing, and is still handed over and kept like any other."""

from __future__ import annotations

import pytest

from domain.actors import CLOCK, Actor
from domain.campaigns import CancelReason
from models import Order, PriceTier
from services import giving_back, returning, transitions
from services.pickup import completing, lapsing
from services.pickup.redeeming import Redeem, redeem
from services.transactions import Transactions
from tests.builders.campaigns import refunded
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, lines_of, offer_named, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)


def _free_at_two(world: World, **units: int) -> tuple[str, str]:
    """A campaign in which two strawberries cost nothing, and the order that paid for the first."""
    campaign = world.campaign()
    with world.unit(CLOCK) as ctx:
        ctx.session.add(PriceTier(offer_id=offer_named(ctx, campaign, "草莓").id, from_units=2, price_fen=0))
    order = world.order(world.resident(), campaign, {"草莓": 1, **units})
    world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    return campaign, order


def _arrive(world: World, campaign: str) -> None:
    for delivery in world.dispatch(campaign):
        world.arrive(world.leader, delivery)


def _fetch(world: World, order: str) -> None:
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((order,), "code"))


def _state(world: World, order: str) -> tuple[str, int]:
    with world.unit.reading(CLOCK) as ctx:
        row = one(ctx, Order, order)
        return row.state, row.paid_fen - row.refunded_fen


def test_all_the_money_is_back_before_it_comes_and_it_is_handed_over_to_the_end(world: World) -> None:
    campaign, order = _free_at_two(world)
    assert refunded(world.unit) == 1999
    assert _state(world, order) == ("confirmed", 0)
    _arrive(world, campaign)
    _fetch(world, order)
    assert _state(world, order) == ("collected", 0)
    world.clock.advance(days=8)
    with world.unit(CLOCK) as ctx:
        lapsing.lapse_due(ctx)
        assert completing.complete_orders(ctx) == 1
        assert completing.complete_campaigns(ctx) == 1
    assert _state(world, order) == ("completed", 0)


def test_the_money_is_back_after_it_was_handed_over_and_it_stays_collected(world: World) -> None:
    campaign, order = _free_at_two(world)
    _arrive(world, campaign)
    _fetch(world, order)
    assert refunded(world.unit) == 1999
    assert _state(world, order) == ("collected", 0)


def test_the_rest_is_returned_later_and_what_was_given_for_nothing_is_kept(world: World) -> None:
    campaign, order = _free_at_two(world, 纸巾=1)
    _arrive(world, campaign)
    _fetch(world, order)
    with world.unit(world.leader) as ctx:
        tissues = lines_of(ctx, order)["纸巾"].public_id
        giving_back.give_back(ctx, giving_back.GiveBack(order, "坏了", handed_over={tissues: 1}))
    assert refunded(world.unit) == 1999 + 1001
    assert _state(world, order) == ("collected", 0)


def test_the_rest_is_taken_off_before_and_what_costs_nothing_still_waits(world: World) -> None:
    campaign, order = _free_at_two(world, 纸巾=1)
    _take_off(world, world.leader, order, "纸巾")
    assert refunded(world.unit) == 1999 + 1001
    assert _state(world, order) == ("confirmed", 0)
    _arrive(world, campaign)
    _fetch(world, order)
    assert _state(world, order) == ("collected", 0)


@pytest.mark.parametrize(("first", "state"), [(True, "cancelled"), (False, "refunded")])
def test_what_costs_nothing_is_taken_off_and_the_order_ends(world: World, *, first: bool, state: str) -> None:
    _, order = _free_at_two(world)
    if first:
        refunded(world.unit)
    _take_off(world, world.leader, order, "草莓")
    refunded(world.unit)
    assert _state(world, order) == (state, 0)


def test_what_costs_nothing_and_is_never_fetched_lapses(world: World) -> None:
    campaign, order = _free_at_two(world)
    refunded(world.unit)
    _arrive(world, campaign)
    world.clock.advance(days=4)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 2
    assert _state(world, order) == ("completed", 0)


def _take_off(world: World, by: Actor, order: str, name: str) -> None:
    with world.unit(by) as ctx:
        row = one(ctx, Order, order)
        transitions.lock(ctx, row)
        returning.take_off(ctx, row, {lines_of(ctx, order)[name]: 1}, CancelReason.LEADER)
        returning.end(ctx, row, CancelReason.LEADER)
