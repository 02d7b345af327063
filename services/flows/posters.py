"""The poster of a campaign: what it says from our books, its code from the platform, drawn once and kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from domain.actors import Actor, Role
from domain.clock import local
from domain.money import yuan
from models import Campaign
from services import pictures, short_links
from services.assembly import Lintuan
from services.campaigns import finding
from services.context import Ctx
from services.flows.codes import PAGE
from services.ports import Outside, PosterFacts
from services.queries import campaigns
from services.queries.campaigns import CampaignView, OfferView

HINT = "长按识别小程序码，一起买"
_POINTS_SHOWN = 2


def poster(product: Lintuan, actor: Actor, campaign_id: str) -> bytes:
    """PNG bytes; the leader's own campaign, or for residents one that everybody may see.

    Raises `NotFound` (also for a draft), `NoChineseFont`, or the platform's failure.
    """
    with product.unit(actor) as ctx:
        campaign = _campaign(ctx, campaign_id)
        key = short_links.key_of(ctx, campaign)
        seen = campaigns.view(ctx, campaign)
    facts = facts_of(seen)
    picture_id = next((offer.pictures[0] for offer in seen.offers if offer.pictures), "")
    file_key = f"posters/{campaign_id}-{_digest(facts, picture_id)}"
    kept = product.outside.files.get(file_key)
    if kept is not None:
        return kept[0]
    code = product.outside.mini_program.code_image(key, PAGE)
    drawn = product.outside.paint_poster(facts, code, _picture(product.outside, picture_id))
    product.outside.files.put(file_key, drawn, "image/png")
    return drawn


def facts_of(seen: CampaignView) -> PosterFacts:
    """What the poster says of a campaign, from what everybody sees of it."""
    cheapest = min((offer.price_fen for offer in seen.offers), default=0)
    more = len({offer.price_fen for offer in seen.offers}) > 1
    names = [point.name for point in seen.points]
    said = "、".join(names[:_POINTS_SHOWN]) + (f" 等 {len(names)} 处" if len(names) > _POINTS_SHOWN else "")
    return PosterFacts(
        title=seen.campaign.title,
        price=yuan(cheapest) + (" 起" if more else ""),
        tiers=tuple(line for offer in seen.offers[:_POINTS_SHOWN] for line in _tiers(offer))[:_POINTS_SHOWN],
        closes=f"{local(seen.campaign.closes_at)} 截团",
        points=(f"自提点：{said}",) if said else (),
        leader=f"团长：{seen.leader_name}",
        hint=HINT,
    )


def _tiers(offer: OfferView) -> list[str]:
    """The lowest price that a group can reach."""
    if not offer.pricing.tiers:
        return []
    units, fen = offer.pricing.tiers[-1]
    return [f"{offer.name} 满 {units} {offer.unit}降到 {yuan(fen)}"]


def _campaign(ctx: Ctx, campaign_id: str) -> Campaign:
    if ctx.actor.role is Role.LEADER:
        finding.own(ctx, campaign_id)
    return finding.public(ctx, campaign_id)


def _digest(facts: PosterFacts, picture_id: str) -> str:
    said = json.dumps([asdict(facts), picture_id], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _picture(outside: Outside, picture_id: str) -> bytes | None:
    stored = outside.files.get(pictures.key_of(picture_id)) if picture_id else None
    return stored[0] if stored else None
