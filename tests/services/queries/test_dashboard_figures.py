"""The figures of the operators' first page are those of the rows: counted once more in Python, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor, Role
from domain.clock import business_date
from models import Campaign, Delivery, Order, Payment, Refund
from services import cancelling
from services.context import Ctx
from services.pickup import redeeming
from services.queries import console_dashboard as reads
from services.queries.console_dashboard import DayFigures
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.decisions import answered
from tests.services.pickup.world import World, one

UNPAID = ("pending_payment", "expired")


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)


@pytest.fixture
def operator(unit: Transactions) -> Actor:
    """Who may look."""
    with unit(CLOCK) as ctx:
        return Actor(Role.OPERATOR, people.operator(ctx).id)


@pytest.fixture
def fortnight(world: World) -> Iterator[World]:
    """Two weeks of a small town: days with orders and without, an order at each side of a midnight in Shanghai."""
    clock = world.clock
    for day in range(16):
        if day % 3:
            campaign = world.campaign()
            with world.unit(CLOCK) as ctx:
                one(ctx, Campaign, campaign).minimum = 3
            for _ in range(day % 4 + 1):
                world.order(world.resident(), campaign, {"草莓": day})
            if day % 4 == 1:
                who = world.resident()
                order = world.order(who, campaign, {"纸巾": 1})
                with world.unit(who) as ctx:
                    cancelling.cancel(ctx, order)
                answered(world.unit, "SUCCESS")
            world.settle(campaign)
        clock.advance(days=1)
    yield world


def days(ctx: Ctx) -> list[DayFigures]:
    """What the dashboard should say of the last two weeks."""
    today = business_date(ctx.now)
    placed, unpaid, came, went, formed, failed = (Counter[object]() for _ in range(6))
    for order in ctx.session.scalars(select(Order)):
        placed[business_date(order.created_at)] += 1
        unpaid[business_date(order.created_at)] += order.state in UNPAID
    for payment in ctx.session.scalars(select(Payment).where(Payment.succeeded_at.is_not(None))):
        came[business_date(payment.succeeded_at or ctx.now)] += payment.received_fen
    for refund in ctx.session.scalars(select(Refund).where(Refund.succeeded_at.is_not(None))):
        went[business_date(refund.succeeded_at or ctx.now)] += refund.amount_fen
    for campaign in ctx.session.scalars(select(Campaign).where(Campaign.outcome_at.is_not(None))):
        ended = failed if campaign.state == "failed" else formed
        ended[business_date(campaign.outcome_at or ctx.now)] += 1
    span = [today - timedelta(days=back) for back in range(13, -1, -1)]
    return [DayFigures(day, placed[day], unpaid[day], came[day], went[day], formed[day], failed[day]) for day in span]


def test_each_day_of_two_weeks_is_as_its_rows_say(fortnight: World, operator: Actor) -> None:
    with fortnight.unit.reading(operator) as ctx:
        found, wanted = reads.days(ctx), days(ctx)
    assert found == wanted
    assert sum(day.orders for day in found) > 10
    assert sum(day.received_fen for day in found) > sum(day.refunded_fen for day in found) > 0
    assert {day.orders for day in found} >= {0, 3}, "days without orders are there, too"
    assert sum(day.formed for day in found) > 0
    assert sum(day.failed for day in found) > 0


def test_an_order_just_before_midnight_in_shanghai_is_of_its_own_day(world: World, operator: Actor) -> None:
    clock = world.clock
    before = clock.now().replace(hour=15, minute=59, second=59, microsecond=0) + timedelta(days=1)
    clock.set(before)
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 1})
    clock.advance(seconds=1)
    world.order(world.resident(), campaign, {"草莓": 1})
    world.order(world.resident(), campaign, {"草莓": 1})
    with world.unit.reading(operator) as ctx:
        assert [day.orders for day in reads.days(ctx)][-2:] == [1, 2]


def test_an_empty_house_has_no_figures_and_no_average(unit: Transactions, operator: Actor) -> None:
    with unit.reading(operator) as ctx:
        assert {(day.orders, day.unpaid, day.received_fen, day.refunded_fen) for day in reads.days(ctx)} == {(0,) * 4}
        assert len(reads.days(ctx)) == 14
        assert reads.waits(ctx) == reads.Waits([0, 0, 0, 0, 0], None)


def test_how_long_goods_stood_is_counted_from_their_first_arrival(world: World, operator: Actor) -> None:
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, {"草莓": 1}) for _ in range(4)]
    world.bring(campaign)
    staff = world.staff()
    for order, minutes in zip(orders, (60, 60, 300, 2600), strict=True):
        world.clock.advance(minutes=minutes)
        with world.unit(staff) as ctx:
            redeeming.redeem(ctx, redeeming.Redeem((order,), "roster"))
    with world.unit.reading(operator) as ctx:
        arrived = ctx.session.scalars(select(Delivery.arrived_at).where(Delivery.arrived_at.is_not(None))).first()
        stood = [order.collected_at - arrived for order in ctx.session.scalars(select(Order))]  # type: ignore[operator]  # all were fetched
        found = reads.waits(ctx)
    assert [round(wait.total_seconds() / 60) for wait in stood] == [60, 120, 420, 3020]
    assert found.orders == [2, 0, 1, 0, 1]
    assert found.average_minutes == pytest.approx(sum(wait.total_seconds() for wait in stood) / 4 / 60)
