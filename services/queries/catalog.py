"""A leader's merchants and products as lists."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import Role
from models import Merchant, Product, Sku
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.campaigns import pictures_of
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class MerchantView:
    """A supplier."""

    id: str
    name: str


@dataclass(frozen=True)
class SkuView:
    """One form of a product; the supply price in fen."""

    id: str
    spec: str
    unit: str
    supply_price_fen: int


@dataclass(frozen=True)
class ProductView:
    """A product with its SKUs and the ids of its pictures."""

    id: str
    merchant_id: str
    category: str
    name: str
    description: str
    fresh: bool
    skus: list[SkuView]
    pictures: list[str]


def merchants(ctx: Ctx, page: Page) -> Slice[MerchantView]:
    """The acting leader's merchants, newest first: one statement."""
    ctx.require(Role.LEADER)
    statement = (
        select(Merchant)
        .where(Merchant.leader_id == ctx.actor.id, older(Merchant.id, page))
        .order_by(Merchant.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.scalars(statement).all()
    return sliced(rows, page, lambda row: row.id, lambda row: MerchantView(row.public_id, row.name))


def products(ctx: Ctx, page: Page) -> Slice[ProductView]:
    """The acting leader's products with SKUs and pictures, newest first: three statements."""
    ctx.require(Role.LEADER)
    statement = (
        select(Product, Merchant.public_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .where(Merchant.leader_id == ctx.actor.id, older(Product.id, page))
        .order_by(Product.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    skus = _skus(ctx, [product.id for product, _ in rows])
    pictures = pictures_of(ctx, [product.id for product, _ in rows])
    return sliced(
        rows,
        page,
        lambda row: row[0].id,
        lambda row: product_view(row[0], row[1], skus.get(row[0].id, []), pictures.get(row[0].id, [])),
    )


def product_view(product: Product, merchant_id: str, skus: list[SkuView], pictures: list[str]) -> ProductView:
    """A product with what belongs to it."""
    return ProductView(
        id=product.public_id, merchant_id=merchant_id, category=product.category, name=product.name,
        description=product.description, fresh=product.fresh, skus=skus, pictures=pictures,
    )  # fmt: skip


def sku_view(sku: Sku) -> SkuView:
    """A SKU as its leader sees it."""
    return SkuView(sku.public_id, sku.spec, sku.unit, sku.supply_price_fen)


def _skus(ctx: Ctx, products: list[int]) -> dict[int, list[SkuView]]:
    found: dict[int, list[SkuView]] = {}
    for sku in ctx.session.scalars(select(Sku).where(Sku.product_id.in_(products)).order_by(Sku.id)):
        found.setdefault(sku.product_id, []).append(sku_view(sku))
    return found
