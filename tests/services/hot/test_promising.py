"""Orders confirmed together end as they do one by one, and cost the same statements however many there are."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM
from domain.campaigns import CloseReason
from models import Campaign, Leader, Order, OrderLine
from services import cancelling, closing, promising, settling
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms, buy, buyer, place, stage_of
from tests.builders.clock import FrozenClock
from tests.services.hot.scene import counted
from tests.services.hot.twins import Twins

BATCH = 7


def carry_out(unit: Transactions, of: Scene, *, together: bool) -> None:
    """Close, decide and carry out until nothing is left."""
    with unit(CLOCK) as ctx:
        closing.close(ctx, ctx.session.get_one(Campaign, of.campaign_id), CloseReason.LEADER)
    with unit(CLOCK) as ctx:
        settling.decide_outcome(ctx, of.campaign_id)
    while True:
        with unit(CLOCK) as ctx:
            if not settling.carry_out(ctx, of.campaign_id, BATCH, together=together):
                return


def stages(unit: Transactions) -> list[Scene]:
    """Campaigns that form plainly, at a lower tier, without an offer, with a helper, on pickup, and one that fails."""
    return [
        stage_of(unit, Terms(), Terms("蓝莓", 1990, commission_bps=777), buyers=5, discount_over_fen=5000,
                 discount_fen=333),
        stage_of(unit, Terms(tiers=((4, 2790),)), Terms("蓝莓", 1990), buyers=5),
        stage_of(unit, Terms(), Terms("蓝莓", 1990, minimum_units=90), buyers=5),
        stage_of(unit, Terms(), Terms("赠品", 0, commission_bps=0), buyers=5, help_sell_bps=3000),
        stage_of(unit, Terms(), Terms("蓝莓", 1990), buyers=5, payment_policy="on_pickup"),
        stage_of(unit, Terms(), Terms("蓝莓", 1990), buyers=5, minimum=50),
    ]  # fmt: skip


def sell(unit: Transactions, of: Scene, chance: random.Random) -> None:
    """Orders by everybody and by the leader; some come through a helper, some are cancelled in part."""
    of.buyers.append(of.leader_resident_id)
    first, second = of.offers
    with unit(SYSTEM) as ctx:
        campaign = ctx.session.get_one(Campaign, of.campaign_id)
        policy, helped = campaign.payment_policy, campaign.help_sell_bps
        via = campaigns.help_sell(ctx, of, people.leader(ctx)) if helped else None
    take = place if policy == "on_pickup" else buy
    for who in range(len(of.buyers)):
        for _ in range(chance.choice((1, 2))):
            wanted = {first: chance.choice((1, 2, 3)), **({second: 1} if chance.random() < 0.6 else {})}
            order = take(unit, of, who, wanted, via=chance.choice((via, None)))
            if chance.random() < 0.15:
                with unit(buyer(of.buyers[who])) as ctx:
                    cancelling.cancel(ctx, order)


@pytest.mark.parametrize("seed", range(2))
def test_orders_confirmed_together_leave_the_rows_of_orders_confirmed_alone(
    app: Flask, make_twins: Callable[[], Twins], clock: FrozenClock, seed: int
) -> None:
    chance = random.Random(seed)
    unit = app.extensions["lintuan"].unit
    played = stages(unit)
    for stage in played:
        sell(unit, stage, chance)
    pair = make_twins()
    clock.advance(minutes=1)
    for stage in played:
        carry_out(pair.unit(pair.plain), stage, together=False)
        carry_out(pair.unit(pair.hot), stage, together=True)
    pair.compare()


def test_a_difference_of_one_fen_in_what_was_done_together_is_seen(
    app: Flask, make_twins: Callable[[], Twins], monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = app.extensions["lintuan"].unit
    stage = stage_of(unit)
    buy(unit, stage, 0)
    pair = make_twins()
    carry_out(pair.unit(pair.plain), stage, together=False)
    monkeypatch.setattr(promising, "_price", lambda lines: f"货款 ¥{lines[0].amount_fen - 1}")
    carry_out(pair.unit(pair.hot), stage, together=True)
    with pytest.raises(AssertionError, match="货款"):
        pair.compare()


@pytest.mark.parametrize("size", [1, 6])
def test_confirming_costs_the_same_statements_however_many_orders_there_are(
    unit: Transactions, clock: FrozenClock, size: int
) -> None:
    stage = stage_of(unit, Terms(), Terms("蓝莓", 1990), buyers=size)
    for who in range(size):
        buy(unit, stage, who, {"红颜草莓": 1, "蓝莓": 1})
    clock.set(stage.closes_at + timedelta(minutes=5))
    with unit(CLOCK) as ctx:
        closing.close_overdue(ctx, stage.campaign_id)
        settling.decide_outcome(ctx, stage.campaign_id)
    with counted(unit) as sent, unit(CLOCK) as ctx:
        assert settling.carry_out(ctx, stage.campaign_id) == size
    assert len([text for text in sent if not text.startswith("BEGIN")]) == 14
    with unit.reading() as ctx:
        leader = ctx.session.get_one(Leader, stage.leader_id)
        assert leader.resident_id == stage.leader_resident_id
        assert set(ctx.session.scalars(select(Order.state))) == {"confirmed"}
        assert set(ctx.session.scalars(select(OrderLine.commission_fen))) == {299, 199}
