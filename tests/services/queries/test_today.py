"""A leader's day at one look, from the first order to the claim."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from domain.errors import Forbidden
from services import cancelling, ordering
from services.ordering import PlaceOrder
from services.pickup import deliveries
from services.queries.today import Today, today
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, offer_named


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


def _today(world: World) -> Today:
    with world.unit(world.leader) as ctx:
        return today(ctx)


NOTHING = Today(0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_each_number_follows_what_happens(world: World) -> None:
    assert _today(world) == NOTHING
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2})
    late = world.resident("周五")
    with world.unit(late) as ctx:
        offer = offer_named(ctx, campaign, "纸巾").public_id
        unpaid = ordering.place(ctx, PlaceOrder(campaign, world.point_ids[0], ((offer, 1),))).public_id
    bought = replace(NOTHING, orders_today=1, counted_fen_today=3998)
    assert _today(world) == replace(bought, open_campaigns=1, unpaid_orders=1, unpaid_fen=1001)
    with world.unit(late) as ctx:
        cancelling.cancel(ctx, unpaid)
    assert _today(world) == replace(bought, open_campaigns=1)
    world.settle(campaign)
    assert _today(world) == replace(bought, to_pick_units=2)
    with world.unit(world.leader) as ctx:
        ids = [delivery.public_id for delivery in deliveries.dispatch(ctx, campaign)]
    assert _today(world) == replace(bought, to_pick_units=2)
    with world.unit(world.leader) as ctx:
        for delivery in ids:
            deliveries.pick(ctx, delivery)
            deliveries.ship(ctx, delivery)
    assert _today(world) == bought
    world.count(world.leader, ids[0], 草莓=1)
    assert _today(world) == replace(bought, shortages_waiting=1)


def test_what_waits_to_be_handed_over_is_counted_and_yesterdays_orders_are_not(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2})
    world.bring(campaign)
    world.clock.advance(days=1)
    assert _today(world) == replace(NOTHING, to_hand_over=1)


def test_it_is_one_statement_and_for_leaders_only(world: World) -> None:
    said: list[str] = []

    def hear(*given: object) -> None:
        said.append(str(given[2]))

    with world.unit(world.leader) as ctx:
        ctx.session.connection()
        event.listen(world.unit.engine, "before_cursor_execute", hear)
        today(ctx)
        event.remove(world.unit.engine, "before_cursor_execute", hear)
    assert len(said) == 1
    with pytest.raises(Forbidden), world.unit(world.resident()) as ctx:
        today(ctx)
