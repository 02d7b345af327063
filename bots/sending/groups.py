"""Speaking into bound groups: cards kept current where that is possible, lines in between where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bots.cards import card_of
from bots.channels.adapter import Adapter
from bots.channels.registry import CHANNELS
from bots.sending import lines, pace
from bots.sending.plans import Decision, Later, Nothing, Send, Sending
from domain.clock import is_quiet
from services.chat import notifying, speaking
from services.chat.speaking import Chat
from services.context import Ctx
from services.ports import ChatAddress, ChatChannel

NEEDS_KEY = ("wecom",)
TURN = timedelta(seconds=2)


@dataclass
class Group:
    """A chat that can be spoken to now: what will be done there, card first."""

    sending: Sending
    chat: Chat
    channel: ChatChannel
    edits: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    posts_card: bool = False
    notes: list[Callable[[Ctx], None]] = field(default_factory=list)
    unsent: Callable[[Ctx], None] | None = None

    @property
    def adapter(self) -> Adapter:
        """How the platform puts things."""
        return CHANNELS[self.channel.kind]

    @property
    def edits_any(self) -> bool:
        """Whether messages there can be changed at any time."""
        return self.adapter.CAPABILITIES.edits == "any"

    def refresh_card(self) -> None:
        """Bring the posted card up to now, if it shows something older."""
        shown, revision = self.chat.shown, self.chat.campaign.revision
        if not self.edits_any or not shown.card_ref or revision <= shown.card_revision:
            return
        self.edits.append((shown.card_ref, self._card(shown.card_ref)))
        self.notes.append(lambda ctx: speaking.card_shown(ctx, self.chat, revision))

    def post_card(self) -> None:
        """Post a new card, which is the one kept current from then on."""
        self.pushes.append(self._card(self.sending.message.public_id[-12:]))
        self.posts_card = True

    def line(self, text: str, mentions: tuple[str, ...] = ()) -> None:
        """Say something."""
        self.pushes.append(self.adapter.line(text, mentions))

    def _card(self, name: str) -> dict[str, Any]:
        return self.adapter.card(card_of(self.sending.ctx, self.sending.voice, self.chat.campaign), name)

    def decide(self) -> Decision:
        """Claim the chat and go, or wait for one's turn."""
        if not self.edits and not self.pushes:
            return Nothing("nothing new")
        ctx, binding = self.sending.ctx, self.chat.binding
        if not speaking.occupy(ctx, binding):
            return Later(ctx.now + TURN)
        if self.pushes:
            free_at = speaking.next_push(ctx, binding, self.adapter.CAPABILITIES.limits)
            if free_at is not None:
                speaking.leave(ctx, binding.id)
                return Later(free_at)
            speaking.note_push(ctx, binding)
        where = speaking.address(ctx, binding)
        return Send(lambda: self._act(where), self._after, self.unsent, binding.id)

    def _act(self, where: ChatAddress) -> str:
        for remote_id, payload in self.edits:
            self.channel.edit(where, remote_id, payload)
        remote = ""
        for payload in self.pushes:
            remote = self.channel.push(where, payload, self.sending.message.public_id)
        return remote

    def _after(self, ctx: Ctx, remote_id: str) -> None:
        for note in self.notes:
            note(ctx)
        if self.posts_card and remote_id:
            speaking.card_shown(ctx, self.chat, self.chat.campaign.revision, remote_id)


def _group(sending: Sending) -> Group | Nothing:
    chat = speaking.find(sending.ctx, sending.payload["binding"], sending.payload["campaign"])
    if chat is None or chat.binding.dead_reason:
        return Nothing("the chat is gone")
    channel = sending.outside.chats.get(chat.binding.channel)
    if channel is None or chat.binding.channel not in CHANNELS:
        return Nothing("no such channel here")
    if CHANNELS[channel.kind].CAPABILITIES.speaks != "freely" or (
        chat.binding.channel in NEEDS_KEY and not chat.binding.push_secret_enc
    ):
        return Nothing("the bot may not speak there by itself")
    return Group(sending, chat, channel)


def progress(sending: Sending) -> Decision:
    """chat_progress: refresh the card, or say a batched line; a `reminder` is the last hour's 还差."""
    group = _group(sending)
    if isinstance(group, Nothing):
        return group
    ctx, campaign, shown = sending.ctx, group.chat.campaign, group.chat.shown
    group.refresh_card()
    reminder = bool(sending.payload.get("reminder"))
    if campaign.state != "open" or (group.edits_any and not reminder):
        return group.decide()
    if not reminder and campaign.roster_count <= shown.told_count:
        return group.decide()
    if is_quiet(ctx.now):
        return Later(pace.morning_after(ctx.now))
    at = ctx.now if reminder else pace.next_line(ctx.policy, campaign, shown, ctx.now)
    if at > ctx.now:
        return Later(at)
    line = pace.line(campaign, shown, ctx.now, reminder=reminder)
    if line is not None:
        orders = campaign.roster_count
        group.line(line.text)
        group.notes.append(
            lambda ctx: speaking.told(ctx, group.chat, orders=orders, reached=line.reached, missing=line.missing)
        )
    return group.decide()


def outcome(sending: Sending) -> Decision:
    """chat_outcome: what happened, said once; the night is for what cannot wait."""
    group = _group(sending)
    if isinstance(group, Nothing):
        return group
    what = str(sending.payload["what"])
    text = lines.outcome(sending.ctx, sending.voice, group.chat.campaign, what)
    if text and is_quiet(sending.ctx.now) and what not in lines.NOW_OR_NEVER:
        return Later(pace.morning_after(sending.ctx.now))
    if what == "opened" and text and group.edits_any:
        group.post_card()
        return group.decide()
    group.refresh_card()
    if text:
        group.line(text)
    return group.decide()


def card(sending: Sending) -> Decision:
    """chat_card: somebody asked for the card where cards are kept current."""
    group = _group(sending)
    if isinstance(group, Nothing):
        return group
    group.post_card()
    return group.decide()


def mention(sending: Sending) -> Decision:
    """chat_mention: call those whose goods arrived and whom nothing else reached, without a word about what."""
    group = _group(sending)
    if isinstance(group, Nothing):
        notifying.mentions_failed(sending.ctx, sending.payload["campaign"])
        return group
    waiting = notifying.waiting_mentions(sending.ctx, group.chat)
    if waiting:
        names = tuple(user for _, user in waiting)
        group.line("您的货到了，请在小程序的订单页查看。", names)
        ids = [notification for notification, _ in waiting]
        group.notes.append(lambda ctx: notifying.reached(ctx, ids, "chat"))
        group.unsent = lambda ctx: notifying.reached(ctx, ids, "page")
    return group.decide()
