"""An approved leader with something to sell and somewhere to hand it over, before any campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.actors import Actor, Role
from models import Leader
from services import catalog
from services.campaigns.terms import CampaignTerms, OfferTerms
from services.catalog import CreateMerchant, CreateProduct, CreateSku
from services.context import Ctx
from tests.builders import people


@dataclass(frozen=True)
class Shop:
    """Public ids of one leader's things, usable from any transaction."""

    actor: Actor
    leader: str
    community: int
    merchant: str
    product: str
    sku: str
    points: tuple[str, str]


def acting(leader: Leader) -> Actor:
    """A leader as an actor."""
    return Actor(Role.LEADER, leader.id, resident_id=leader.resident_id)


def shop(ctx: Ctx, leader: Leader | None = None) -> Shop:
    """A leader with a merchant, a product of one SKU, and two pickup points."""
    leader = leader or people.leader(ctx)
    own = ctx.acting_as(acting(leader))
    merchant = catalog.create_merchant(own, CreateMerchant("阿强水果行"))
    product = catalog.create_product(own, CreateProduct(merchant.public_id, "fruit", "红颜草莓", fresh=True))
    sku = catalog.create_sku(own, product.public_id, CreateSku("500 克", "盒", 2000))
    points = (people.point(ctx, leader).public_id, people.point(ctx, leader).public_id)
    return Shop(
        acting(leader), leader.public_id, leader.community_id, merchant.public_id, product.public_id,
        sku.public_id, points,
    )  # fmt: skip


def offer_terms(of: Shop, **changes: Any) -> OfferTerms:
    """Strawberries at 29.90, unless told otherwise."""
    terms: dict[str, Any] = {"sku_id": of.sku, "name": "红颜草莓", "price_fen": 2990, "commission_bps": 1000}
    return OfferTerms(**(terms | changes))


def campaign_terms(ctx: Ctx, of: Shop, **changes: Any) -> CampaignTerms:
    """A campaign of one offer that closes in eight hours, unless told otherwise."""
    terms: dict[str, Any] = {
        "title": "周五草莓", "seller": "阿强水果行", "closes_at": ctx.now + timedelta(hours=8),
        "offers": (offer_terms(of),), "points": of.points,
    }  # fmt: skip
    return CampaignTerms(**(terms | changes))
