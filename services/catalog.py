"""What a leader can sell: merchants, products and their SKUs; until merchants have a door the leader keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import Role
from domain.catalog import admitted_category
from domain.errors import Invalid
from domain.ids import new_id
from models import Merchant, Product, Sku
from services import audit
from services.context import Ctx
from services.finding import by_public_id
from services.writing import insert_ignoring


@dataclass(frozen=True)
class CreateMerchant:
    """A supplier by name."""

    name: str


@dataclass(frozen=True)
class CreateProduct:
    """A thing that a merchant supplies; `fresh` decides pickup and after-sales times."""

    merchant_id: str
    category: str
    name: str
    description: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class CreateSku:
    """One form of a product; the supply price in fen is what the merchant is owed per unit."""

    spec: str
    unit: str
    supply_price_fen: int


def create_merchant(ctx: Ctx, command: CreateMerchant) -> Merchant:
    """Add a supplier of the acting leader; raises `Invalid` when the leader has one of this name."""
    ctx.require(Role.LEADER)
    public_id = new_id("Merchant", ctx.now)
    if not insert_ignoring(
        ctx.session, Merchant, ["leader_id", "name"], public_id=public_id, leader_id=ctx.actor.id,
        name=command.name, created_at=ctx.now,
    ):  # fmt: skip
        raise Invalid("You have a merchant of this name already.", field="name")
    merchant = by_public_id(ctx, Merchant, public_id)
    audit.record(ctx, "merchant", merchant.id, "create")
    return merchant


def create_product(ctx: Ctx, command: CreateProduct) -> Product:
    """Add a product of an own merchant; raises `NotFound`, and `Invalid` for a refused or unknown category."""
    ctx.require(Role.LEADER)
    category = admitted_category(command.category)
    merchant = by_public_id(ctx, Merchant, command.merchant_id, Merchant.leader_id == ctx.actor.id)
    product = Product(
        public_id=new_id("Product", ctx.now), merchant_id=merchant.id, category=category, name=command.name,
        description=command.description, fresh=command.fresh, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(product)
    ctx.session.flush()
    audit.record(ctx, "product", product.id, "create")
    return product


def create_sku(ctx: Ctx, product_id: str, command: CreateSku) -> Sku:
    """Add a form of an own product; raises `NotFound`, and `Invalid` when the product has this spec already."""
    product = own_product(ctx, product_id)
    public_id = new_id("Sku", ctx.now)
    if not insert_ignoring(
        ctx.session, Sku, ["product_id", "spec"], public_id=public_id, product_id=product.id, spec=command.spec,
        unit=command.unit, supply_price_fen=command.supply_price_fen, created_at=ctx.now,
    ):  # fmt: skip
        raise Invalid("The product has this spec already.", field="spec")
    sku = by_public_id(ctx, Sku, public_id)
    audit.record(ctx, "sku", sku.id, "create")
    return sku


def own_product(ctx: Ctx, product_id: str) -> Product:
    """The acting leader's product; raises `NotFound`."""
    ctx.require(Role.LEADER)
    own_merchants = select(Merchant.id).where(Merchant.leader_id == ctx.actor.id)
    return by_public_id(ctx, Product, product_id, Product.merchant_id.in_(own_merchants))
