"""One chat's turn to be spoken to: one sender at a time, no faster than its channel allows, and what was told last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from models import Campaign, ChatBinding, ChatCampaign
from services import audit
from services.chat.inbox import key_of
from services.context import Ctx
from services.finding import by_public_id
from services.ports import ChatAddress, Limit
from services.writing import changed

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Chat:
    """A bound group, the campaign to speak of, and what was last shown and told of it there."""

    binding: ChatBinding
    campaign: Campaign
    shown: ChatCampaign


def find(ctx: Ctx, binding_id: int, campaign_id: str) -> Chat | None:
    """The chat and the campaign (public id) as they stand now; None when one is no longer shown in the other."""
    campaign = by_public_id(ctx, Campaign, campaign_id)
    key = (binding_id, campaign.id)
    shown = ctx.session.get(ChatCampaign, key, populate_existing=True)
    binding = ctx.session.get(ChatBinding, binding_id, populate_existing=True)
    return Chat(binding, campaign, shown) if shown is not None and binding is not None else None


def address(ctx: Ctx, binding: ChatBinding) -> ChatAddress:
    """Where a push goes; the secret is opened here and kept nowhere else."""
    secret = ctx.vault.decrypt(binding.push_secret_enc) if binding.push_secret_enc else ""
    return ChatAddress(binding.remote_chat_id, secret)


def occupy(ctx: Ctx, binding: ChatBinding) -> bool:
    """Claim the chat for one message; False while another sender speaks there."""
    until = ctx.now + timedelta(seconds=ctx.policy.outbox_lease_seconds)
    free = update(ChatBinding).where(
        ChatBinding.id == binding.id, or_(ChatBinding.busy_until.is_(None), ChatBinding.busy_until <= ctx.now)
    )
    return changed(ctx.session, free.values(busy_until=until)) == 1


def leave(ctx: Ctx, binding_id: int) -> None:
    """Let the next sender in."""
    changed(ctx.session, update(ChatBinding).where(ChatBinding.id == binding_id).values(busy_until=None))


def next_push(ctx: Ctx, binding: ChatBinding, limits: Sequence[Limit]) -> datetime | None:
    """When the chat may be pushed to again by its limits (of a minute at most); None for now.

    Only the occupant asks.
    """
    recent, now = _recent(ctx, binding), _ms(ctx.now)
    mine = [limit for limit in limits if limit.scope == "chat" and len(recent) >= limit.count]
    free_at = max((recent[-limit.count] + limit.seconds * 1000 + 1 for limit in mine), default=now)
    return ctx.now + timedelta(milliseconds=free_at - now) if free_at > now else None


def note_push(ctx: Ctx, binding: ChatBinding) -> None:
    """Count a push that is about to leave."""
    kept = [*_recent(ctx, binding), _ms(ctx.now)]
    changed(ctx.session, update(ChatBinding).where(ChatBinding.id == binding.id).values(recent_pushes=kept))


def card_shown(ctx: Ctx, chat: Chat, revision: int, remote_id: str = "") -> None:
    """The card there now shows `revision`; an older one never takes its place."""
    values = {"card_revision": revision, **({"card_ref": remote_id} if remote_id else {})}
    row = update(ChatCampaign).where(
        ChatCampaign.binding_id == chat.binding.id, ChatCampaign.campaign_id == chat.campaign.id,
    )  # fmt: skip
    if not remote_id:
        row = row.where(ChatCampaign.card_revision < revision)
    changed(ctx.session, row.values(**values))


def told(ctx: Ctx, chat: Chat, *, orders: int, reached: bool, missing: bool) -> None:
    """A line went out: how many orders it covered, whether it said 已达, whether it said 还差."""
    row = update(ChatCampaign).where(
        ChatCampaign.binding_id == chat.binding.id, ChatCampaign.campaign_id == chat.campaign.id
    )
    values = {"told_count": orders, "told_at": ctx.now, "told_reached": reached}
    changed(ctx.session, row.values(**values, **({"missing_told_at": ctx.now} if missing else {})))


def gone(ctx: Ctx, binding_id: int, reason: str) -> None:
    """The platform says that this chat or its robot is no more: nothing is sent there again, the leader is alerted."""
    alive = update(ChatBinding).where(ChatBinding.id == binding_id, ChatBinding.dead_reason == "")
    if changed(ctx.session, alive.values(dead_reason=reason[:255] or "gone", busy_until=None)):
        audit.alert(ctx, "chat_gone", key_of("chat_gone", binding_id, ctx.now)[:60], f"chat {binding_id}: {reason}")


def closing_soon(ctx: Ctx, within: timedelta) -> list[tuple[str, int, int]]:
    """(campaign, its epoch, binding) of running campaigns whose deadline is near, for the last 还差."""
    statement = (
        select(Campaign.public_id, Campaign.epoch, ChatCampaign.binding_id)
        .join(ChatCampaign, ChatCampaign.campaign_id == Campaign.id)
        .join(ChatBinding, ChatBinding.id == ChatCampaign.binding_id)
        .where(
            Campaign.state == "open", Campaign.closes_at > ctx.now, Campaign.closes_at <= ctx.now + within,
            Campaign.minimum > 0, ChatBinding.dead_reason == "",
        )
        .order_by(Campaign.id, ChatCampaign.binding_id)
    )  # fmt: skip
    return [(row.public_id, row.epoch, row.binding_id) for row in ctx.session.execute(statement)]


def _recent(ctx: Ctx, binding: ChatBinding) -> list[int]:
    since = _ms(ctx.now) - MINUTE_MS
    return [at for at in binding.recent_pushes or [] if at > since]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
