"""From the close to settled: one close, one outcome, each order carried out once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM
from domain.campaigns import CloseReason
from domain.errors import TooLateToCancel, WrongState
from models import AuditRecord, Campaign, Notification, Offer
from services import cancelling, closing, settling
from services.transactions import Transactions
from tests.builders.campaigns import (
    Scene,
    Terms,
    ask,
    buy,
    buyer,
    capture,
    lines,
    order_row,
    place,
    refunded,
    settle,
    stage_of,
)  # fmt: skip
from tests.builders.clock import FrozenClock


def close(unit: Transactions, clock: FrozenClock, stage: Scene) -> bool:
    clock.set(stage.closes_at + timedelta(minutes=5))
    with unit(CLOCK) as ctx:
        return closing.close_overdue(ctx, stage.campaign_id)


def state(unit: Transactions, stage: Scene) -> Campaign:
    with unit.reading() as ctx:
        return ctx.session.get_one(Campaign, stage.campaign_id)


def test_a_campaign_above_its_minimum_forms_and_confirms_everybody(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, minimum=2)
    orders = [buy(unit, stage, who, 2) for who in range(3)]
    assert close(unit, clock, stage)
    settle(unit, stage)
    campaign = state(unit, stage)
    assert (campaign.state, campaign.close_reason, campaign.epoch) == ("formed", "deadline", 1)
    assert campaign.settled_at is not None
    with unit.reading() as ctx:
        assert {order_row(ctx, order).state for order in orders} == {"confirmed"}
        assert [line.confirmed_units for order in orders for line in lines(ctx, order)] == [2, 2, 2]
        assert ctx.session.scalars(select(Notification.kind)).all() == ["formed"] * 3


def test_a_campaign_below_its_minimum_fails_and_refunds_everybody_to_the_fen(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, minimum=4)
    orders = [buy(unit, stage, who, who + 1) for who in range(3)]
    close(unit, clock, stage)
    settle(unit, stage)
    assert state(unit, stage).state == "failed"
    assert refunded(unit) == 6 * 2990
    with unit.reading() as ctx:
        assert {order_row(ctx, order).state for order in orders} == {"refunded"}
        campaign = ctx.session.get_one(Campaign, stage.campaign_id)
        assert (campaign.participant_count, campaign.counted_units, campaign.roster_count) == (0, 0, 3)


def test_an_offer_below_its_own_minimum_fails_alone(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms("大闸蟹", 5800, minimum_units=2), Terms("草莓", 2990, minimum_units=20))
    mixed = buy(unit, stage, 0, {"大闸蟹": 2, "草莓": 1})
    berries = buy(unit, stage, 1, {"草莓": 3})
    close(unit, clock, stage)
    settle(unit, stage)
    assert refunded(unit) == 4 * 2990
    with unit.reading() as ctx:
        assert [offer.state for offer in ctx.session.scalars(select(Offer).order_by(Offer.id))] == ["formed", "failed"]
        assert order_row(ctx, mixed).state == "confirmed"
        assert order_row(ctx, berries).state == "refunded"
        assert state(unit, stage).state == "formed"


def test_settling_waits_for_the_last_hold_and_a_payment_in_time_counts(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, minimum=1)
    clock.set(stage.closes_at - timedelta(seconds=10))
    order = place(unit, stage, 0)
    number = ask(unit, order, stage.buyers[0])
    clock.set(stage.closes_at)
    with unit(CLOCK) as ctx:
        assert closing.close_overdue(ctx, stage.campaign_id)
        assert settling.undecided(ctx) == []
        assert settling.decide_outcome(ctx, stage.campaign_id) is None
    capture(unit, number)
    settle(unit, stage)
    assert state(unit, stage).state == "formed"


def test_a_campaign_closes_once_however_often_it_is_asked(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    assert close(unit, clock, stage)
    assert not close(unit, clock, stage)
    with unit.reading() as ctx:
        closes = select(AuditRecord.id).where(AuditRecord.subject == "campaign", AuditRecord.event == "close")
        assert len(ctx.session.scalars(closes).all()) == 1


def test_the_clock_never_closes_before_the_deadline(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    clock.set(stage.closes_at - timedelta(seconds=1))
    with unit(CLOCK) as ctx:
        assert closing.due(ctx) == []
        assert not closing.close_overdue(ctx, stage.campaign_id)


def test_an_outcome_is_decided_once(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    buy(unit, stage, 0)
    close(unit, clock, stage)
    with unit(CLOCK) as ctx:
        assert settling.decide_outcome(ctx, stage.campaign_id) == "form"
        assert settling.decide_outcome(ctx, stage.campaign_id) is None


def test_a_campaign_that_nobody_joined_fails(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, below_minimum="form_anyway", minimum=3)
    close(unit, clock, stage)
    settle(unit, stage)
    assert state(unit, stage).state == "failed"


def test_form_anyway_forms_below_the_minimum(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, below_minimum="form_anyway", minimum=9)
    buy(unit, stage, 0)
    close(unit, clock, stage)
    settle(unit, stage)
    assert state(unit, stage).state == "formed"


def test_extend_opens_once_more_and_only_once(unit: Transactions, clock: FrozenClock) -> None:
    until = clock.now() + timedelta(hours=20)
    stage = stage_of(unit, below_minimum="extend", extend_until=until, minimum=2)
    buy(unit, stage, 0)
    close(unit, clock, stage)
    settle(unit, stage)
    campaign = state(unit, stage)
    assert (campaign.state, campaign.closes_at) == ("open", until)
    with unit.reading() as ctx:
        assert "changed" in ctx.session.scalars(select(Notification.kind)).all()
    clock.set(until + timedelta(minutes=5))
    with unit(CLOCK) as ctx:
        assert closing.close_overdue(ctx, stage.campaign_id)
    settle(unit, stage)
    assert (state(unit, stage).state, state(unit, stage).epoch) == ("failed", 2)
    assert refunded(unit) == 2990


def test_the_last_sold_unit_closes_the_campaign_and_a_held_one_does_not(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=3))
    buy(unit, stage, 0, 2)
    order = place(unit, stage, 1, 1)
    assert state(unit, stage).state == "open"
    capture(unit, ask(unit, order, stage.buyers[1]))
    campaign = state(unit, stage)
    assert (campaign.state, campaign.close_reason) == ("closed", "sold_out")


def test_the_target_met_closes_a_campaign_that_says_so(unit: Transactions) -> None:
    stage = stage_of(unit, minimum=2, close_on_target=True)
    buy(unit, stage, 0)
    buy(unit, stage, 0)
    assert state(unit, stage).state == "open"
    buy(unit, stage, 1)
    assert state(unit, stage).close_reason == "target_met"


def test_a_buyer_cancels_until_the_close_and_is_refunded(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms(quota=2))
    order, other = buy(unit, stage, 0), place(unit, stage, 1)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    assert refunded(unit) == 2990
    with unit.reading() as ctx:
        row = order_row(ctx, order)
        assert (row.state, row.refunded_fen, row.roster_number, row.counted) == ("cancelled", 2990, 1, False)
    capture(unit, ask(unit, other, stage.buyers[1]))
    close(unit, clock, stage)
    with pytest.raises(TooLateToCancel), unit(buyer(stage.buyers[1])) as ctx:
        cancelling.cancel(ctx, other)


def test_a_buyer_cancels_one_line_and_keeps_the_rest(unit: Transactions) -> None:
    stage = stage_of(unit, Terms("大闸蟹", 5800), Terms("草莓", 2990))
    order = buy(unit, stage, 0, {"大闸蟹": 1, "草莓": 2})
    with unit(buyer(stage.buyers[0])) as ctx:
        berries = lines(ctx, order)[1]
        cancelling.cancel(ctx, order, (berries.public_id,))
    with pytest.raises(WrongState), unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order, (berries.public_id,))
    assert refunded(unit) == 2 * 2990
    with unit.reading() as ctx:
        row = order_row(ctx, order)
        assert (row.state, row.refunded_fen, row.counted) == ("paid", 5980, True)


def test_a_leader_cancels_and_everybody_gets_back_what_was_not_collected(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    paid, held = buy(unit, stage, 0, 2), place(unit, stage, 1)
    with unit(stage.leader) as ctx:
        closing.cancel(ctx, ctx.session.get_one(Campaign, stage.campaign_id), "货源临时断供")
    settle(unit, stage)
    assert refunded(unit) == 5980
    with unit.reading() as ctx:
        assert (order_row(ctx, paid).state, order_row(ctx, held).state) == ("refunded", "cancelled")
        campaign = ctx.session.get_one(Campaign, stage.campaign_id)
        assert (campaign.state, campaign.settled_at is not None) == ("cancelled", True)


def test_a_formed_campaign_may_still_be_cancelled_and_its_commission_vanishes(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0, 2)
    close(unit, clock, stage)
    settle(unit, stage)
    with unit.reading() as ctx:
        assert [line.commission_fen for line in lines(ctx, order)] == [598]
    with unit(stage.leader) as ctx:
        closing.cancel(ctx, ctx.session.get_one(Campaign, stage.campaign_id), "货源临时断供")
    settle(unit, stage)
    assert refunded(unit) == 5980
    with unit.reading() as ctx:
        assert [line.commission_fen for line in lines(ctx, order)] == [0]
        assert order_row(ctx, order).state == "refunded"


@pytest.mark.parametrize("reason", [CloseReason.LEADER, CloseReason.SOLD_OUT])
def test_a_close_never_shortens_a_hold_already_promised(unit: Transactions, reason: CloseReason) -> None:
    stage = stage_of(unit)
    order = place(unit, stage, 0)
    with unit(stage.leader if reason is CloseReason.LEADER else SYSTEM) as ctx:
        assert closing.close(ctx, ctx.session.get_one(Campaign, stage.campaign_id), reason)
    capture(unit, ask(unit, order, stage.buyers[0]))
    settle(unit, stage)
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "confirmed"


def test_who_pays_on_pickup_reads_which_goods_failed_and_what_is_to_be_paid(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, Terms("草莓", 2990), Terms("蓝莓", 1990, minimum_units=9), payment_policy="on_pickup")
    place(unit, stage, 0, {"草莓": 1, "蓝莓": 2})
    close(unit, clock, stage)
    settle(unit, stage)
    with unit.reading() as ctx:
        told = ctx.session.execute(select(Notification.title, Notification.body).order_by(Notification.id)).all()
    assert told == [
        ("部分商品已取消", "蓝莓：该商品未达起订量，这一项已取消，不收费。"),
        ("已成团", "「周五大闸蟹」已成团，接龙号 1，收货时付 ¥29.90"),
    ]


def test_orders_that_are_done_alone_are_done_a_few_at_a_time(
    unit: Transactions, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "ALONE_AT_ONCE", 1)
    stage = stage_of(unit, minimum=9)
    for who in range(3):
        buy(unit, stage, who)
    close(unit, clock, stage)
    with unit(CLOCK) as ctx:
        settling.decide_outcome(ctx, stage.campaign_id)
    done: list[int] = []
    while not done or done[-1]:
        with unit(CLOCK) as ctx:
            done.append(settling.carry_out(ctx, stage.campaign_id))
    assert done == [1, 1, 1, 0]
    assert refunded(unit) == 3 * 2990
    assert state(unit, stage).settled_at is not None
