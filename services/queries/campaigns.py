"""What everybody may read of a campaign: its page and the list of a community's open ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, not_, select

from domain.campaigns import admits
from domain.content import Subject
from domain.errors import NotFound
from domain.progress import PriceStanding, Progress, progress
from domain.promises import aftersales_promise, pickup_promise
from models import Campaign, CampaignPoint, Community, Delivery, Leader, Offer, PickupPoint, Picture, Product, Sku
from services import help_selling
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.pricing import tiers_of
from services.queries.pages import older, sliced

RUNNING = ("draft", "scheduled", "open", "paused")


@dataclass(frozen=True)
class OfferView:
    """An offer as a buyer sees it; `free` is None without a quota. Promises are shown before paying.

    `price_fen` is the price below the first tier, `pricing` what counts and costs now.
    """

    id: str
    sku_id: str
    name: str
    aliases: str
    spec: str
    unit: str
    fresh: bool
    description: str
    state: str
    price_fen: int
    pricing: PriceStanding
    quota: int | None
    free: int | None
    held_units: int
    sold_units: int
    per_person: int | None
    minimum_units: int
    commission_bps: int
    pickup_promise: str
    aftersales_promise: str
    pictures: list[str]


@dataclass(frozen=True)
class PointView:
    """A pickup point of a campaign."""

    id: str
    name: str
    address: str
    hours: str


@dataclass(frozen=True)
class HelperView:
    """Who helps to sell a campaign: the help-sell's id, to be named when ordering, and the helper's name."""

    id: str
    name: str


@dataclass(frozen=True)
class CampaignView:
    """A campaign's own facts with its counters; `admits` is the one predicate of admission at this moment.

    `via` is the helper through whose link the page was opened.
    """

    campaign: Campaign
    leader_id: str
    leader_name: str
    progress: Progress
    admits: bool
    offers: list[OfferView]
    points: list[PointView]
    via: HelperView | None = None


@dataclass(frozen=True)
class CampaignCard:
    """A campaign in a list."""

    id: str
    title: str
    state: str
    opens_at: datetime
    closes_at: datetime
    leader_name: str
    participant_count: int
    progress: Progress


def progress_of(campaign: Campaign) -> Progress:
    """How far a campaign has come, from its counters."""
    return progress(
        campaign.minimum_kind, campaign.minimum, people=campaign.participant_count, units=campaign.counted_units,
        fen=campaign.counted_fen,
    )  # fmt: skip


def view(ctx: Ctx, campaign: Campaign, via: str = "") -> CampaignView:
    """The whole page of a campaign the caller may see: five statements whatever its size, two more through a helper.

    A link whose helper is unknown or helps no longer opens the same page.
    """
    leader = ctx.session.execute(
        select(Leader.public_id, Leader.display_name).where(Leader.id == campaign.leader_id)
    ).one()
    return CampaignView(
        campaign=campaign, leader_id=leader.public_id, leader_name=leader.display_name,
        progress=progress_of(campaign), offers=offers(ctx, campaign), points=points(ctx, campaign),
        admits=admits(campaign.state, campaign.opens_at, campaign.closes_at, ctx.now),
        via=_helper(ctx, campaign, via) if via else None,
    )  # fmt: skip


def _helper(ctx: Ctx, campaign: Campaign, via: str) -> HelperView | None:
    try:
        found = help_selling.working(ctx, campaign, via)
    except NotFound:
        return None
    return HelperView(found[0].public_id, found[1].display_name) if found else None


def offers(ctx: Ctx, campaign: Campaign) -> list[OfferView]:
    """The campaign's offers by position, with their tiers and pictures: three statements."""
    statement = (
        select(Offer, Sku, Product)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Offer.campaign_id == campaign.id)
        .order_by(Offer.position)
    )
    rows = ctx.session.execute(statement, execution_options={"populate_existing": True}).all()
    pictures = pictures_of(ctx, {product.id for _, _, product in rows})
    tiers = tiers_of(ctx, [offer.id for offer, _, _ in rows])
    return [
        _offer(ctx, campaign, offer, sku, product, pictures.get(product.id, []), price_standing(campaign, offer, tiers))
        for offer, sku, product in rows
    ]


def price_standing(campaign: Campaign, offer: Offer, tiers: dict[int, list[tuple[int, int]]]) -> PriceStanding:
    """What an offer costs and may yet cost; `tiers` are (from units, price in fen) by offer."""
    return PriceStanding(
        offer.price_fen, tuple(tiers.get(offer.id, ())), offer.sold_units, campaign.state in RUNNING,
        None if offer.state == "failed" else offer.closing_price_fen,
    )  # fmt: skip


def _offer(
    ctx: Ctx, campaign: Campaign, offer: Offer, sku: Sku, product: Product, pictures: list[str], pricing: PriceStanding
) -> OfferView:
    said = (product.fresh, ctx.policy, campaign.delivery_method)
    return OfferView(
        id=offer.public_id, sku_id=sku.public_id, name=offer.name, aliases=offer.aliases, spec=sku.spec,
        unit=sku.unit, fresh=product.fresh, description=product.description, state=offer.state,
        price_fen=offer.price_fen, pricing=pricing, quota=offer.quota, free=free_units(offer),
        held_units=offer.held_units, sold_units=offer.sold_units, per_person=offer.per_person,
        minimum_units=offer.minimum_units, commission_bps=offer.commission_bps,
        pickup_promise=pickup_promise(*said), aftersales_promise=aftersales_promise(*said), pictures=pictures,
    )  # fmt: skip


def free_units(offer: Offer) -> int | None:
    """Units that can still be ordered; None without a quota."""
    return None if offer.quota is None else offer.quota - offer.held_units - offer.sold_units


def pictures_of(ctx: Ctx, products: Iterable[int]) -> dict[int | None, list[str]]:
    """Public ids of each product's pictures that everybody may see, in the order of their upload."""
    shown = (Picture.product_id.in_(sorted(products)), not_(holding.unseen(Subject.PICTURE, Picture.id)))
    statement = select(Picture.product_id, Picture.public_id).where(*shown)
    found: dict[int | None, list[str]] = {}
    for product_id, public_id in ctx.session.execute(statement.order_by(Picture.id)):
        found.setdefault(product_id, []).append(public_id)
    return found


def points(ctx: Ctx, campaign: Campaign) -> list[PointView]:
    """The campaign's pickup points: one statement."""
    return _points(ctx, select(CampaignPoint.point_id).where(CampaignPoint.campaign_id == campaign.id))


def arrived_points(ctx: Ctx, campaign: Campaign) -> list[PointView]:
    """Those points at which goods of the campaign stand: one statement."""
    there = (Delivery.campaign_id == campaign.id, Delivery.arrived_at.is_not(None))
    return _points(ctx, select(Delivery.point_id).where(*there))


def _points(ctx: Ctx, ids: Select[int]) -> list[PointView]:
    statement = select(PickupPoint).where(PickupPoint.id.in_(ids)).order_by(PickupPoint.id)
    return [PointView(p.public_id, p.name, p.address, p.hours) for p in ctx.session.scalars(statement)]


def open_in_community(ctx: Ctx, community_id: str, page: Page) -> Slice[CampaignCard]:
    """Campaigns of a community that take orders now, newest first; raises `NotFound`. Two statements."""
    community = by_public_id(ctx, Community, community_id)
    statement = (
        select(Campaign, Leader.display_name)
        .join(Leader, Leader.id == Campaign.leader_id)
        .where(
            Leader.community_id == community.id, Campaign.state == "open", Campaign.opens_at <= ctx.now,
            Campaign.closes_at > ctx.now, older(Campaign.id, page),
        )
        .order_by(Campaign.id.desc())
        .limit(page.limit + 1)
    )  # fmt: skip
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: card(*row))


def card(campaign: Campaign, leader_name: str) -> CampaignCard:
    """The campaign as a line of a list."""
    return CampaignCard(
        id=campaign.public_id, title=campaign.title, state=campaign.state, opens_at=campaign.opens_at,
        closes_at=campaign.closes_at, leader_name=leader_name, participant_count=campaign.participant_count,
        progress=progress_of(campaign),
    )  # fmt: skip
