"""Evidence comes in through the same gate as every picture, and goes out to its parties only."""

from __future__ import annotations

from domain.actors import Actor
from domain.errors import Forbidden, NotFound, TooMany
from domain.ids import new_id
from services import evidence_pictures
from services.assembly import Lintuan
from services.flows import pictures

HOUR = 3600


def upload(product: Lintuan, actor: Actor, purpose: str, content: bytes) -> str:
    """Keep a picture for `purpose` (claim, broken, door) and return its public id, to be attached later.

    Raises `Forbidden` for a purpose that is not the actor's, `Invalid` for no acceptable picture, and `TooMany`.
    """
    if purpose not in evidence_pictures.TAKEN_BY.get(actor.role, ()):
        raise Forbidden
    if product.outside.counters.hit(f"evidence:{actor.label}", HOUR) > product.policy.evidence_per_hour:
        raise TooMany(retry_after=HOUR)
    cleaned, content_type = pictures.clean(product.outside, content)
    with product.unit(actor) as ctx:
        public_id = new_id("Evidence", ctx.now)
    product.outside.files.put(evidence_pictures.key_of(public_id), cleaned, content_type)
    with product.unit(actor) as ctx:
        evidence_pictures.record(ctx, public_id, purpose, content_type)
    return public_id


def read(product: Lintuan, actor: Actor, evidence_id: str) -> tuple[bytes, str]:
    """The bytes and content type of a picture that the actor may see; raises `NotFound`."""
    with product.unit.reading(actor) as ctx:
        evidence_pictures.seen(ctx, evidence_id)
    stored = product.outside.files.get(evidence_pictures.key_of(evidence_id))
    if stored is None:
        raise NotFound
    return stored
