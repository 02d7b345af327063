"""The leader's word on the end, and the one change of an offer that is allowed once it is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.errors import Invalid, NotFound, WrongState
from models import Campaign, Notification, Offer
from services.campaigns import ending, quotas
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buy, place, scene, settle, stage_of
from tests.builders.clock import FrozenClock
from tests.builders.shops import acting


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(SYSTEM) as ctx:
        return scene(ctx, Terms(quota=5))


def test_a_leader_closes_before_the_deadline_once(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        assert ending.close_now(ctx, stage.campaign).close_reason == "leader"
    with pytest.raises(WrongState), unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)


def test_extending_tells_everybody_with_an_order_once(unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 0)
    place(unit, stage, 0)
    place(unit, stage, 1)
    until = stage.closes_at + timedelta(hours=4)
    with unit(stage.leader) as ctx:
        campaign = ending.extend(ctx, stage.campaign, until)
        assert (campaign.state, campaign.closes_at, campaign.extended_at) == ("open", until, ctx.now)
    with unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification).where(Notification.kind == "changed")).all()
        assert sorted(row.resident_id for row in told) == sorted(stage.buyers[:2])


def test_extending_tells_those_who_pay_on_pickup_too(unit: Transactions) -> None:
    stage = stage_of(unit, payment_policy="on_pickup")
    place(unit, stage, 0)
    with unit(stage.leader) as ctx:
        ending.extend(ctx, stage.campaign, stage.closes_at + timedelta(hours=4))
    with unit.reading() as ctx:
        told = select(Notification.resident_id).where(Notification.kind == "changed")
        assert ctx.session.scalars(told).all() == stage.buyers[:1]


def test_a_closed_campaign_without_an_outcome_opens_once_more(
    unit: Transactions, stage: Scene, clock: FrozenClock
) -> None:
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    clock.set(stage.closes_at)
    with unit(stage.leader) as ctx:
        campaign = ending.extend(ctx, stage.campaign, stage.closes_at + timedelta(hours=1))
        assert (campaign.state, campaign.closed_at, campaign.close_reason) == ("open", None, None)
    with pytest.raises(WrongState), unit(stage.leader) as ctx:
        ending.extend(ctx, stage.campaign, stage.closes_at + timedelta(hours=2))


def test_a_settled_campaign_is_not_extended(unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 0)
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    settle(unit, stage)
    with pytest.raises(WrongState), unit(stage.leader) as ctx:
        ending.extend(ctx, stage.campaign, stage.closes_at + timedelta(hours=1))


def test_a_deadline_is_only_moved_later(unit: Transactions, stage: Scene) -> None:
    with pytest.raises(Invalid) as refusal, unit(stage.leader) as ctx:
        ending.extend(ctx, stage.campaign, stage.closes_at)
    assert refusal.value.facts["field"] == "closes_at"


def test_a_cancelled_campaign_shows_why(unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 0)
    with unit(stage.leader) as ctx:
        campaign = ending.cancel(ctx, stage.campaign, "果园遭了冰雹")
        assert (campaign.state, campaign.cancel_reason) == ("cancelled", "果园遭了冰雹")
    settle(unit, stage)


def test_a_quota_grows_and_never_shrinks(unit: Transactions, stage: Scene) -> None:
    place(unit, stage, 0, 2)
    (offer_id,) = stage.offers.values()
    with unit(stage.leader) as ctx:
        assert quotas.raise_quota(ctx, stage.campaign, offer_id, 8).quota == 8
        assert ctx.session.get_one(Campaign, stage.campaign_id).revision == 1
    for quota in (8, 7, 1):
        with pytest.raises(Invalid, match="only grow"), unit(stage.leader) as ctx:
            quotas.raise_quota(ctx, stage.campaign, offer_id, quota)


def test_an_unlimited_offer_gets_no_quota_later(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)
    (offer_id,) = stage.offers.values()
    with pytest.raises(Invalid), unit(stage.leader) as ctx:
        quotas.raise_quota(ctx, stage.campaign, offer_id, 100)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Offer.quota)).all() == [None]


def test_a_closed_campaign_sells_no_more(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    with pytest.raises(WrongState), unit(stage.leader) as ctx:
        quotas.raise_quota(ctx, stage.campaign, stage.offers["红颜草莓"], 9)


def test_another_leader_ends_nothing(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        other = acting(people.leader(ctx))
    with pytest.raises(NotFound), unit(other) as ctx:
        ending.cancel(ctx, stage.campaign, "捣乱")
    with pytest.raises(NotFound), unit(other) as ctx:
        quotas.raise_quota(ctx, stage.campaign, stage.offers["红颜草莓"], 9)
