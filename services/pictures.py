"""The rows of uploaded pictures; their bytes live behind the file port under `key_of`."""

from __future__ import annotations

from sqlalchemy import func, not_, select

from domain.content import Subject
from domain.errors import Invalid, NotFound
from domain.ids import is_id
from models import Picture, Product
from services import audit
from services.catalog import own_product
from services.content_safety import holding, rows
from services.context import Ctx
from services.finding import by_public_id

MAX_PER_PRODUCT = 9


def key_of(picture_id: str) -> str:
    """The file key of a picture; raises `NotFound` for what is no picture's id."""
    if not is_id("Picture", picture_id):
        raise NotFound
    return f"pictures/{picture_id}"


def ready_for_one_more(ctx: Ctx, product_id: str) -> Product:
    """The acting leader's product, if it may have another picture; raises `NotFound`, `Invalid`."""
    product = own_product(ctx, product_id)
    ctx.session.execute(select(Product.id).where(Product.id == product.id).with_for_update())
    have = ctx.session.scalar(select(func.count()).where(Picture.product_id == product.id)) or 0
    if have >= MAX_PER_PRODUCT:
        raise Invalid(f"A product has at most {MAX_PER_PRODUCT} pictures.", field="picture")
    return product


def public(ctx: Ctx, picture_id: str) -> Picture:
    """A picture that everybody may see; raises `NotFound`, also before it has passed."""
    return by_public_id(ctx, Picture, picture_id, not_(holding.unseen(Subject.PICTURE, Picture.id)))


def own(ctx: Ctx, picture_id: str) -> Picture:
    """The acting leader's picture, whether or not others may see it; raises `NotFound`."""
    return by_public_id(ctx, Picture, picture_id, Picture.leader_id == ctx.actor.id)


def record(ctx: Ctx, picture_id: str, product_id: str, content_type: str, alt: str) -> Picture:
    """Write down a picture whose bytes are stored, for others once it has passed; raises as `ready_for_one_more`."""
    product = ready_for_one_more(ctx, product_id)
    picture = Picture(
        public_id=picture_id, leader_id=ctx.actor.id, product_id=product.id, content_type=content_type, alt=alt,
        created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(picture)
    ctx.session.flush()
    holding.hold(ctx, Subject.PICTURE, picture.id, ctx.resident_id, {})
    rows.keep_back(ctx, Subject.ALT, picture)
    audit.record(ctx, "picture", picture.id, "upload")
    return picture
