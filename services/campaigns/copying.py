"""Opening the same again: a new draft with the terms of an earlier campaign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.campaigns import BelowMinimum, DeliveryMethod, MinimumKind, PaymentPolicy, ShortageMode
from domain.catalog import aliases_of
from models import Campaign, CampaignPoint, Offer, PickupPoint, Sku
from services.campaigns.drafting import create
from services.campaigns.finding import own
from services.campaigns.terms import CampaignTerms, OfferTerms
from services.context import Ctx
from services.pricing import tiers_of


@dataclass(frozen=True)
class CopyCampaign:
    """A new draft with the terms of an earlier campaign and a new time; no `title` keeps the old one."""

    closes_at: datetime
    opens_at: datetime | None = None
    extend_until: datetime | None = None
    title: str = ""


def copy(ctx: Ctx, campaign_id: str, command: CopyCampaign) -> Campaign:
    """A new draft like an own earlier campaign; an extension without a time of its own keeps its distance."""
    source = own(ctx, campaign_id)
    terms = replace(
        terms_of(ctx, source), title=command.title or source.title, opens_at=command.opens_at,
        closes_at=command.closes_at, extend_until=_extension(source, command),
    )  # fmt: skip
    return create(ctx, terms)


def terms_of(ctx: Ctx, campaign: Campaign) -> CampaignTerms:
    """The terms that a campaign was written with, as a leader would write them again."""
    offers = select(Offer, Sku.public_id).join(Sku, Sku.id == Offer.sku_id).where(Offer.campaign_id == campaign.id)
    rows = ctx.session.execute(offers.order_by(Offer.position)).all()
    tiers = tiers_of(ctx, [offer.id for offer, _ in rows])
    points = select(PickupPoint.public_id).join(CampaignPoint, CampaignPoint.point_id == PickupPoint.id)
    return CampaignTerms(
        title=campaign.title, seller=campaign.seller, description=campaign.description,
        opens_at=campaign.opens_at, closes_at=campaign.closes_at, hold_minutes=campaign.hold_minutes,
        arrival_text=campaign.arrival_text, minimum=campaign.minimum,
        minimum_kind=MinimumKind(campaign.minimum_kind), below_minimum=BelowMinimum(campaign.below_minimum),
        extend_until=campaign.extend_until, close_on_target=campaign.close_on_target,
        payment_policy=PaymentPolicy(campaign.payment_policy),
        delivery_method=DeliveryMethod(campaign.delivery_method), delivery_fee_fen=campaign.delivery_fee_fen,
        delivery_minimum_fen=campaign.delivery_minimum_fen, discount_over_fen=campaign.discount_over_fen,
        discount_fen=campaign.discount_fen, shortage_mode=ShortageMode(campaign.shortage_mode),
        help_sell_bps=campaign.help_sell_bps,
        points=tuple(ctx.session.scalars(
            points.where(CampaignPoint.campaign_id == campaign.id, PickupPoint.active).order_by(PickupPoint.id)
        )),
        offers=tuple(_offer_terms(offer, sku_id, tiers.get(offer.id, [])) for offer, sku_id in rows),
    )  # fmt: skip


def _offer_terms(offer: Offer, sku_id: str, tiers: list[tuple[int, int]]) -> OfferTerms:
    return OfferTerms(
        sku_id=sku_id, name=offer.name, price_fen=offer.price_fen, commission_bps=offer.commission_bps,
        quota=offer.quota, per_person=offer.per_person, minimum_units=offer.minimum_units,
        aliases=aliases_of(offer.aliases), tiers=tuple(tiers),
    )  # fmt: skip


def _extension(source: Campaign, command: CopyCampaign) -> datetime | None:
    if source.extend_until is None or command.extend_until is not None:
        return command.extend_until
    distance = source.extend_until - source.closes_at
    return command.closes_at + (distance if distance > timedelta(0) else timedelta(days=1))
