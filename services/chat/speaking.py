"""One chat's turn to be spoken to: one sender at a time, no faster than its channel allows, and what was told last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from models import Campaign, ChatBinding, ChatCampaign
from services import audit, notices, outbox
from services.chat import rooms, windows
from services.chat.inbox import key_of
from services.chat.words import in_words
from services.context import Ctx
from services.finding import by_public_id
from services.ports import ChatAddress, Limit
from services.writing import changed

MINUTE = (Limit("chat", 0, 60),)
"""What is kept of a chat's calls."""


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


def leave(ctx: Ctx, binding_id: int, *, spoke: bool = False) -> None:
    """Let the next sender in. Who `spoke` had been heard by now: the call counts from now."""
    mine = update(ChatBinding).where(ChatBinding.id == binding_id)
    changed(ctx.session, mine.values(busy_until=None))
    if spoke:
        binding = ctx.session.get_one(ChatBinding, binding_id, populate_existing=True)
        changed(ctx.session, mine.values(recent_pushes=windows.past(binding.recent_pushes, ctx.now)))


def next_push(ctx: Ctx, binding: ChatBinding, limits: Sequence[Limit]) -> datetime | None:
    """When the chat may be pushed to again by its limits (of a minute at most) and the platform; None for now.

    Only the occupant asks.
    """
    mine = [limit for limit in limits if limit.scope == "chat"]
    at = windows.free_at(windows.kept(binding.recent_pushes, MINUTE, ctx), binding.closed_until, mine, ctx.now)
    return at if at > ctx.now else None


def note_push(ctx: Ctx, binding: ChatBinding) -> None:
    """Count a call that is about to leave: as made when its lease ends, until it is known to be over."""
    over = windows.ms(ctx.now) + ctx.policy.outbox_lease_seconds * 1000
    recent = [*windows.kept(binding.recent_pushes, MINUTE, ctx), over]
    changed(ctx.session, update(ChatBinding).where(ChatBinding.id == binding.id).values(recent_pushes=recent))


def shut_out(ctx: Ctx, binding_id: int, seconds: int) -> None:
    """The platform takes nothing for this chat for so long."""
    until = ctx.now + timedelta(seconds=seconds)
    sooner = or_(ChatBinding.closed_until.is_(None), ChatBinding.closed_until < until)
    mine = update(ChatBinding).where(ChatBinding.id == binding_id, sooner)
    changed(ctx.session, mine.values(closed_until=until))


def spoken_of(ctx: Ctx, binding: ChatBinding) -> list[Chat]:
    """Every open campaign shown in a chat, with what was told of it there."""
    statement = (
        select(ChatCampaign, Campaign)
        .join(Campaign, Campaign.id == ChatCampaign.campaign_id)
        .where(ChatCampaign.binding_id == binding.id, Campaign.state == "open")
        .order_by(Campaign.id)
    )
    rows = ctx.session.execute(statement, execution_options={"populate_existing": True})
    return [Chat(binding, campaign, shown) for shown, campaign in rows]


def card_shown(ctx: Ctx, chat: Chat, revision: int, remote_id: str = "") -> None:
    """The card there now shows `revision`; an older one never takes its place."""
    values = {"card_revision": revision, **({"card_ref": remote_id} if remote_id else {})}
    row = update(ChatCampaign).where(
        ChatCampaign.binding_id == chat.binding.id, ChatCampaign.campaign_id == chat.campaign.id,
    )  # fmt: skip
    if not remote_id:
        row = row.where(ChatCampaign.card_revision < revision)
    changed(ctx.session, row.values(**values))


def refresh(ctx: Ctx, chat: Chat) -> None:
    """Have the card looked at again."""
    outbox.enqueue(
        ctx, "chat_progress", f"again:{chat.campaign.id}:{chat.campaign.revision}:{chat.binding.id}",
        {"campaign": chat.campaign.public_id, "binding": chat.binding.id},
    )  # fmt: skip


def card_lost(ctx: Ctx, chat: Chat) -> None:
    """The card that was kept current can be changed no more."""
    mine = update(ChatCampaign).where(
        ChatCampaign.binding_id == chat.binding.id, ChatCampaign.campaign_id == chat.campaign.id,
        ChatCampaign.card_ref == chat.shown.card_ref,
    )  # fmt: skip
    changed(ctx.session, mine.values(card_ref="", card_revision=-1))


def told(ctx: Ctx, chat: Chat, *, orders: int, milestone: int, missing: bool) -> None:
    """A line went out: how many orders had come by then, the milestone it told, whether it said 还差."""
    row = update(ChatCampaign).where(
        ChatCampaign.binding_id == chat.binding.id, ChatCampaign.campaign_id == chat.campaign.id
    )
    values = {"told_count": orders, "told_at": ctx.now, **({"missing_told_at": ctx.now} if missing else {})}
    changed(ctx.session, row.values(**values))
    if milestone:
        changed(ctx.session, row.where(ChatCampaign.told_milestone < milestone).values(told_milestone=milestone))


def gone(ctx: Ctx, binding_id: int, reason: str) -> None:
    """The platform says that this chat or its robot is no more: nothing is sent there again, its leader is told."""
    alive = update(ChatBinding).where(ChatBinding.id == binding_id, ChatBinding.dead_reason == "")
    if not changed(ctx.session, alive.values(dead_reason=reason[:255] or "gone", busy_until=None)):
        return
    cause = key_of("chat_gone", binding_id, ctx.now)[:60]
    audit.alert(ctx, "chat_gone", cause, f"第 {binding_id} 号群：{in_words(reason)}")
    newest = (
        select(Campaign)
        .join(ChatCampaign, ChatCampaign.campaign_id == Campaign.id)
        .where(ChatCampaign.binding_id == binding_id)
        .order_by(Campaign.id.desc())
        .limit(1)
    )
    campaign = ctx.session.scalars(newest).one_or_none()
    if campaign is not None:
        body = f"小助手进不了「{campaign.title}」所在的群，已停止发送。请重新添加，再绑定本群。"
        notices.tell_leader(ctx, campaign, cause, "群聊已断开", body)


def moved(ctx: Ctx, binding_id: int, new_chat_id: str) -> bool:
    """The platform gave the chat another id, and it is followed; False when another binding stands there already."""
    binding = ctx.session.get_one(ChatBinding, binding_id, populate_existing=True)
    return rooms.move(ctx, binding.channel, binding.remote_chat_id, new_chat_id) > 0


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
