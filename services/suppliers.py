"""Whose goods a line holds."""

from __future__ import annotations

from sqlalchemy import select

from models import Merchant, Offer, OrderLine, Product, Sku
from services.context import Ctx


def merchant_of(ctx: Ctx, line: OrderLine) -> str:
    """The public id of the merchant who supplied the line."""
    statement = (
        select(Merchant.public_id)
        .join(Product, Product.merchant_id == Merchant.id)
        .join(Sku, Sku.product_id == Product.id)
        .join(Offer, Offer.sku_id == Sku.id)
        .where(Offer.id == line.offer_id)
    )
    return ctx.session.scalars(statement).one()
