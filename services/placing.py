"""What an order says when it is placed: which offers, at which prices, as the values of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain import campaigns as rules
from domain.errors import Invalid, NotFound
from domain.ids import new_id
from domain.policy import Policy
from domain.state_tables import ORDER
from models import Campaign, HelpSell, Offer, Sku
from services.pricing import Quote

if TYPE_CHECKING:
    from services.ordering import PlaceOrder

MAX_UNITS = 9_999


def check_lines(lines: tuple[tuple[str, int], ...]) -> None:
    """Raise `Invalid` unless each offer is named once, with 1 to 9,999 units."""
    if not lines or len({offer for offer, _ in lines}) != len(lines):
        raise Invalid("name each offer once, and at least one", field="lines")
    if any(not 1 <= units <= MAX_UNITS for _, units in lines):
        raise Invalid("units must be between 1 and 9,999", field="lines")


def chosen(offers: Mapping[str, Offer], lines: tuple[tuple[str, int], ...]) -> dict[Offer, int]:
    """Units by offer, in the order of `lines`; `offers` are the campaign's, by public id. Raises `NotFound`."""
    if any(public_id not in offers for public_id, _ in lines):
        raise NotFound
    return {offers[public_id]: units for public_id, units in lines}


def digest(point: str, wanted: Mapping[Offer, int]) -> str:
    """What two orders have in common that want the same things at the same point."""
    text = point + "".join(f"|{offer.id}:{units}" for offer, units in sorted(wanted.items(), key=lambda w: w[0].id))
    return hashlib.sha256(text.encode()).hexdigest()


def counts_at_once(campaign: Campaign, price: Quote) -> bool:
    """Whether an order counts in the transaction that places it: nothing has to be paid before."""
    return campaign.payment_policy == rules.PaymentPolicy.ON_PICKUP or price.total_fen == 0


def order_values(campaign: Campaign, point_id: int, resident_id: int, command: PlaceOrder, lines_digest: str,
                 price: Quote, helper: HelpSell | None, now: datetime, policy: Policy) -> dict[str, Any]:  # fmt: skip
    """The columns of a new order that are not at their defaults; it waits for its payment."""
    hold = timedelta(minutes=campaign.hold_minutes)
    return {
        "public_id": new_id("Order", now), "state": ORDER.initial, "campaign_id": campaign.id,
        "resident_id": resident_id, "point_id": point_id, "recipient": command.recipient, "note": command.note,
        "channel": command.channel, "lines_digest": lines_digest, "total_fen": price.total_fen, "created_at": now,
        "delivery_fee_fen": price.delivery_fee_fen, "help_sell_id": helper.id if helper else None,
        "hold_until": rules.hold_until(now, campaign.closes_at, hold, policy.pay_grace),
    }  # fmt: skip


def line_values(offer: Offer, units: int, sku: Sku, fresh: bool, price: Quote, helper: HelpSell | None,
                now: datetime) -> dict[str, Any]:  # fmt: skip
    """The columns of a new line that are not at their defaults, but for its order: prices and texts of this moment."""
    unit_price_fen, discount_fen = price.unit_price_fen[offer], price.discount_fen[offer]
    return {
        "public_id": new_id("OrderLine", now), "offer_id": offer.id, "offer_name": offer.name, "spec": sku.spec,
        "unit": sku.unit, "fresh": fresh, "unit_price_fen": unit_price_fen, "supply_price_fen": sku.supply_price_fen,
        "commission_bps": offer.commission_bps, "helper_bps": helper.share_bps if helper else 0,
        "discount_fen": discount_fen, "amount_fen": unit_price_fen * units - discount_fen, "ordered_units": units,
    }  # fmt: skip
