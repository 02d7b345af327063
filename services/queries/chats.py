"""A leader's bound chats: what is shown there, and why one no longer works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from models import Campaign, ChatBinding, ChatCampaign, PickupPoint
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class ChatView:
    """A bound chat; `can_push` says that a key is kept, which is never shown; `dead_reason` "" means alive."""

    id: str
    channel: str
    purpose: str
    point_id: str | None
    can_push: bool
    dead_reason: str
    created_at: datetime
    campaigns: list[str]


def chats(ctx: Ctx, page: Page) -> Slice[ChatView]:
    """The acting leader's bound chats, newest first, with the campaigns shown there: two statements."""
    ctx.require(Role.LEADER)
    statement = (
        select(ChatBinding, PickupPoint.public_id)
        .outerjoin(PickupPoint, PickupPoint.id == ChatBinding.point_id)
        .where(ChatBinding.leader_id == ctx.actor.id, older(ChatBinding.id, page))
        .order_by(ChatBinding.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    campaigns = _campaigns(ctx, [binding.id for binding, _ in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _view(row[0], row[1], campaigns.get(row[0].id, [])))


def chat_view(ctx: Ctx, binding: ChatBinding) -> ChatView:
    """One bound chat of the acting leader."""
    point = ctx.session.get_one(PickupPoint, binding.point_id).public_id if binding.point_id else None
    return _view(binding, point, _campaigns(ctx, [binding.id]).get(binding.id, []))


def _view(binding: ChatBinding, point_id: str | None, campaigns: list[str]) -> ChatView:
    return ChatView(
        id=binding.public_id, channel=binding.channel, purpose=binding.purpose, point_id=point_id,
        can_push=binding.push_secret_enc is not None, dead_reason=binding.dead_reason,
        created_at=binding.created_at, campaigns=campaigns,
    )  # fmt: skip


def _campaigns(ctx: Ctx, bindings: list[int]) -> dict[int, list[str]]:
    statement = (
        select(ChatCampaign.binding_id, Campaign.public_id)
        .join(Campaign, Campaign.id == ChatCampaign.campaign_id)
        .where(ChatCampaign.binding_id.in_(bindings))
        .order_by(ChatCampaign.campaign_id)
    )
    found: dict[int, list[str]] = {}
    for binding_id, campaign_id in ctx.session.execute(statement):
        found.setdefault(binding_id, []).append(campaign_id)
    return found
