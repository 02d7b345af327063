"""Short keys behind mini-program codes: one per campaign, base62, meaningless to whoever guesses."""

from __future__ import annotations

import secrets
import string

from sqlalchemy import select

from domain.errors import NotFound
from models import Campaign, ShortLink
from services.campaigns import finding
from services.context import Ctx
from services.writing import insert_ignoring

_ALPHABET = string.digits + string.ascii_letters
_LETTERS = frozenset(_ALPHABET)
_LENGTH = 10


def of_campaign(ctx: Ctx, campaign_id: str) -> str:
    """The key of the acting leader's campaign, made at the first asking; raises `NotFound`, also for a draft."""
    campaign = finding.own(ctx, campaign_id)
    if campaign.state == "draft":
        raise NotFound
    return key_of(ctx, campaign)


def key_of(ctx: Ctx, campaign: Campaign) -> str:
    """The key of a campaign that everybody may see, made at the first asking."""
    key = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    insert_ignoring(ctx.session, ShortLink, ["campaign_id"], key=key, campaign_id=campaign.id, created_at=ctx.now)
    return ctx.session.scalars(select(ShortLink.key).where(ShortLink.campaign_id == campaign.id)).one()


def campaign_behind(ctx: Ctx, key: str) -> str:
    """The public id of the campaign behind a key; raises `NotFound`."""
    if len(key) != _LENGTH or not _LETTERS.issuperset(key):
        raise NotFound
    statement = select(Campaign.public_id).join(ShortLink, ShortLink.campaign_id == Campaign.id)
    found = ctx.session.scalars(statement.where(ShortLink.key == key)).one_or_none()
    if found is None:
        raise NotFound
    return found
