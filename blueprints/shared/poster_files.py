"""Posters over HTTP, for leaders and residents alike."""

from __future__ import annotations

from flask import Response

from domain.actors import Actor
from services.assembly import Lintuan
from services.flows import posters


def png(product: Lintuan, actor: Actor, campaign_id: str) -> Response:
    """The poster's bytes; asked for again each time, because prices and times on it may change."""
    drawn = posters.poster(product, actor, campaign_id)
    return Response(drawn, 200, {"Cache-Control": "no-store"}, content_type="image/png")
