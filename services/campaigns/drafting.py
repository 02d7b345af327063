"""Writing a campaign down: a new draft, or a better one as long as it was never open."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from domain.actors import Role
from domain.catalog import joined_aliases
from domain.errors import Invalid, WrongState
from domain.ids import new_id
from domain.state_tables import CAMPAIGN, OFFER
from models import Campaign, CampaignPoint, Merchant, Offer, PickupPoint, PriceTier, Product, Sku
from services import audit
from services.campaigns.finding import own
from services.campaigns.terms import CampaignTerms, OfferTerms, check
from services.closing import lock_offers
from services.content_safety import campaigns as page_check
from services.context import Ctx
from services.transitions import lock
from services.writing import changed

NOT_YET_OPEN = ("draft", "scheduled")


def create(ctx: Ctx, terms: CampaignTerms) -> Campaign:
    """Write a draft of the acting leader; raises `Invalid` naming the field."""
    ctx.require(Role.LEADER)
    check(terms, ctx.now)
    campaign = Campaign(
        public_id=new_id("Campaign", ctx.now), leader_id=ctx.actor.id, state=CAMPAIGN.initial, created_at=ctx.now,
        **_columns(ctx, terms),
    )  # fmt: skip
    _write(ctx, campaign, terms)
    page_check.hold(ctx, campaign)
    audit.record(ctx, CAMPAIGN.name, campaign.id, "create", states=("", campaign.state))
    return campaign


def rewrite(ctx: Ctx, campaign_id: str, terms: CampaignTerms) -> Campaign:
    """Replace everything a leader chose, as long as the campaign was never open; its offers get new ids.

    Raises `NotFound`, `WrongState` once it was opened, `Invalid`, and, for one that everybody sees already, what
    `page_check.require_passed` raises for words that have not passed.
    """
    campaign = own(ctx, campaign_id)
    check(terms, ctx.now)
    offers = lock_offers(ctx, campaign)
    lock(ctx, campaign)
    if campaign.state not in NOT_YET_OPEN:
        raise WrongState(state=campaign.state, event="rewrite")
    if campaign.state == "scheduled" and (terms.opens_at is None or terms.opens_at <= ctx.now):
        raise Invalid("A scheduled campaign opens in the future.", field="opens_at")
    changed(ctx.session, delete(PriceTier).where(PriceTier.offer_id.in_([offer.id for offer in offers])))
    points = ctx.session.scalars(select(CampaignPoint).where(CampaignPoint.campaign_id == campaign.id))
    for row in (*offers, *points):
        ctx.session.delete(row)
    ctx.session.flush()
    for column, value in _columns(ctx, terms).items():
        setattr(campaign, column, value)
    campaign.revision += 1
    _write(ctx, campaign, terms)
    if campaign.state == "scheduled":  # everybody sees it already
        page_check.require_passed(ctx, campaign)
    page_check.hold(ctx, campaign)
    audit.record(ctx, CAMPAIGN.name, campaign.id, "rewrite", states=(campaign.state, campaign.state))
    return campaign


def _columns(ctx: Ctx, terms: CampaignTerms) -> dict[str, object]:
    return {
        "title": terms.title, "description": terms.description, "seller": terms.seller,
        "opens_at": terms.opens_at or ctx.now, "closes_at": terms.closes_at,
        "hold_minutes": terms.hold_minutes or ctx.policy.hold_minutes,
        "arrival_text": terms.arrival_text, "minimum": terms.minimum, "minimum_kind": terms.minimum_kind,
        "below_minimum": terms.below_minimum, "extend_until": terms.extend_until,
        "close_on_target": terms.close_on_target, "payment_policy": terms.payment_policy,
        "delivery_method": terms.delivery_method, "delivery_fee_fen": terms.delivery_fee_fen,
        "delivery_minimum_fen": terms.delivery_minimum_fen, "discount_over_fen": terms.discount_over_fen,
        "discount_fen": terms.discount_fen, "shortage_mode": terms.shortage_mode,
        "help_sell_bps": terms.help_sell_bps,
    }  # fmt: skip


def _write(ctx: Ctx, campaign: Campaign, terms: CampaignTerms) -> None:
    points = _own_points(ctx, terms.points)
    skus = _own_skus(ctx, terms.offers)
    ctx.session.add(campaign)
    ctx.session.flush()
    ctx.session.add_all(CampaignPoint(campaign_id=campaign.id, point_id=point) for point in points)
    for place, offer in enumerate(terms.offers):
        _write_offer(ctx, campaign, place, skus[offer.sku_id], offer)
    ctx.session.flush()


def _write_offer(ctx: Ctx, campaign: Campaign, place: int, sku_id: int, terms: OfferTerms) -> None:
    offer = Offer(
        public_id=new_id("Offer", ctx.now), campaign_id=campaign.id, sku_id=sku_id, position=place,
        state=OFFER.initial, name=terms.name, aliases=joined_aliases(terms.aliases), price_fen=terms.price_fen,
        quota=terms.quota, per_person=terms.per_person, minimum_units=terms.minimum_units,
        commission_bps=terms.commission_bps,
    )  # fmt: skip
    ctx.session.add(offer)
    ctx.session.flush()
    ctx.session.add_all(
        PriceTier(offer_id=offer.id, from_units=units, price_fen=price_fen) for units, price_fen in terms.tiers
    )


def _own_points(ctx: Ctx, wanted: Iterable[str]) -> list[int]:
    statement = select(PickupPoint.public_id, PickupPoint.id).where(
        PickupPoint.public_id.in_(tuple(wanted)), PickupPoint.leader_id == ctx.actor.id, PickupPoint.active
    )
    found = dict(ctx.session.execute(statement).all())
    for point in wanted:
        if point not in found:
            raise Invalid("There is no such pickup point of yours.", field="points")
    return sorted(found.values())


def _own_skus(ctx: Ctx, offers: tuple[OfferTerms, ...]) -> dict[str, int]:
    statement = (
        select(Sku.public_id, Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .where(Sku.public_id.in_([offer.sku_id for offer in offers]), Merchant.leader_id == ctx.actor.id)
    )
    found = dict(ctx.session.execute(statement).all())
    for place, offer in enumerate(offers):
        if offer.sku_id not in found:
            raise Invalid("There is no such SKU of yours.", field=f"offers.{place}.sku_id")
    return found
