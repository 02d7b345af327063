"""The chat tool: who opened the card in the group is named there once they take part, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.actors import SYSTEM, Actor
from domain.errors import Invalid, LoginRefused, NotFound, ShareOver
from models import Campaign, Resident, Share, ShareOpening
from services.chat.share_updates import MOST_NAMED
from services.flows import sharing
from services.flows.sharing import OpenShare
from services.ports import Unknown
from tests.bots.sharing.group import Group
from tests.services.pickup.world import one


def opener(group: Group, ticket: object, name: str, chat: str = "group-1") -> Actor:
    """A new resident who opened the card."""
    who = group.world.resident()
    group.open(who, ticket, chat, name)  # type: ignore[arg-type]  # a Ticket
    return who


def test_who_takes_part_is_named_once(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    first, second = opener(group, ticket, "g-one"), opener(group, ticket, "g-two")
    group.buys(first, campaign)
    group.rest()
    assert group.card(ticket).calls == [("collecting", 1)]
    group.buys(first, campaign)
    group.buys(second, campaign)
    group.rest()
    assert group.card(ticket).named == ["g-one", "g-two"]
    assert group.card(ticket).calls == [("collecting", 1), ("collecting", 1)]


def test_who_takes_part_already_is_named_when_they_open_the_card(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    opener(group, ticket, "g-first")
    group.rest()
    group.buys(who, campaign)
    group.rest()
    assert group.card(ticket).named == []
    group.open(who, ticket, name="g-late")
    group.rest()
    assert group.card(ticket).named == ["g-late"]


def test_nobody_is_named_who_did_not_pay_or_wants_no_name_or_stands_in_another_chat(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    opener(group, ticket, "g-looking")
    shy, elsewhere = opener(group, ticket, "g-shy"), opener(group, ticket, "g-elsewhere", "group-2")
    nameless = opener(group, ticket, "")
    with group.unit(SYSTEM) as ctx:
        ctx.session.get_one(Resident, shy.resident_id).anonymous = True
    for who in (shy, elsewhere, nameless):
        group.buys(who, campaign)
    group.rest()
    assert group.card(ticket).named == []


def test_taking_an_order_back_takes_no_name_back(group: Group) -> None:
    from tests.bots.sharing.test_counts import cancel

    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    who = opener(group, ticket, "g-one")
    order = group.buys(who, campaign)
    group.rest()
    cancel(group, order)
    group.rest()
    assert group.card(ticket).calls == [("collecting", 1)]


def test_more_people_than_one_call_takes_go_in_several(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    opener(group, ticket, "g-0")
    buyers = [group.world.resident() for _ in range(MOST_NAMED + 2)]
    with group.unit(SYSTEM) as ctx:
        share = one(ctx, Share, ticket.id)
        for number, who in enumerate(buyers):
            ctx.session.add(ShareOpening(
                share_id=share.id, resident_id=who.resident_id, group_hash=share.group_hash, told_at=None,
                group_openid_enc=ctx.vault.encrypt(f"g-{number}"), opened_at=ctx.now,
            ))  # fmt: skip
    for who in buyers:
        group.buys(who, campaign)
    group.rest()
    assert group.card(ticket).calls == [("collecting", MOST_NAMED), ("collecting", 2)]


def test_it_says_once_that_it_closes_soon_and_then_that_it_is_over(group: Group) -> None:
    campaign = group.campaign(least=1)
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    group.buys(opener(group, ticket, "g-one"), campaign)
    group.rest()
    group.world.clock.advance(minutes=49)
    group.rest(50)
    assert [state for state, _ in group.card(ticket).calls] == ["collecting", "closing"]
    group.world.settle(campaign)
    group.rest()
    assert [state for state, _ in group.card(ticket).calls] == ["collecting", "closing", "ended"]


def test_a_later_deadline_moves_the_last_call(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    with group.unit(SYSTEM) as ctx:
        one(ctx, Campaign, campaign).closes_at += timedelta(hours=2)
    group.world.clock.advance(minutes=51)
    group.rest(5)
    assert group.card(ticket).calls == []
    group.world.clock.advance(hours=2)
    group.rest(5)
    assert group.card(ticket).calls == [("closing", 0)]


def test_the_last_who_came_are_named_before_the_end(group: Group) -> None:
    campaign = group.campaign(least=1)
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    who = opener(group, ticket, "g-one")
    group.rest()
    group.buys(who, campaign)
    group.world.settle(campaign)
    group.rest()
    assert group.card(ticket).calls == [("collecting", 1), ("ended", 0)]


def test_nobody_is_named_in_a_campaign_that_failed(group: Group) -> None:
    campaign = group.campaign(least=5)
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    who = opener(group, ticket, "g-one")
    group.rest()
    group.buys(who, campaign)
    group.world.settle(campaign)
    group.rest()
    assert group.card(ticket).calls == [("ended", 0)]


def test_what_a_chat_and_a_person_in_it_are_called_is_kept_sealed(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign, "chat_tool")
    opener(group, ticket, "g-secret-name", "secret-chat")
    with group.unit.reading() as ctx:
        rows = [
            str(row)
            for table in ("shares", "share_openings", "outbox_messages")
            for row in ctx.session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert rows and not [row for row in rows if "secret" in row]


def test_a_card_posted_with_older_numbers_is_put_right_when_it_is_first_opened(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    assert group.open(group.world.resident(), ticket) == campaign
    group.rest(2)
    assert group.card(ticket).calls == [("collecting", 0)]
    group.open(group.world.resident(), ticket, "group-2")
    group.rest()
    assert len(group.card(ticket).calls) == 1


def test_opening_twice_is_one_opening(group: Group) -> None:
    campaign, who = group.campaign(), group.world.resident()
    ticket = group.share(who, campaign, "chat_tool")
    for name in ("g-one", "g-renamed"):
        group.open(who, ticket, name=name)
    group.buys(who, campaign)
    group.rest()
    assert group.card(ticket).named == ["g-renamed"]


def attempt(group: Group, who: Actor, share: str, code: str, data: str) -> None:
    """One call with these words."""
    sharing.open_shared(group.unit, group.outside, who, share, OpenShare(code, data, "iv"))


def test_only_the_person_with_genuine_and_fresh_data_opens_a_card(group: Group) -> None:
    campaign, who, other = group.campaign(), group.world.resident(), group.world.resident()
    ticket = group.share(other, campaign, "chat_tool")
    with group.unit.reading() as ctx:
        mine, theirs = (ctx.session.get_one(Resident, one_.resident_id).openid for one_ in (who, other))
    tries = [
        (LoginRefused, ticket.id, "nonsense", "chat|name"),
        (LoginRefused, ticket.id, f"openid:{theirs}", "chat|name"),
        (Invalid, ticket.id, f"openid:{mine}", "no data"),
        (Invalid, ticket.id, f"openid:{mine}", "chat|name|301"),
        (NotFound, "shr_" + "0" * 26, f"openid:{mine}", "chat|name"),
        (NotFound, campaign, f"openid:{mine}", "chat|name"),
    ]
    for refusal, share, code, data in tries:
        with pytest.raises(refusal):
            attempt(group, who, share, code, data)
    group.outside.mini_program.fails = Unknown("time-out")
    with pytest.raises(Unknown):
        attempt(group, who, ticket.id, f"openid:{mine}", "chat|name")
    with group.unit.reading() as ctx:
        assert ctx.session.scalars(select(ShareOpening)).all() == []
    assert group.row(ticket).group_hash is None


def test_a_card_whose_day_is_over_cannot_be_opened(group: Group) -> None:
    campaign = group.campaign()
    ticket = group.share(group.world.resident(), campaign)
    group.world.clock.advance(hours=24)
    with pytest.raises(ShareOver):
        group.open(group.world.resident(), ticket)
