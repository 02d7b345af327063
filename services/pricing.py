"""What an order costs when it is placed, and how the price of a line falls on its units afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from domain.errors import BelowDeliveryMinimum, Invalid
from domain.line_money import LinePrice, tier_price
from domain.money import MAX_FEN, split
from models import Campaign, Offer, OrderLine, PriceTier
from services.context import Ctx


@dataclass(frozen=True)
class Quote:
    """Unit price and discount (fen) of each offer wanted, the delivery fee, and the sum to pay."""

    unit_price_fen: Mapping[Offer, int]
    discount_fen: Mapping[Offer, int]
    delivery_fee_fen: int
    total_fen: int


def quote(ctx: Ctx, campaign: Campaign, wanted: Mapping[Offer, int], counted: Mapping[Offer, int]) -> Quote:
    """As `price_order`, with the price tiers as they stand in the database."""
    return price_order(campaign, tiers_of(ctx, [offer.id for offer in wanted]), wanted, counted)


def price_order(campaign: Campaign, tiers: Mapping[int, Sequence[tuple[int, int]]], wanted: Mapping[Offer, int],
                counted: Mapping[Offer, int]) -> Quote:  # fmt: skip
    """Price `wanted` units when `counted` units of each offer count already; unpaid holds never lower a price.

    The campaign's discount, minimum and delivery fee are judged here, once. Raises `BelowDeliveryMinimum` or `Invalid`.
    """
    prices = {
        offer: tier_price(offer.price_fen, tiers.get(offer.id, []), counted[offer] + units)
        for offer, units in wanted.items()
    }
    gross = [prices[offer] * units for offer, units in wanted.items()]
    goods = sum(gross)
    if goods > MAX_FEN:
        raise Invalid("the order's sum is too large", field="lines")
    if goods < campaign.delivery_minimum_fen:
        raise BelowDeliveryMinimum(minimum_fen=campaign.delivery_minimum_fen, goods_fen=goods)
    discount = campaign.discount_fen if 0 < campaign.discount_over_fen <= goods else 0
    parts = dict(zip(wanted, split(discount, gross), strict=True))
    return Quote(prices, parts, campaign.delivery_fee_fen, goods - discount + campaign.delivery_fee_fen)


def tiers_of(ctx: Ctx, offer_ids: list[int]) -> dict[int, list[tuple[int, int]]]:
    """The price tiers of offers as (from units, price in fen), ascending; offers without any are left out."""
    found: dict[int, list[tuple[int, int]]] = {}
    statement = select(PriceTier).where(PriceTier.offer_id.in_(offer_ids)).order_by(PriceTier.from_units)
    for tier in ctx.session.scalars(statement):
        found.setdefault(tier.offer_id, []).append((tier.from_units, tier.price_fen))
    return found


def price_of(line: OrderLine | Row[Any]) -> LinePrice:
    """How the price of a line falls on its units now."""
    return LinePrice(line.amount_fen, line.ordered_units, line.confirmed_units, line.rebate_unit_fen)


def after_sales_fen(line: OrderLine, units: int) -> int:
    """What `units` more of the units handed over are worth, less what compensation gave back before."""
    price = price_of(line)
    worth = price.of_last(line.refunded_after_units + units) - price.of_last(line.refunded_after_units)
    return min(worth, line.sales_fen - line.aftersales_fen)
