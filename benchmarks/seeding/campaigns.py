"""Open campaigns: one with everything underneath it, or a thousand beside it at the same point."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.actors import SYSTEM
from domain.ids import new_id
from models import Campaign, CampaignPoint, ChatBinding, ChatCampaign, Offer
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.campaigns import Scene, Terms

PRICE_FEN = 2990
_OWN = {
    "id", "public_id", "campaign_id", "name", "held_units", "sold_units", "takings", "roster_count",
    "participant_count", "counted_units", "counted_fen",
}  # fmt: skip


def one(unit: Transactions, quota: int | None = None, **values: Any) -> Scene:
    """An open campaign with one offer, shown in a chat; `values` are columns of the campaign."""
    with unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, Terms(price_fen=PRICE_FEN, quota=quota), buyers=0, **values)
        _show_in_chat(ctx, scene)
        return scene


def _show_in_chat(ctx: Ctx, scene: Scene) -> None:
    """The bot posts the campaign in a group, so that each change of its count leaves through the outbox."""
    chat = ChatBinding(
        public_id=new_id("ChatBinding", ctx.now), channel="sandbox", remote_chat_id=f"group-{scene.campaign_id}",
        purpose="group", leader_id=scene.leader_id, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(chat)
    ctx.session.flush()
    ctx.session.add(ChatCampaign(binding_id=chat.id, campaign_id=scene.campaign_id, created_at=ctx.now))


def beside(unit: Transactions, scene: Scene, count: int) -> list[tuple[str, str]]:
    """So many further campaigns like the scene's; (campaign, offer) as public ids."""
    with unit(SYSTEM) as ctx:
        like = ctx.session.get_one(Campaign, scene.campaign_id)
        offer = ctx.session.scalars(select(Offer).where(Offer.campaign_id == like.id)).one()
        made = [Campaign(**_columns(like), public_id=new_id("Campaign", ctx.now)) for _ in range(count)]
        ctx.session.add_all(made)
        ctx.session.flush()
        offers = [
            Offer(**_columns(offer), public_id=new_id("Offer", ctx.now), campaign_id=row.id, name=offer.name)
            for row in made
        ]
        ctx.session.add_all(offers)
        ctx.session.add_all(CampaignPoint(campaign_id=row.id, point_id=scene.point_id) for row in made)
        return [(row.public_id, offer.public_id) for row, offer in zip(made, offers, strict=True)]


def _columns(row: Campaign | Offer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__table__.columns.keys() if name not in _OWN}  # noqa: SIM118 - no dict
