"""Tickets: who gets one, when the same serves again, what stands on the card, and what two at once get."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.errors import NotFound, NotOpen, TooMany
from models import Campaign, Share
from services.chat.sharing import MOST_LIVING, Value
from services.ports import Unknown
from tests.bots.sharing.group import Group
from tests.services.pickup.world import one


def shares(group: Group) -> list[Share]:
    """All there are."""
    with group.unit.reading() as ctx:
        return list(ctx.session.scalars(select(Share).order_by(Share.id)))


def test_a_ticket_holds_what_the_client_hands_on(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    group.buy(campaign, 7)
    ticket = group.share(who, campaign)
    assert ticket.parameter_list == [Value("member_count", "7"), Value("room_limit", "10")]
    assert ticket.template_id == "666F374D69D16C932E45D7E7D9F10CEF6177F5F5"
    assert (ticket.title, ticket.image) == ("周五水果（满10人成团）", "")
    assert ticket.path == f"pages/campaign/campaign?id={campaign}&share={ticket.id}"
    assert ticket.expires_at == group.world.clock.now() + timedelta(hours=24)
    (kept,) = shares(group)
    assert (kept.resident_id, kept.activity_id) == (who.resident_id, ticket.activity_id)


@pytest.mark.parametrize(
    ("kind", "least", "title", "numbers"),
    [
        ("people", 10, "周五水果（满10人成团）", ("2", "10")),
        ("people", 1, "周五水果（满1人成团）", ("2", "1")),
        ("units", 20, "周五水果（满20份成团，下面按份计）", ("6", "20")),
        ("amount", 50050, "周五水果（满¥500.50成团，下面按元计）", ("119", "501")),
        ("people", 0, "周五水果", ("2", "2")),
        ("units", 0, "周五水果", ("2", "2")),
    ],
)
def test_the_numbers_count_what_the_minimum_asks_for(
    group: Group, kind: str, least: int, title: str, numbers: tuple[str, str]
) -> None:
    campaign = group.campaign(least, kind)
    group.buy(campaign, 2, units=3)
    ticket = group.share(group.world.resident(), campaign)
    assert ticket.title == title
    assert tuple(value.value for value in ticket.parameter_list) == numbers


def test_a_card_without_anybody_still_has_a_limit(group: Group) -> None:
    ticket = group.share(group.world.resident(), group.campaign(0))
    assert [value.value for value in ticket.parameter_list] == ["0", "1"]


def test_a_long_title_keeps_its_condition(group: Group) -> None:
    campaign = group.campaign(title="超" * 80)
    title = group.share(group.world.resident(), campaign).title
    assert len(title) == 40 and title.endswith("…（满10人成团）")


def test_an_updatable_ticket_serves_again_until_its_day_draws_to_an_end(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    with group.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).closes_at += timedelta(days=3)
    first = group.share(who, campaign)
    group.world.clock.advance(hours=17, minutes=59)
    assert group.share(who, campaign).activity_id == first.activity_id
    group.world.clock.advance(minutes=1)
    second = group.share(who, campaign)
    assert second.activity_id != first.activity_id
    assert group.share(who, campaign).id == second.id


def test_a_ticket_that_outlives_the_campaign_serves_to_the_end(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    with group.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).closes_at += timedelta(hours=21)
    first = group.share(who, campaign)
    group.world.clock.advance(hours=21, minutes=59)
    assert group.share(who, campaign).id == first.id


def test_a_chat_tool_ticket_belongs_to_one_posting(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    first, second = (group.share(who, campaign, "chat_tool") for _ in range(2))
    assert first.activity_id != second.activity_id
    assert first.parameter_list == []
    assert first.template_id == "2A84254B945674A2F88CE4970782C402795EB607"


def test_each_person_has_cards_of_their_own_and_the_leader_too(group: Group) -> None:
    campaign = group.campaign()
    people = [group.world.resident(), group.world.resident(), group.world.leader_as_resident, group.world.leader]
    tickets = [group.share(who, campaign).id for who in people]
    assert len({*tickets}) == 3
    assert tickets[2] == tickets[3]


def test_what_cannot_be_joined_any_more_is_not_shared(group: Group) -> None:
    campaign = group.campaign()
    group.world.settle(campaign)
    with pytest.raises(NotOpen):
        group.share(group.world.resident(), campaign)
    assert group.outside.mini_program.cards == {}


def test_a_draft_is_nobodys_to_share(group: Group) -> None:
    campaign = group.campaign()
    with group.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).state = "draft"
    with pytest.raises(NotFound):
        group.share(group.world.leader_as_resident, campaign)


def test_a_campaign_that_closed_while_the_platform_was_asked_is_not_shared(group: Group) -> None:
    campaign = group.campaign()
    group.outside.mini_program.during = lambda: group.world.settle(campaign)
    with pytest.raises(NotOpen):
        group.share(group.world.resident(), campaign)
    assert shares(group) == []


def test_a_platform_that_fails_leaves_nothing_behind(group: Group) -> None:
    campaign = group.campaign()
    group.outside.mini_program.before = [Unknown("time-out")]
    with pytest.raises(Unknown):
        group.share(group.world.resident(), campaign)
    assert shares(group) == []


def test_two_at_once_are_two_good_tickets(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    group.outside.mini_program.life = timedelta(hours=24)
    with ThreadPoolExecutor(2) as pool:
        tickets = list(pool.map(lambda _: group.share(who, campaign), range(2)))
    group.buy(campaign)
    group.rest()
    assert {group.count(ticket) for ticket in tickets} == {"1/10"}


def test_nobody_fills_a_drawer_with_cards(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    for _ in range(MOST_LIVING):
        group.share(who, campaign, "chat_tool")
        group.world.clock.advance(seconds=61)
        group.outside.counters.clear(f"share:{who.resident_id}")
    with pytest.raises(TooMany):
        group.share(who, campaign, "chat_tool")
    group.share(group.world.resident(), campaign, "chat_tool")


def test_nobody_asks_the_platform_too_often(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    for _ in range(10):
        group.share(who, campaign, "chat_tool")
    with pytest.raises(TooMany):
        group.share(who, campaign, "chat_tool")
