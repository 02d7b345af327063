"""The mini-program code of a campaign: a key from our books, a picture from the platform."""

from __future__ import annotations

from domain.actors import Actor
from services import short_links
from services.context import Unit
from services.ports import Outside

PAGE = "pages/campaign/campaign"


def campaign_code(unit: Unit, outside: Outside, actor: Actor, campaign_id: str) -> bytes:
    """PNG or JPEG bytes of the code that opens the leader's campaign; raises `NotFound`, or the platform's failure."""
    with unit(actor) as ctx:
        key = short_links.of_campaign(ctx, campaign_id)
    return outside.mini_program.code_image(key, PAGE)
