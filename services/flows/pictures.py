"""Pictures of products: cleaned and stored first, then written down, so that a row always has its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import Actor
from domain.content import Subject
from domain.errors import Invalid, NotFound
from domain.ids import new_id
from services import pictures
from services.content_safety import holding
from services.context import Unit
from services.ports import Outside
from services.transactions import Transactions

_REFUSALS = {
    "too_large": "A picture has at most 5 MB.",
    "too_many_pixels": "A picture has at most 24 million pixels.",
    "not_a_picture": "Send a JPEG, PNG or WebP picture.",
}


@dataclass(frozen=True)
class UploadPicture:
    """The bytes of a picture of an own product, and what it shows in words."""

    product_id: str
    content: bytes
    alt: str = ""


def upload(unit: Unit, outside: Outside, actor: Actor, command: UploadPicture) -> str:
    """Keep a picture and return its public id; raises `NotFound`, and `Invalid` for what is no acceptable picture."""
    with unit(actor) as ctx:
        pictures.ready_for_one_more(ctx, command.product_id)
        public_id = new_id("Picture", ctx.now)
    content, content_type = clean(outside, command.content)
    outside.files.put(pictures.key_of(public_id), content, content_type)
    with unit(actor) as ctx:
        pictures.record(ctx, public_id, command.product_id, content_type, command.alt)
    return public_id


def clean(outside: Outside, content: bytes) -> tuple[bytes, str]:
    """A picture drawn anew, and its content type; raises `Invalid` for what is no acceptable picture."""
    try:
        return outside.accept_picture(content)
    except ValueError as refusal:
        raise Invalid(_REFUSALS.get(str(refusal), _REFUSALS["not_a_picture"]), field="picture") from None


def read(unit: Transactions, outside: Outside, picture_id: str) -> tuple[bytes, str]:
    """The bytes and content type of a picture, for everybody; raises `NotFound`, also before it has passed."""
    with unit.reading() as ctx:
        pictures.public(ctx, picture_id)
    stored = outside.files.get(pictures.key_of(picture_id))
    if stored is None:
        raise NotFound
    return stored


def read_own(unit: Transactions, outside: Outside, actor: Actor, picture_id: str) -> tuple[bytes, str, str]:
    """The bytes and content type of an own picture, and where its check stands ("" for none); raises `NotFound`."""
    with unit.reading(actor) as ctx:
        check = holding.newest(ctx, Subject.PICTURE, pictures.own(ctx, picture_id).id)
        state = check.state if check else ""
    stored = outside.files.get(pictures.key_of(picture_id))
    if stored is None:
        raise NotFound
    return *stored, state
