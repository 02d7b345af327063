"""The mini-program code a leader prints or shares."""

from __future__ import annotations

from flask import Response

from blueprints.leader.door import door
from domain.actors import Actor
from domain.errors import NotFound
from services.assembly import Lintuan
from services.flows import codes

_PNG = b"\x89PNG"


@door.post("/campaigns/<campaign_id>/code", flow=True, status=200, refuses=[NotFound])
def make_campaign_code(product: Lintuan, actor: Actor, campaign_id: str) -> Response:
    """A picture (PNG or JPEG) that opens the campaign when it is scanned."""
    image = codes.campaign_code(product.unit, product.outside, actor, campaign_id)
    return Response(image, content_type="image/png" if image.startswith(_PNG) else "image/jpeg")
