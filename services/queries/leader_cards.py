"""A leader as residents see one: the card with the running campaigns, and the leaders somebody follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from models import Campaign, Community, Follower, Leader
from services.context import Ctx
from services.finding import by_public_id
from services.ordering import taking_orders
from services.paging import Page, Slice, cut
from services.queries.campaigns import CampaignCard, card
from services.queries.home import goods_of

MOST_CAMPAIGNS = 50


@dataclass(frozen=True)
class PicturedCard(CampaignCard):
    """A campaign with a picture's public id, None for none; the cheapest unit costs `from_price_fen` now."""

    picture: str | None
    from_price_fen: int


@dataclass(frozen=True)
class LeaderCard:
    """A leader in public; `following` says whether the caller does. `campaigns` take orders or are announced."""

    id: str
    display_name: str
    introduction: str
    community: str
    following: bool
    followers: int
    campaigns: list[PicturedCard]


@dataclass(frozen=True)
class Followed:
    """A leader whom the caller follows."""

    leader_id: str
    display_name: str
    since: datetime
    open_campaigns: int


def leader_card(ctx: Ctx, leader_id: str) -> LeaderCard:
    """An approved leader (public id): seven statements; raises `NotFound`."""
    leader = by_public_id(ctx, Leader, leader_id, Leader.state == "approved")
    community = ctx.session.get_one(Community, leader.community_id)
    mine = case((Follower.resident_id == ctx.resident_id, 1))
    count = select(func.count(), func.count(mine)).where(Follower.leader_id == leader.id)
    followers, following = ctx.session.execute(count).one()
    running = (
        select(Campaign)
        .where(Campaign.leader_id == leader.id, Campaign.state.in_(("open", "scheduled")), Campaign.closes_at > ctx.now)
        .order_by(Campaign.state, Campaign.closes_at, Campaign.id)
        .limit(MOST_CAMPAIGNS)
    )
    campaigns = list(ctx.session.scalars(running))
    goods = goods_of(ctx, campaigns)
    cards = [_pictured(card(one, leader.display_name), *goods[one.id]) for one in campaigns]
    return LeaderCard(
        leader.public_id, leader.display_name, leader.introduction, community.name, bool(following), followers,
        cards,
    )  # fmt: skip


def _pictured(shown: CampaignCard, picture: str | None, from_price_fen: int) -> PicturedCard:
    return PicturedCard(**vars(shown), picture=picture, from_price_fen=from_price_fen)


def follows(ctx: Ctx, page: Page) -> Slice[Followed]:
    """The leaders whom the caller follows, who came to lead last first: one statement."""
    open_now = (
        select(func.count())
        .where(Campaign.leader_id == Leader.id, *taking_orders(ctx.now))
        .scalar_subquery()
    )  # fmt: skip
    statement = (
        select(Leader.id, Leader.public_id, Leader.display_name, Follower.since, open_now.label("open_campaigns"))
        .join(Leader, Leader.id == Follower.leader_id)
        .where(Follower.resident_id == ctx.resident_id)
        .order_by(Leader.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        statement = statement.where(Leader.id < page.after[0])
    part = cut(ctx.session.execute(statement).all(), page, lambda row: (row.id,))
    shown = [Followed(row.public_id, row.display_name, row.since, row.open_campaigns) for row in part.items]
    return Slice(shown, part.next_key)
