"""What a batch of joins asks about campaigns, read once for all of it, and what each of them comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain import campaigns as rules
from domain.errors import NotOpen
from models import Consent, Order
from services import consents, placing
from services.context import Ctx
from services.desk_money import no_shows
from services.hot import join_rows as sql
from services.hot.requests import Join
from services.hot.rows import Among, listed

_NO_SHOWS = Among(Order.resident_id, no_shows.REPEATED.where)
_CONSENTS = Among(Consent.resident_id, select(Consent.resident_id).where(*consents.AGREED).where)


@dataclass(eq=False)
class Plan:
    """A join as the batch can do it: goods that are fetched, from an open campaign, of nobody's help."""

    join: Join
    campaign: Any
    point: Any
    wanted: Mapping[Any, int]
    in_order: Sequence[Any] = field(init=False)
    """Its offers by ascending id, as their stock is taken."""

    def __post_init__(self) -> None:
        self.in_order = sorted(self.wanted, key=lambda offer: offer.id)

    def first_short(self, granted: Mapping[Any, int]) -> Any:
        """The first offer of which too little is free beside the units `granted` to others; None when all is there."""
        for offer in self.in_order:
            units = self.wanted[offer] + granted.get(offer, 0)
            if offer.state != "open" or (offer.quota is not None and free(offer) < units):
                return offer
        return None


def free(offer: Any) -> int:
    """Units nobody holds or has bought; 0 where there is no quota."""
    return 0 if offer.quota is None else int(offer.quota - offer.held_units - offer.sold_units)


@dataclass(frozen=True)
class Catalogue:
    """Campaigns with the points and offers that the batch names, by public id; `skus` and `tiers` by id."""

    points: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    offers: dict[str, Any] = field(default_factory=dict)
    skus: dict[int, tuple[Any, bool]] = field(default_factory=dict)
    tiers: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """(from units, price in fen) of each offer, ascending; offers without any are left out."""
    prepaid_only: set[tuple[int, int]] = field(default_factory=set)
    """Residents, each with a leader (ids) whose campaigns they must pay before."""
    agreed: set[int] | None = None
    """Residents who agreed to the privacy text in force; None where nobody is asked."""


def read(ctx: Ctx, joins: Sequence[Join]) -> Catalogue:
    """One statement; one more about no-shows where a campaign is paid on pickup, and about consent if it is asked."""
    named = {(join.command.campaign, join.command.point, offer) for join in joins for offer, _ in join.command.lines}
    catalogue = Catalogue(agreed=_agreed(ctx, joins))
    campaigns: dict[int, Any] = {}
    for (row,) in sql.READ(ctx.session.connection(), sorted(named)):
        campaign, point, offer, sku, (fresh, from_units, price_fen) = sql.parted(listed(row))
        campaign = campaigns.setdefault(campaign.id, campaign)
        catalogue.points.setdefault((campaign.public_id, point.public_id), (campaign, point))
        if offer.id is None:
            continue
        offer = catalogue.offers.setdefault(offer.public_id, offer)
        catalogue.skus.setdefault(sku.id, (sku, bool(fresh)))
        if from_units is not None:
            tier, tiers = (from_units, price_fen), catalogue.tiers.setdefault(offer.id, [])
            if tier not in tiers:
                tiers.append(tier)
    catalogue.prepaid_only.update(_prepaid_only(ctx, joins, campaigns.values()))
    return catalogue


def _agreed(ctx: Ctx, joins: Sequence[Join]) -> set[int] | None:
    if not ctx.policy.consent_needed:
        return None
    return {row[0] for row in _CONSENTS(ctx.session, [join.resident_id for join in joins])}


def _prepaid_only(ctx: Ctx, joins: Sequence[Join], campaigns: Iterable[Any]) -> set[tuple[int, int]]:
    if all(campaign.payment_policy != rules.PaymentPolicy.ON_PICKUP for campaign in campaigns):
        return set()
    rows = _NO_SHOWS(ctx.session, [join.resident_id for join in joins], **no_shows.bounds(ctx))
    return {(row[0], row[1]) for row in rows}


def plan(catalogue: Catalogue, join: Join, now: datetime) -> Plan | NotOpen | None:
    """What the batch does with a join; None where the plain path must look, be it to refuse it in the right words."""
    command = join.command
    campaign, point = catalogue.points.get((command.campaign, command.point), (None, None))
    if campaign is None or point is None:
        return None
    if not rules.admits(campaign.state, campaign.opens_at, campaign.closes_at, now):
        return NotOpen(state=campaign.state)
    if not _is_usual(campaign, join, catalogue):
        return None
    wanted = {catalogue.offers[public_id]: units for public_id, units in command.lines if public_id in catalogue.offers}
    if len(wanted) < len(command.lines) or any(offer.campaign_id != campaign.id for offer in wanted):
        return None
    if any(not 1 <= units <= placing.MAX_UNITS for units in wanted.values()):
        return None
    return Plan(join, campaign, point, wanted)


def _is_usual(campaign: Any, join: Join, catalogue: Catalogue) -> bool:
    command = join.command
    on_pickup = campaign.payment_policy == rules.PaymentPolicy.ON_PICKUP
    return bool(
        campaign.delivery_method == rules.DeliveryMethod.PICKUP
        and not (command.building or command.room or command.phone or command.address)
        and not command.via
        and (catalogue.agreed is None or join.resident_id in catalogue.agreed)
        and command.channel == "app"
        and not campaign.delivery_minimum_fen
        and not (on_pickup and campaign.close_on_target)
        and not (on_pickup and (join.resident_id, campaign.leader_id) in catalogue.prepaid_only)
    )
