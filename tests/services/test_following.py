"""Residents follow leaders with one tap and leave with one; a new campaign is told to each follower once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bots.sending.drain import drain
from domain.actors import CLOCK, SYSTEM, Actor, Role
from domain.errors import NotFound
from models import Follower, Leader, Notification, OutboxMessage, Resident
from services import following
from services.campaigns import drafting, opening
from services.context import Ctx
from services.paging import Page
from services.queries import unreached
from services.transactions import Transactions
from tests.bots.test_sending import VOICE
from tests.builders import people
from tests.builders.campaigns import buyer
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.shops import Shop, campaign_terms, shop
from tests.services.queries.conftest import statements


@pytest.fixture
def own(unit: Transactions) -> Shop:
    """A leader with something to sell."""
    with unit(SYSTEM) as ctx:
        return shop(ctx)


def fans(unit: Transactions, of: Shop, count: int) -> list[int]:
    """So many new residents who follow the leader."""
    found = []
    for _ in range(count):
        with unit(SYSTEM) as ctx:
            who = people.resident(ctx).id
        with unit(buyer(who)) as ctx:
            following.follow(ctx, of.leader)
        found.append(who)
    return found


def drafted(unit: Transactions, of: Shop) -> str:
    with unit(of.actor) as ctx:
        return drafting.create(ctx, campaign_terms(ctx, of)).public_id


def told(ctx: Ctx) -> list[int]:
    return list(ctx.session.scalars(select(Notification.resident_id).where(Notification.kind == "opened")))


def test_following_twice_is_following_once_and_one_tap_ends_it(unit: Transactions, own: Shop) -> None:
    (fan,) = fans(unit, own, 1)
    with unit(buyer(fan)) as ctx:
        following.follow(ctx, own.leader)
        assert len(ctx.session.scalars(select(Follower)).all()) == 1
    for _ in range(2):
        with unit(buyer(fan)) as ctx:
            following.leave(ctx, own.leader)
            assert ctx.session.scalars(select(Follower)).all() == []


def test_nobody_follows_a_leader_who_is_not_approved_and_everybody_may_leave_one(unit: Transactions, own: Shop) -> None:
    (fan,) = fans(unit, own, 1)
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Leader, own.actor.id).state = "suspended"
        other = people.resident(ctx).id
    with pytest.raises(NotFound), unit(buyer(other)) as ctx:
        following.follow(ctx, own.leader)
    with unit(buyer(fan)) as ctx:
        following.leave(ctx, own.leader)
        assert ctx.session.scalars(select(Follower)).all() == []


def test_a_new_campaign_is_told_once_to_those_who_follow_and_to_nobody_else(unit: Transactions, own: Shop) -> None:
    first, second = fans(unit, own, 2)
    with unit(SYSTEM) as ctx:
        people.resident(ctx)
        leader = own.actor.resident_id or 0
    with unit(buyer(leader)) as ctx:
        following.follow(ctx, own.leader)
    campaign = drafted(unit, own)
    with unit(buyer(second)) as ctx:
        following.leave(ctx, own.leader)
    with unit(own.actor) as ctx:
        row = opening.open_now(ctx, campaign)
        assert told(ctx) == [first]
        assert following.tell_opened(ctx, row) == 0
    with unit.reading() as ctx:
        notice = ctx.session.scalars(select(Notification)).one()
        assert notice.body == "「周五草莓」开团了，11-26 20:00 截团。"


def test_the_clock_tells_the_followers_too(unit: Transactions, own: Shop, clock: FrozenClock) -> None:
    (fan,) = fans(unit, own, 1)
    with unit(own.actor) as ctx:
        terms = campaign_terms(ctx, own, opens_at=ctx.now.replace(hour=ctx.now.hour + 1))
        opening.schedule(ctx, drafting.create(ctx, terms).public_id)
        assert told(ctx) == []
    clock.advance(hours=1)
    with unit(CLOCK) as ctx:
        opening.open_due(ctx)
        assert told(ctx) == [fan]


def _cost(unit: Transactions, of: Shop, campaign: str) -> int:
    with unit(of.actor) as ctx, statements(ctx) as sent:
        opening.open_now(ctx, campaign)
    return len(sent)


def test_many_followers_are_told_in_as_many_statements_as_one(unit: Transactions, own: Shop) -> None:
    fans(unit, own, 1)
    few = _cost(unit, own, drafted(unit, own))
    fans(unit, own, 12)
    assert _cost(unit, own, drafted(unit, own)) == few


def push(unit: Transactions, outside: PretendOutside) -> list[str]:
    """Send what is due; how each follower was told."""
    drain(unit, outside, VOICE)
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(Notification.reached_by).order_by(Notification.resident_id)))


def test_a_push_goes_only_to_whoever_lets_us_write_now(unit: Transactions, own: Shop, outside: PretendOutside) -> None:
    _, second = fans(unit, own, 2)
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Resident, second).customer_chat_at = ctx.now
    campaign = drafted(unit, own)
    with unit(own.actor) as ctx:
        opening.open_now(ctx, campaign)
    assert push(unit, outside) == ["page", "customer"]
    assert outside.mini_program.sent == []
    ((_, text),) = outside.mini_program.texts
    assert campaign in text and "周五草莓" in text
    with unit(Actor(Role.OPERATOR, 1)) as ctx:
        assert unreached.unreached(ctx, Page()).items == []


def test_at_night_a_push_waits_for_the_morning(
    unit: Transactions, own: Shop, outside: PretendOutside, clock: FrozenClock
) -> None:
    (fan,) = fans(unit, own, 1)
    clock.advance(hours=11)  # 23:00
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Resident, fan).customer_chat_at = ctx.now
    campaign = drafted(unit, own)
    with unit(own.actor) as ctx:
        opening.open_now(ctx, campaign)
    assert push(unit, outside) == [""]
    with unit.reading() as ctx:
        waiting = ctx.session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.kind == "notify")).one()
    clock.set(waiting)
    assert push(unit, outside) == ["customer"]
