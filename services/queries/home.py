"""What a resident sees first: campaigns of the own point and neighbourhood, and of leaders they follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, literal, or_, select, tuple_

from domain.progress import Progress
from models import Campaign, CampaignPoint, Follower, HomePoint, Leader, Offer, PickupPoint, Product, Sku
from services.context import Ctx
from services.paging import Page, Slice, cut
from services.pricing import tiers_of
from services.queries.campaigns import pictures_of, price_standing, progress_of


@dataclass(frozen=True)
class HomeCard:
    """A campaign on the first page; `reason` is why it stands there: leader (followed) or point.

    `picture` is a picture's public id, None for none; the cheapest unit costs `from_price_fen` now.
    """

    id: str
    title: str
    state: str
    opens_at: datetime
    closes_at: datetime
    leader_id: str
    leader_name: str
    participant_count: int
    progress: Progress
    reason: str
    picture: str | None
    from_price_fen: int


_RANK = case((Campaign.state == "open", 0), else_=1)


def feed(ctx: Ctx, page: Page) -> Slice[HomeCard]:
    """Open campaigns and then those that are announced, the soonest to close first: four statements."""
    followed = exists().where(
        Follower.leader_id == Campaign.leader_id, Follower.resident_id == ctx.resident_id
    )  # fmt: skip
    statement = (
        select(Campaign, Leader.public_id, Leader.display_name, followed.label("followed"), _RANK.label("rank"))
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(_shown(ctx), or_(followed, *_near(ctx)), *_after(page))
        .order_by(_RANK, Campaign.closes_at, Campaign.id)
        .limit(page.limit + 1)
    )
    part = cut(
        ctx.session.execute(statement).all(), page, lambda row: (row.rank, row[0].closes_at.isoformat(), row[0].id)
    )
    goods = goods_of(ctx, [row[0] for row in part.items])
    return Slice([_card(row, *goods[row[0].id]) for row in part.items], part.next_key)


def _shown(ctx: Ctx) -> ColumnElement[bool]:
    runs = and_(Campaign.state == "open", Campaign.opens_at <= ctx.now, Campaign.closes_at > ctx.now)
    return or_(runs, Campaign.state == "scheduled")


def _near(ctx: Ctx) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Campaigns that come to the own point, or whose leader leads in its neighbourhood."""
    home = select(HomePoint.point_id).where(HomePoint.resident_id == ctx.resident_id)
    there = exists().where(CampaignPoint.campaign_id == Campaign.id, CampaignPoint.point_id.in_(home))
    community = select(PickupPoint.community_id).where(PickupPoint.id.in_(home))
    return there, Leader.community_id.in_(community)


def _after(page: Page) -> tuple[ColumnElement[bool], ...]:
    if page.after is None:
        return ()
    rank, closes_at, last = page.after
    behind: Any = tuple_(_RANK, Campaign.closes_at, Campaign.id)
    at = literal(datetime.fromisoformat(str(closes_at)), Campaign.closes_at.type)
    return (behind > tuple_(literal(rank), at, literal(last)),)


def goods_of(ctx: Ctx, campaigns: list[Campaign]) -> dict[int, tuple[str | None, int]]:
    """The first picture (public id, None for none) and the least price now (fen) by campaign: three statements."""
    by_id = {campaign.id: campaign for campaign in campaigns}
    statement = (
        select(Offer, Product.id)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Offer.campaign_id.in_(by_id))
        .order_by(Offer.campaign_id, Offer.position)
    )
    rows = ctx.session.execute(statement).all()
    pictures = pictures_of(ctx, {product_id for _, product_id in rows})
    tiers = tiers_of(ctx, [offer.id for offer, _ in rows])
    found: dict[int, tuple[str | None, int]] = {}
    for offer, product_id in rows:
        price_fen = price_standing(by_id[offer.campaign_id], offer, tiers).unit_fen
        picture, least_fen = found.get(offer.campaign_id, (None, price_fen))
        picture = picture or next(iter(pictures.get(product_id, ())), None)
        found[offer.campaign_id] = picture, min(least_fen, price_fen)
    return found


def _card(row: Row[Any], picture: str | None, from_price_fen: int) -> HomeCard:
    campaign: Campaign = row[0]
    return HomeCard(
        id=campaign.public_id, title=campaign.title, state=campaign.state, opens_at=campaign.opens_at,
        closes_at=campaign.closes_at, leader_id=row.public_id, leader_name=row.display_name,
        participant_count=campaign.participant_count, progress=progress_of(campaign),
        reason="leader" if row.followed else "point", picture=picture, from_price_fen=from_price_fen,
    )  # fmt: skip
