"""Placing orders: admission, limits, stock, prices, and the moment of counting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import DuplicateOrder, Invalid, LimitReached, NotFound, NotOpen, SoldOut
from models import Campaign, Offer
from services import ordering
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.campaigns import Terms, buy, buyer, lines, order_row, place, scene, wanted
from tests.builders.clock import FrozenClock


def offer(ctx: Ctx, name: str = "红颜草莓") -> Offer:
    return ctx.session.scalars(select(Offer).where(Offer.name == name)).one()


def test_an_order_keeps_the_price_and_words_of_its_moment(ctx: Ctx) -> None:
    stage = scene(ctx)
    order = ordering.place(ctx.acting_as(buyer(stage.buyers[0])), wanted(stage, 2))
    (line,) = lines(ctx, order.public_id)
    assert (order.state, order.total_fen, order.hold_until) == (
        "pending_payment",
        5980,
        ctx.now + timedelta(minutes=30),
    )
    assert (line.offer_name, line.spec, line.unit_price_fen, line.amount_fen) == ("红颜草莓", "500g", 2990, 5980)
    assert offer(ctx).held_units == 2


def test_the_hold_of_a_last_second_order_ends_with_the_grace(unit: Transactions, clock: FrozenClock) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, hours=1)
    clock.set(stage.closes_at - timedelta(seconds=1))
    order = place(unit, stage, 0)
    with unit.reading() as ctx:
        assert order_row(ctx, order).hold_until == stage.closes_at + timedelta(minutes=3)


def test_nobody_orders_at_the_closing_second(unit: Transactions, clock: FrozenClock) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, hours=1)
    clock.set(stage.closes_at)
    with pytest.raises(NotOpen):
        place(unit, stage, 0)


@pytest.mark.parametrize("state", ["draft", "scheduled", "paused", "closed", "formed", "failed", "cancelled"])
def test_only_an_open_campaign_takes_orders(unit: Transactions, state: str) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, state=state)
    with pytest.raises((NotOpen, NotFound)):
        place(unit, stage, 0)


def test_the_last_unit_is_sold_once(unit: Transactions) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, Terms(quota=3))
    place(unit, stage, 0, 2)
    with pytest.raises(SoldOut) as refusal:
        place(unit, stage, 1, 2)
    assert refusal.value.facts["free"] == 1
    place(unit, stage, 1, 1)


def test_a_persons_limit_holds_across_all_of_their_orders(unit: Transactions) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, Terms(per_person=3))
    buy(unit, stage, 0, 2)
    with pytest.raises(LimitReached):
        place(unit, stage, 0, 2)
    place(unit, stage, 0, 1)
    place(unit, stage, 1, 3)


def test_one_refused_line_refuses_the_whole_order_and_takes_nothing(unit: Transactions) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx, Terms("大闸蟹", quota=5), Terms("蓝莓", quota=1))
    with pytest.raises(SoldOut):
        place(unit, stage, 0, {"大闸蟹": 2, "蓝莓": 2})
    with unit.reading() as ctx:
        assert [offer(ctx, name).held_units for name in ("大闸蟹", "蓝莓")] == [0, 0]


def test_the_same_lines_on_another_channel_are_asked_about_and_not_doubled(
    unit: Transactions, clock: FrozenClock
) -> None:
    with unit(buyer(0)) as ctx:
        stage = scene(ctx)
    place(unit, stage, 0, 2)
    with pytest.raises(DuplicateOrder):
        place(unit, stage, 0, 2, channel="chat")
    place(unit, stage, 0, 2, channel="chat", again=True)
    place(unit, stage, 1, 2, channel="chat")
    clock.advance(minutes=6)
    place(unit, stage, 0, 2, channel="chat")


def test_a_free_order_counts_in_the_placing_transaction(ctx: Ctx) -> None:
    stage = scene(ctx, Terms(price_fen=0))
    order = ordering.place(ctx.acting_as(buyer(stage.buyers[0])), wanted(stage))
    assert (order.state, order.roster_number, order.counted) == ("paid", 1, True)
    assert ctx.session.get_one(Campaign, stage.campaign_id).participant_count == 1


def test_an_offer_is_named_once_and_belongs_to_the_campaign(ctx: Ctx) -> None:
    stage, other = scene(ctx), scene(ctx, Terms("别家的"))
    mine = ctx.acting_as(buyer(stage.buyers[0]))
    twice = ordering.PlaceOrder(stage.campaign, stage.point, (next(iter(wanted(stage).lines)),) * 2)
    with pytest.raises(Invalid):
        ordering.place(mine, twice)
    with pytest.raises(NotFound):
        ordering.place(mine, ordering.PlaceOrder(stage.campaign, stage.point, wanted(other).lines))
    with pytest.raises(NotFound):
        ordering.place(mine, ordering.PlaceOrder(stage.campaign, other.point, wanted(stage).lines))
