"""Opening now, at its time, after an outage; pausing and resuming."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM
from domain.errors import Invalid, NotFound, WrongState
from models import Campaign, OutboxMessage
from services import chat_bindings, closing
from services.campaigns import drafting, opening
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.shops import Shop, campaign_terms, shop


@pytest.fixture
def own(ctx: Ctx) -> Shop:
    return shop(ctx)


def scheduled(ctx: Ctx, of: Shop, hours: float = 1) -> Campaign:
    acting = ctx.acting_as(of.actor)
    terms = campaign_terms(ctx, of, opens_at=ctx.now + timedelta(hours=hours))
    return opening.schedule(acting, drafting.create(acting, terms).public_id)


def test_a_draft_opens_this_instant_and_its_chat_hears_it(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own))
    chat_bindings.bind_group(ctx, "wecom", "room-1", chat_bindings.group_code(acting, campaign.public_id).code)
    opening.open_now(acting, campaign.public_id)
    (message,) = ctx.session.scalars(select(OutboxMessage)).all()
    assert (campaign.state, campaign.opens_at) == ("open", ctx.now)
    assert (message.kind, message.payload["what"]) == ("chat_outcome", "opened")


def test_nothing_opens_after_its_deadline(ctx: Ctx, own: Shop, clock: FrozenClock) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own))
    clock.advance(hours=8)
    with pytest.raises(Invalid, match="deadline is past"):
        opening.open_now(acting, campaign.public_id)


def test_a_campaign_is_scheduled_for_the_future_only(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own))
    with pytest.raises(Invalid, match="lies in the future"):
        opening.schedule(acting, campaign.public_id)


def test_the_clock_opens_what_is_due_once(ctx: Ctx, own: Shop, clock: FrozenClock) -> None:
    due, later = scheduled(ctx, own), scheduled(ctx, own, hours=3)
    clock.advance(hours=1)
    sweep = ctx.acting_as(CLOCK)
    assert [opening.open_due(sweep), opening.open_due(sweep)] == [1, 0]
    assert (due.state, later.state) == ("open", "scheduled")


def test_a_window_that_passed_in_an_outage_opens_and_closes(unit: Transactions, clock: FrozenClock) -> None:
    with unit(SYSTEM) as ctx:
        campaign_id = scheduled(ctx, shop(ctx)).id
    clock.advance(days=1)
    with unit(CLOCK) as ctx:
        opening.open_due(ctx)
        assert closing.due(ctx) == [campaign_id]
        assert closing.close_overdue(ctx, campaign_id)
    with unit.reading() as ctx:
        assert ctx.session.get_one(Campaign, campaign_id).state == "closed"


def test_a_paused_campaign_resumes(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    campaign = drafting.create(acting, campaign_terms(ctx, own))
    opening.open_now(acting, campaign.public_id)
    before = campaign.revision
    assert opening.pause(acting, campaign.public_id).state == "paused"
    assert opening.resume(acting, campaign.public_id).state == "open"
    assert campaign.revision == before + 2
    with pytest.raises(WrongState):
        opening.resume(acting, campaign.public_id)


def test_another_leader_moves_nothing(ctx: Ctx, own: Shop) -> None:
    campaign = drafting.create(ctx.acting_as(own.actor), campaign_terms(ctx, own))
    with pytest.raises(NotFound):
        opening.open_now(ctx.acting_as(shop(ctx).actor), campaign.public_id)
    assert campaign.state == "draft"
