"""Pictures for everybody: a picture never changes under its id, so it may be kept for a year."""

from __future__ import annotations

from flask import Response

from blueprints.resident.door import door
from domain.actors import Actor
from domain.errors import NotFound
from services.assembly import Lintuan
from services.flows import pictures

_KEPT = "public, max-age=31536000, immutable"


@door.get("/pictures/<picture_id>", flow=True, audience="public", status=200, refuses=[NotFound])
def picture(product: Lintuan, actor: Actor, picture_id: str) -> Response:
    """The bytes of a picture."""
    content, content_type = pictures.read(product.unit, product.outside, picture_id)
    headers = {"Cache-Control": _KEPT, "X-Content-Type-Options": "nosniff", "ETag": f'"{picture_id}"'}
    return Response(content, 200, headers, content_type=content_type)
