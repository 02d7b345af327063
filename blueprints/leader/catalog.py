"""A leader's merchants, products and SKUs."""

from __future__ import annotations

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.schemas import Fen, Flag, Shown, Taken, Text, public_id
from domain.errors import NotFound
from services import catalog
from services.campaigns.terms import MAX_PRICE_FEN
from services.catalog import CreateMerchant, CreateProduct, CreateSku
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import catalog as reads
from services.queries.catalog import MerchantView, ProductView, SkuView


class CreateMerchantSchema(Taken):
    """A supplier by name."""

    makes = CreateMerchant
    name = Text(80, required=True)


class CreateProductSchema(Taken):
    """A thing a merchant supplies; alcohol, medicine, infant formula and tobacco are refused categories."""

    makes = CreateProduct
    merchant_id = public_id(required=True)
    category = Text(32, required=True)
    name = Text(80, required=True)
    description = Text(2000, least=0, lines=True, load_default="")
    fresh = Flag(load_default=False)


class CreateSkuSchema(Taken):
    """One form of a product; the supply price per unit."""

    makes = CreateSku
    spec = Text(80, required=True)
    unit = Text(8, required=True)
    supply_price_fen = Fen(most=MAX_PRICE_FEN, required=True)


class MerchantSchema(Shown):
    """A supplier."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class SkuSchema(Shown):
    """One form of a product."""

    id = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    supply_price_fen = fields.Integer(required=True)


class ProductSchema(Shown):
    """A product with its SKUs and the ids of its pictures."""

    id = fields.String(required=True)
    merchant_id = fields.String(required=True)
    category = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    fresh = fields.Boolean(required=True)
    skus = fields.List(fields.Nested(SkuSchema()), required=True)
    pictures = fields.List(fields.String(), required=True)


@door.post("/merchants", takes=CreateMerchantSchema(), shows=MerchantSchema(), status=201)
def create_merchant(ctx: Ctx, body: CreateMerchant) -> MerchantView:
    """Add a supplier."""
    merchant = catalog.create_merchant(ctx, body)
    return MerchantView(merchant.public_id, merchant.name)


@door.get("/merchants", shows=MerchantSchema(), paged=True)
def merchants(ctx: Ctx, page: Page) -> Slice[MerchantView]:
    """My suppliers, newest first."""
    return reads.merchants(ctx, page)


@door.post("/products", takes=CreateProductSchema(), shows=ProductSchema(), status=201, refuses=[NotFound])
def create_product(ctx: Ctx, body: CreateProduct) -> ProductView:
    """Add a product of a supplier."""
    return reads.product_view(catalog.create_product(ctx, body), body.merchant_id, [], [])


@door.get("/products", shows=ProductSchema(), paged=True)
def products(ctx: Ctx, page: Page) -> Slice[ProductView]:
    """My products with their SKUs and pictures, newest first."""
    return reads.products(ctx, page)


@door.post("/products/<product_id>/skus", takes=CreateSkuSchema(), shows=SkuSchema(), status=201, refuses=[NotFound])
def create_sku(ctx: Ctx, product_id: str, body: CreateSku) -> SkuView:
    """Add a form of a product."""
    return reads.sku_view(catalog.create_sku(ctx, product_id, body))
