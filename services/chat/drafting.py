"""What a leader has to sell with already: goods, points and habits; and new goods made from a few words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, not_, select

from domain.catalog import Category
from domain.content import Subject
from models import Campaign, CampaignPoint, ChatBinding, Leader, Merchant, Offer, PickupPoint, Product, Sku
from services import catalog, chat_bindings
from services.campaigns import opening
from services.catalog import CreateMerchant, CreateProduct, CreateSku
from services.content_safety import holding
from services.context import Ctx


@dataclass(frozen=True)
class Goods:
    """A product of the leader's own by name; `sku` is "" while none of its forms is sold by the unit asked for."""

    product: str
    sku: str
    unit: str


@dataclass(frozen=True)
class Habits:
    """How the leader sold last: the seller named, the points (public ids), the commission in basis points."""

    seller: str
    points: tuple[str, ...]
    commission_bps: int


def goods(ctx: Ctx, name: str, unit: str) -> Goods | None:
    """The acting leader's newest product of this name, in the form sold by `unit` ("" takes the newest form)."""
    statement = (
        select(Product.public_id, Sku.public_id.label("sku"), Sku.unit)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .outerjoin(Sku, Sku.product_id == Product.id)
        .where(Merchant.leader_id == ctx.actor.id, Product.name == name)
        .order_by(Product.id.desc(), Sku.id.desc())
    )
    rows = ctx.session.execute(statement).all()
    if not rows:
        return None
    meant = next((row for row in rows if row.sku and unit in ("", row.unit)), None)
    return Goods(meant.public_id, meant.sku, meant.unit) if meant else Goods(rows[0].public_id, "", unit)


def make_goods(ctx: Ctx, name: str, unit: str, supply_price_fen: int, *, fresh: bool, product: str = "") -> str:
    """A new SKU of the acting leader, of an own `product` or of a new one under the newest merchant; its public id.

    A leader without a merchant supplies the goods. What a category would say is unknown here, so it is "other".
    """
    product = product or catalog.create_product(
        ctx, CreateProduct(_merchant(ctx), Category.OTHER.value, name, fresh=fresh)
    ).public_id  # fmt: skip
    return catalog.create_sku(ctx, product, CreateSku(f"一{unit}", unit, supply_price_fen)).public_id


def points(ctx: Ctx) -> list[tuple[str, str]]:
    """(public id, name) of the acting leader's active points of which everybody may read."""
    seen = not_(holding.unseen(Subject.POINT, PickupPoint.id))
    mine = (PickupPoint.leader_id == ctx.actor.id, PickupPoint.active, seen)
    statement = select(PickupPoint.public_id, PickupPoint.name).where(*mine).order_by(PickupPoint.id)
    return [(public_id, name) for public_id, name in ctx.session.execute(statement)]


def habits(ctx: Ctx) -> Habits:
    """As in the acting leader's newest campaign; before the first one: own name, all points, no commission."""
    newest = select(Campaign).where(Campaign.leader_id == ctx.actor.id).order_by(Campaign.id.desc()).limit(1)
    last = ctx.session.scalars(newest).one_or_none()
    active = [point for point, _ in points(ctx)]
    if last is None:
        return Habits(ctx.session.get_one(Leader, ctx.actor.id).display_name, tuple(active), 0)
    statement = select(PickupPoint.public_id).join(CampaignPoint, CampaignPoint.point_id == PickupPoint.id)
    used = ctx.session.scalars(statement.where(CampaignPoint.campaign_id == last.id)).all()
    rate = select(Offer.commission_bps).where(Offer.campaign_id == last.id).order_by(Offer.position).limit(1)
    chosen = tuple(point for point in active if point in used) or tuple(active)
    return Habits(last.seller, chosen, ctx.session.scalars(rate).one_or_none() or 0)


def open_here(ctx: Ctx, campaign_id: str, channel: str, chat_id: str) -> tuple[Campaign, bool]:
    """Open the acting leader's draft, shown in this chat if it is a group of theirs; whether it is.

    Raises `NotFound`, `Invalid` once its deadline is past, `WrongState`.
    """
    binding = ctx.session.scalars(_own_group(ctx, channel, chat_id)).one_or_none() if chat_id else None
    if binding is not None:
        chat_bindings.show_campaign(ctx, binding.public_id, campaign_id)
    return opening.open_now(ctx, campaign_id), binding is not None


def show_newest(ctx: Ctx, channel: str, chat_id: str) -> Campaign | None:
    """Show the acting leader's newest open campaign in this group of theirs; None when there is neither."""
    binding = ctx.session.scalars(_own_group(ctx, channel, chat_id)).one_or_none()
    mine = select(Campaign).where(Campaign.leader_id == ctx.actor.id, Campaign.state == "open")
    campaign = ctx.session.scalars(mine.order_by(Campaign.id.desc()).limit(1)).one_or_none()
    if binding is None or campaign is None:
        return None
    chat_bindings.show_campaign(ctx, binding.public_id, campaign.public_id)
    return campaign


def _own_group(ctx: Ctx, channel: str, chat_id: str) -> Select[ChatBinding]:
    return select(ChatBinding).where(
        ChatBinding.channel == channel, ChatBinding.remote_chat_id == chat_id, ChatBinding.purpose == "group",
        ChatBinding.leader_id == ctx.actor.id,
    )  # fmt: skip


def _merchant(ctx: Ctx) -> str:
    newest = select(Merchant.public_id).where(Merchant.leader_id == ctx.actor.id).order_by(Merchant.id.desc()).limit(1)
    found = ctx.session.scalars(newest).one_or_none()
    if found:
        return found
    name = ctx.session.get_one(Leader, ctx.actor.id).display_name
    return catalog.create_merchant(ctx, CreateMerchant(name)).public_id
