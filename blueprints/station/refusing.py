"""Broken units refused at the desk of a point, with a picture, within the day's limit."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.shared.broken_shapes import AfterRefusalSchema, RefuseBrokenSchema, refuse_command
from blueprints.shared.evidence import UPLOAD_BYTES, EvidenceSchema, show, take
from blueprints.station.door import door
from domain.actors import Actor
from domain.errors import BrokenLimitReached, Invalid, NotFound, TooMany, WrongState
from models import Order
from services.assembly import Lintuan
from services.context import Ctx
from services.pickup import refusing


@door.post("/evidence", shows=EvidenceSchema(), status=201, flow=True, upload_bytes=UPLOAD_BYTES,
           refuses=[Invalid, TooMany])  # fmt: skip
def upload_evidence(product: Lintuan, actor: Actor) -> dict[str, str]:
    """Upload a picture of a broken unit: multipart/form-data with the file `picture` (JPEG, PNG, WebP; 5 MB)."""
    return take(product, actor, "broken")


@door.get("/evidence/<evidence_id>", flow=True, status=200, refuses=[NotFound])
def show_evidence(product: Lintuan, actor: Actor, evidence_id: str) -> Response:
    """A picture about an order at this point."""
    return show(product, actor, evidence_id)


@door.post(
    "/orders/<string:order_id>/broken",
    takes=RefuseBrokenSchema(),
    shows=AfterRefusalSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState, BrokenLimitReached],
)
def refuse_broken(ctx: Ctx, order_id: str, body: dict[str, Any]) -> Order:
    """Refuse broken units that wait here: refunded at once, without after-sales."""
    return refusing.refuse(ctx, refuse_command(order_id, body))
