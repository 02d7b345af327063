"""What a batch of joins asks about campaigns, read once for all of it, and what each of them comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from domain import campaigns as rules
from domain.errors import NotOpen
from models import Campaign, CampaignPoint, Offer, Order, PickupPoint, Product, Sku
from services import ordering, placing, pricing
from services.context import Ctx
from services.desk_money import no_shows
from services.door.addresses import Whither
from services.hot.requests import Join
from services.hot.rows import among


@dataclass(eq=False)
class Plan:
    """A join as the batch can do it: goods that are fetched, from an open campaign, of nobody's help."""

    join: Join
    campaign: Campaign
    point: PickupPoint
    wanted: Mapping[Offer, int]
    in_order: Sequence[Offer] = field(init=False)
    """Its offers by ascending id, as their stock is taken."""

    def __post_init__(self) -> None:
        self.in_order = sorted(self.wanted, key=lambda offer: offer.id)

    def first_short(self, granted: Mapping[Offer, int]) -> Offer | None:
        """The first offer of which too little is free beside the units `granted` to others; None when all is there."""
        for offer in self.in_order:
            units = self.wanted[offer] + granted.get(offer, 0)
            if offer.state != "open" or (offer.quota is not None and free(offer) < units):
                return offer
        return None


def free(offer: Offer) -> int:
    """Units nobody holds or has bought; 0 where there is no quota."""
    return 0 if offer.quota is None else offer.quota - offer.held_units - offer.sold_units


@dataclass(frozen=True)
class Catalogue:
    """Campaigns with the points and offers that the batch names, by public id; `tiers` by offer (id)."""

    points: Mapping[tuple[str, str], tuple[Campaign, PickupPoint]]
    offers: Mapping[str, Offer]
    skus: Mapping[int, tuple[Sku, bool]]
    tiers: Mapping[int, Sequence[tuple[int, int]]]
    prepaid_only: frozenset[tuple[int, int]]
    """Residents, each with a leader (ids) whose campaigns they must pay before."""


def read(ctx: Ctx, joins: Sequence[Join]) -> Catalogue:
    """Three statements, and one about those who did not fetch where a campaign is paid on pickup."""
    named = (
        Campaign.public_id.in_(among(ctx.session, sorted({join.command.campaign for join in joins}))),
        PickupPoint.public_id.in_(among(ctx.session, sorted({join.command.point for join in joins}))),
        Campaign.state.in_(ordering.VISIBLE),
    )
    found = ctx.session.execute(
        select(Campaign, PickupPoint)
        .join(CampaignPoint, CampaignPoint.campaign_id == Campaign.id)
        .join(PickupPoint, PickupPoint.id == CampaignPoint.point_id)
        .where(*named)
    ).all()
    wanted = sorted({offer for join in joins for offer, _ in join.command.lines})
    goods = ctx.session.execute(
        select(Offer, Sku, Product.fresh)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Offer.public_id.in_(among(ctx.session, wanted)))
    ).all()
    campaigns = [row[0] for row in found]
    return Catalogue(
        {(campaign.public_id, point.public_id): (campaign, point) for campaign, point in found},
        {offer.public_id: offer for offer, _, _ in goods},
        {sku.id: (sku, fresh) for _, sku, fresh in goods},
        pricing.tiers_of(ctx, [offer.id for offer, _, _ in goods]),
        _prepaid_only(ctx, joins, campaigns),
    )


def _prepaid_only(ctx: Ctx, joins: Sequence[Join], campaigns: Iterable[Campaign]) -> frozenset[tuple[int, int]]:
    if all(campaign.payment_policy != rules.PaymentPolicy.ON_PICKUP for campaign in campaigns):
        return frozenset()
    here = Order.resident_id.in_(among(ctx.session, [join.resident_id for join in joins]))
    return frozenset((row[0], row[1]) for row in ctx.session.execute(no_shows.repeated(ctx).where(here)))


def plan(ctx: Ctx, catalogue: Catalogue, join: Join) -> Plan | NotOpen | None:
    """What the batch does with a join; None where the plain path must look, be it to refuse it in the right words."""
    command = join.command
    campaign, point = catalogue.points.get((command.campaign, command.point), (None, None))
    if campaign is None or point is None:
        return None
    if not rules.admits(campaign.state, campaign.opens_at, campaign.closes_at, ctx.now):
        return NotOpen(state=campaign.state)
    if not _is_usual(campaign, join, catalogue):
        return None
    wanted = {catalogue.offers[public_id]: units for public_id, units in command.lines if public_id in catalogue.offers}
    if len(wanted) < len(command.lines) or any(offer.campaign_id != campaign.id for offer in wanted):
        return None
    if any(not 1 <= units <= placing.MAX_UNITS for units in wanted.values()):
        return None
    return Plan(join, campaign, point, wanted)


def _is_usual(campaign: Campaign, join: Join, catalogue: Catalogue) -> bool:
    command = join.command
    on_pickup = campaign.payment_policy == rules.PaymentPolicy.ON_PICKUP
    return (
        campaign.delivery_method == rules.DeliveryMethod.PICKUP
        and command.whither == Whither(command.recipient)
        and not command.via
        and command.channel == "app"
        and not campaign.delivery_minimum_fen
        and not (on_pickup and campaign.close_on_target)
        and not (on_pickup and (join.resident_id, campaign.leader_id) in catalogue.prepaid_only)
    )
