"""The count on an updatable card: it rests before it is told, it keeps its pace, and the end comes last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bots.sending import drain as draining
from domain.actors import SYSTEM, Actor, Role
from models import Alert, Campaign, Order, Share
from services import announcing, cancelling, closing
from services.ports import Refused, Unknown, Unreachable
from tests.bots.sharing.group import VOICE, Group
from tests.services.pickup.world import one


def test_the_card_follows_the_count_up_and_down(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    ticket = group.share(who, campaign)
    orders = group.buy(campaign, 2)
    group.rest()
    assert group.count(ticket) == "2/10"
    assert group.row(ticket).shown_revision == 2
    cancel(group, orders[0])
    group.rest()
    assert group.count(ticket) == "1/10"


def test_a_burst_is_told_once_when_it_has_rested_for_three_seconds(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    for _ in range(3):
        group.buy(campaign, 2)
        group.rest(2)
    group.rest(1)
    assert group.card(ticket).calls == []
    group.rest(1)
    assert group.card(ticket).calls == [("collecting", 6)]
    assert len(group.messages("share_spread")) == 1


def test_a_count_that_never_rests_is_told_within_fifteen_seconds(group: Group) -> None:
    campaign = group.campaign(least=30)
    ticket = group.share(group.world.resident(), campaign)
    for _ in range(16):
        group.buy(campaign)
        group.rest(1)
    assert [members for _, members in group.card(ticket).calls] == [14]


def test_a_card_is_told_at_most_once_in_two_seconds(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    told = []
    for _half_second in range(8):
        with group.unit(SYSTEM) as ctx:
            row = one(ctx, Campaign, campaign)
            row.revision += 1
            ctx.session.flush()
            announcing.outcome(ctx, row, "closed")
        group.drain()
        group.world.clock.advance(milliseconds=500)
        told.append(len(group.card(ticket).calls))
    assert told == [1, 1, 1, 1, 2, 2, 2, 2]


def test_an_older_count_never_takes_the_place_of_a_newer_one(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign)
    with group.unit(SYSTEM) as ctx:
        one(ctx, Share, ticket.id).shown_revision = 99
    group.rest()
    assert group.card(ticket).calls == []


def test_while_one_call_is_on_its_way_no_other_begins(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign)
    group.rest(3)
    inner = []

    def slow() -> None:
        """Another sender and the outcome come while the first call is still out."""
        group.world.clock.advance(seconds=3)
        with group.unit(group.world.leader) as ctx:
            closing.cancel(ctx, one(ctx, Campaign, campaign), "下雨")
        draining.drain(group.unit, group.outside, VOICE)
        inner.append(list(group.card(ticket).calls))

    group.outside.mini_program.during = slow
    group.drain()
    group.outside.mini_program.during = None
    assert inner == [[]]
    group.rest()
    assert [state for state, _ in group.card(ticket).calls] == ["collecting", "ended"]


@pytest.mark.parametrize(("buyers", "end"), [(2, "reached"), (1, "ended")])
def test_the_outcome_is_told_once_and_last(group: Group, buyers: int, end: str) -> None:
    campaign = group.campaign(least=2)
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign, buyers)
    group.world.settle(campaign)
    group.rest()
    assert group.count(ticket) == end
    assert [state for state, _ in group.card(ticket).calls][-1] == end
    assert [state for state, _ in group.card(ticket).calls].count(end) == 1
    assert end == "ended" or group.card(ticket).path.startswith(f"pages/campaign/campaign?id={campaign}&share=shr_")


def test_no_card_says_all_have_come_before_it_is_decided(group: Group) -> None:
    campaign = group.campaign(least=2)
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign, 3)
    with group.unit(SYSTEM) as ctx:
        row = one(ctx, Campaign, campaign)
        group.world.clock.set(row.closes_at)
        assert closing.close_overdue(ctx, row.id)
    group.rest()
    assert group.count(ticket) == "3/2"


def test_a_formed_campaign_that_is_cancelled_ends_its_card(group: Group) -> None:
    campaign = group.campaign(least=1)
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign)
    group.world.settle(campaign)
    group.rest()
    with group.unit(group.world.leader) as ctx:
        closing.cancel(ctx, one(ctx, Campaign, campaign), "缺货")
    group.rest()
    assert group.count(ticket) == "ended"


def test_nothing_is_told_to_a_card_whose_day_is_over(group: Group) -> None:
    campaign = group.campaign()
    with group.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).closes_at += timedelta(days=3)
    ticket = group.share(group.world.resident(), campaign)
    group.world.clock.advance(hours=23, minutes=59, seconds=58)
    group.buy(campaign)
    group.rest()
    group.buy(campaign)
    group.rest()
    assert group.card(ticket).calls == []
    assert {message.state for message in group.messages("share_update")} <= {"sent"}


@pytest.mark.parametrize("code", ["47501", "47504", "47502"])
def test_a_card_the_platform_gave_up_is_left_alone(group: Group, code: str) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.outside.mini_program.before = [Refused("over", code=code)]
    group.buy(campaign)
    group.rest()
    group.buy(campaign)
    group.rest()
    assert group.card(ticket).calls == []
    assert group.row(ticket).over_reason == f"refused {code}"
    assert len(group.messages("share_update")) == 1


def test_a_call_that_was_taken_but_not_answered_is_made_again_and_changes_nothing(group: Group) -> None:
    campaign = group.campaign(least=1)
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign)
    group.outside.mini_program.after = [Unknown("time-out"), Unknown("time-out")]
    group.rest()
    assert group.card(ticket).calls == [("collecting", 1)] * 3
    group.outside.mini_program.after = [Unknown("time-out")]
    group.world.settle(campaign)
    group.rest()
    assert group.count(ticket) == "reached"
    assert group.row(ticket).shown_state == "reached"


def test_a_busy_platform_is_asked_again_later(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.outside.mini_program.before = [
        Unreachable("busy", code="-1"),
        Unreachable("full", code="45009", retry_after=60),
    ]
    group.buy(campaign)
    group.rest(30)
    assert group.card(ticket).calls == []
    group.buy(campaign)
    group.rest(60)
    assert group.count(ticket) == "2/10"


def test_what_is_our_own_mistake_is_buried_loudly(group: Group) -> None:
    campaign = group.campaign()
    group.share(group.world.resident(), campaign)
    group.outside.mini_program.before = [Refused("bad body", code="47001")]
    group.buy(campaign)
    group.rest()
    with group.unit.reading() as ctx:
        assert [alert.kind for alert in ctx.session.scalars(select(Alert))] == ["outbox_dead"]


def test_a_sender_that_died_in_the_call_is_followed_by_another(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.buy(campaign)

    def die() -> None:
        raise KeyboardInterrupt

    group.rest(3)
    group.outside.mini_program.during = die
    with pytest.raises(KeyboardInterrupt):
        group.drain()
    group.outside.mini_program.during = None
    group.rest()
    assert group.count(ticket) == "1/10"


def test_without_a_shared_card_an_order_queues_nothing(group: Group) -> None:
    group.buy(group.campaign())
    assert group.messages("share_spread") == []


def cancel(group: Group, order: str) -> None:
    """The buyer takes an order back whole."""
    with group.unit(SYSTEM) as ctx:
        owner = one(ctx, Order, order).resident_id
        cancelling.cancel(ctx.acting_as(Actor(Role.RESIDENT, owner, owner)), order)
