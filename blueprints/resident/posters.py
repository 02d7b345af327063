"""The poster that anybody may save and share."""

from __future__ import annotations

from flask import Response

from blueprints.resident.door import door
from blueprints.shared.poster_files import png
from domain.actors import Actor
from domain.errors import NoChineseFont, NotFound
from services.assembly import Lintuan


@door.get("/campaigns/<campaign_id>/poster.png", flow=True, status=200, refuses=[NotFound, NoChineseFont])
def campaign_poster(product: Lintuan, actor: Actor, campaign_id: str) -> Response:
    """The poster of a campaign that left its draft, with a code to scan."""
    return png(product, actor, campaign_id)
