"""What a scanned mini-program code opens."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown
from domain.errors import NotFound
from services import short_links
from services.context import Ctx


class LinkSchema(Shown):
    """The campaign behind a code."""

    campaign = fields.String(required=True)


@dataclass(frozen=True)
class _Link:
    campaign: str


@door.get("/links/<string:key>", shows=LinkSchema(), audience="public", refuses=(NotFound,))
def follow_link(ctx: Ctx, key: str) -> _Link:
    """The campaign whose code carried this scene."""
    return _Link(short_links.campaign_behind(ctx, key))
