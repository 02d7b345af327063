"""A resident's first page: what comes to the own point, and what leaders whom they follow have opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.actors import SYSTEM, Actor
from models import Campaign, CampaignPoint, Community, HomePoint, Leader, Picture, Product
from services import following
from services.context import Ctx
from services.paging import Page
from services.queries import home, leader_cards
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buyer, scene
from tests.builders.clock import FrozenClock
from tests.services.queries.conftest import statements


@pytest.fixture
def me(unit: Transactions) -> Actor:
    """A resident who follows nobody and has no point."""
    with unit(SYSTEM) as ctx:
        return buyer(people.resident(ctx).id)


def campaign(unit: Transactions, title: str, *, hours: float = 8, **values: Any) -> Scene:
    with unit(SYSTEM) as ctx:
        return scene(ctx, Terms(tiers=((2, 2500),)), Terms("蓝莓", 1990), buyers=0, hours=hours, title=title, **values)


def live_at(unit: Transactions, me: Actor, of: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.merge(HomePoint(resident_id=me.id, point_id=of.point_id))


def follow(unit: Transactions, me: Actor, of: Scene) -> None:
    with unit(me) as ctx:
        following.follow(ctx, ctx.session.get_one(Leader, of.leader_id).public_id)


def titles(unit: Transactions, me: Actor, page: Page | None = None) -> list[str]:
    with unit.reading(me) as ctx:
        return [card.title for card in home.feed(ctx, page or Page()).items]


def test_who_lives_nowhere_and_follows_nobody_sees_nothing(unit: Transactions, me: Actor) -> None:
    campaign(unit, "草莓")
    assert titles(unit, me) == []


def test_campaigns_of_the_own_point_and_of_followed_leaders_are_told_apart(unit: Transactions, me: Actor) -> None:
    near, far = campaign(unit, "近"), campaign(unit, "远", hours=9)
    campaign(unit, "别处")
    live_at(unit, me, near)
    follow(unit, me, far)
    with unit.reading(me) as ctx:
        assert [(card.title, card.reason) for card in home.feed(ctx, Page()).items] == [
            ("近", "point"),
            ("远", "leader"),
        ]


def test_a_campaign_of_the_neighbourhood_that_comes_to_another_point_is_shown_too(
    unit: Transactions, me: Actor
) -> None:
    of = campaign(unit, "邻居的")
    with unit(SYSTEM) as ctx:
        other = people.point(ctx, ctx.session.get_one(Leader, of.leader_id))
        ctx.session.add(HomePoint(resident_id=me.id, point_id=other.id))
    assert titles(unit, me) == ["邻居的"]


def test_a_foreign_leaders_campaign_that_comes_to_the_own_point_is_shown(unit: Transactions, me: Actor) -> None:
    mine, foreign = campaign(unit, "一", state="draft"), campaign(unit, "二")
    live_at(unit, me, mine)
    assert titles(unit, me) == []
    with unit(SYSTEM) as ctx:
        ctx.session.add(CampaignPoint(campaign_id=foreign.campaign_id, point_id=mine.point_id))
    assert titles(unit, me) == ["二"]


def test_open_campaigns_come_first_then_announced_ones_the_soonest_to_close_first_page_by_page(
    unit: Transactions, me: Actor
) -> None:
    for title, hours, state in (("丁", 1, "scheduled"), ("乙", 8, "open"), ("甲", 2, "open"), ("戊", 1, "scheduled"),
                                ("丙", 8, "open"), ("停", 1, "paused"), ("草", 1, "draft")):  # fmt: skip
        follow(unit, me, campaign(unit, title, hours=hours, state=state))
    assert titles(unit, me) == ["甲", "乙", "丙", "丁", "戊"]
    seen: list[str] = []
    page: Page | None = Page(limit=2)
    while page:
        with unit.reading(me) as ctx:
            part = home.feed(ctx, page)
        seen += [card.title for card in part.items]
        page = Page(limit=2, after=part.next_key) if part.next_key else None
    assert seen == ["甲", "乙", "丙", "丁", "戊"]


def test_what_is_over_is_not_shown_though_nobody_has_closed_it(
    unit: Transactions, me: Actor, clock: FrozenClock
) -> None:
    follow(unit, me, campaign(unit, "过", hours=1))
    clock.advance(hours=1)
    assert titles(unit, me) == []


def test_a_card_shows_its_first_picture_and_what_the_cheapest_unit_costs_now(unit: Transactions, me: Actor) -> None:
    of = campaign(unit, "图")
    follow(unit, me, of)
    with unit(SYSTEM) as ctx:
        for product in ctx.session.query(Product).order_by(Product.id):
            ctx.session.add(Picture(public_id=f"pic_{product.name}", leader_id=of.leader_id, product_id=product.id,
                                    content_type="image/png", created_at=ctx.now))  # fmt: skip
    with unit.reading(me) as ctx:
        (card,) = home.feed(ctx, Page()).items
    assert (card.picture, card.from_price_fen) == ("pic_红颜草莓", 1990)


def _cost(ctx: Ctx) -> int:
    with statements(ctx) as sent:
        home.feed(ctx, Page())
    return len(sent)


def test_the_first_page_costs_four_statements_whatever_stands_on_it(unit: Transactions, me: Actor) -> None:
    costs = []
    for count in (1, 4):
        for _ in range(count):
            follow(unit, me, campaign(unit, "x"))
        with unit.reading(me) as ctx:
            costs.append(_cost(ctx))
    assert costs == [4, 4]


def test_a_leaders_card_counts_followers_and_names_running_campaigns(unit: Transactions, me: Actor) -> None:
    of = campaign(unit, "周五草莓")
    with unit(SYSTEM) as ctx:
        leader = ctx.session.get_one(Leader, of.leader_id)
        ended = scene(ctx, buyers=0, state="formed", title="旧")
        ctx.session.get_one(Campaign, ended.campaign_id).leader_id = leader.id
        public_id, community = leader.public_id, ctx.session.get_one(Community, leader.community_id).name
    with unit.reading(me) as ctx:
        before = leader_cards.leader_card(ctx, public_id)
    follow(unit, me, of)
    with unit.reading(me) as ctx:
        after = leader_cards.leader_card(ctx, public_id)
    assert (before.following, before.followers) == (False, 0)
    assert (after.following, after.followers, after.community) == (True, 1, community)
    assert [card.title for card in after.campaigns] == ["周五草莓"]


def test_follows_are_listed_page_by_page_with_what_is_open_now(
    unit: Transactions, me: Actor, clock: FrozenClock
) -> None:
    for title, state in (("甲", "open"), ("乙", "paused")):
        follow(unit, me, campaign(unit, title, state=state))
        clock.advance(minutes=1)
    with unit.reading(me) as ctx:
        first = leader_cards.follows(ctx, Page(limit=1))
        second = leader_cards.follows(ctx, Page(limit=1, after=first.next_key))
    assert [row.open_campaigns for row in (*first.items, *second.items)] == [0, 1]
    assert second.items[0].since == clock.now() - timedelta(minutes=2)
    assert second.next_key is None
