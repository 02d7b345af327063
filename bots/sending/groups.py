"""Speaking into bound groups: cards kept current where that is possible, lines in between where it is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bots.cards import card_of
from bots.channels.adapter import Adapter
from bots.channels.registry import CHANNELS
from bots.sending import lines, pace
from bots.sending.plans import Decision, Later, Nothing, Send, Sending, Turn
from domain.clock import is_quiet
from services.chat import notifying, speaking, windows
from services.chat.speaking import Chat
from services.context import Ctx
from services.ports import ChatAddress, ChatChannel

NEEDS_KEY = ("wecom",)
TURN = timedelta(seconds=2)
Note = Callable[[Ctx], None]


@dataclass
class Group:
    """A chat that can be spoken to now, and the one call that will be made there."""

    sending: Sending
    chat: Chat
    channel: ChatChannel
    card_ref: str = ""
    payload: dict[str, Any] | None = None
    posts_card: bool = False
    notes: list[Note] = field(default_factory=list)
    unsent: Note | None = None

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
        self.card_ref, self.payload = shown.card_ref, self._card(shown.card_ref)
        self.notes.append(lambda ctx: speaking.card_shown(ctx, self.chat, revision))

    def post_card(self) -> None:
        """Post a new card, which is the one kept current from then on."""
        self.payload = self._card(self.sending.message.public_id[-12:])
        self.posts_card = True

    def line(self, text: str, mentions: tuple[str, ...] = ()) -> None:
        """Say something."""
        self.payload = self.adapter.line(text, mentions)

    def _card(self, name: str) -> dict[str, Any]:
        return self.adapter.card(card_of(self.sending.ctx, self.sending.voice, self.chat.campaign), name)

    def decide(self) -> Decision:
        """Claim the chat and go, or wait for one's turn."""
        if self.payload is None:
            return Nothing("nothing new")
        ctx, binding, limits = self.sending.ctx, self.chat.binding, self.adapter.CAPABILITIES.limits
        if not speaking.occupy(ctx, binding):
            return Later(ctx.now + TURN)
        turn = Turn(binding.id, binding.channel, limits, ctx.now)
        free_at = speaking.next_push(ctx, binding, limits) or windows.claim(ctx, binding.channel, turn.shared)
        if free_at is not None:
            speaking.leave(ctx, binding.id)
            return Later(free_at)
        speaking.note_push(ctx, binding)
        edits = bool(self.card_ref)
        return Send(
            self._act(speaking.address(ctx, binding), self._key(), self.payload), self._after, self.unsent, turn,
            refused=(lambda ctx: speaking.card_lost(ctx, self.chat)) if edits else None,
            repeatable=edits or self.adapter.CAPABILITIES.sends_once,
        )  # fmt: skip

    def _key(self) -> str:
        """The same for what is said again, another once it reads otherwise; a card is kept current under one."""
        message = self.sending.message.public_id
        if self.posts_card and self.edits_any:
            return message
        content = json.dumps(self.payload, ensure_ascii=False, sort_keys=True).encode()
        return f"{message}-{hashlib.sha256(content).hexdigest()[:8]}"

    def _act(self, where: ChatAddress, key: str, payload: dict[str, Any]) -> Callable[[], str]:
        def act() -> str:
            if not self.card_ref:
                return self.channel.push(where, payload, key)
            self.channel.edit(where, self.card_ref, payload)
            return ""

        return act

    def _after(self, ctx: Ctx, remote_id: str) -> None:
        for note in self.notes:
            note(ctx)
        if self.posts_card and remote_id:
            # A card that was sent before may be the one that stands there, with the count of that time.
            again = self.sending.message.attempts > 1
            speaking.card_shown(ctx, self.chat, -1 if again else self.chat.campaign.revision, remote_id)
            if again:
                speaking.refresh(ctx, self.chat)


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
    """chat_progress: the count by the best means of the channel; a `reminder` is the last hour's 还差."""
    group = _group(sending)
    if isinstance(group, Nothing):
        return group
    if sending.payload.get("reminder"):
        return _reminder(group)
    if group.edits_any:
        group.refresh_card()
        return group.decide()
    return _digest(group)


def _reminder(group: Group) -> Decision:
    ctx, campaign = group.sending.ctx, group.chat.campaign
    if campaign.state != "open" or not pace.may_remind(campaign, group.chat.shown):
        return Nothing("nothing to remind of")
    if is_quiet(ctx.now):
        return Later(pace.morning_after(ctx.now))
    group.line(lines.reminder(campaign))
    orders = campaign.roster_count
    group.notes.append(lambda ctx: speaking.told(ctx, group.chat, orders=orders, milestone=0, missing=True))
    return group.decide()


def _digest(group: Group) -> Decision:
    """One line of all campaigns in the chat of which there is news."""
    ctx = group.sending.ctx
    chats = speaking.spoken_of(ctx, group.chat.binding)
    news = pace.news(chats, ctx.now)
    if not news:
        return Nothing("nothing new")
    at = pace.morning_after(ctx.now) if is_quiet(ctx.now) else pace.next_line(ctx.policy, chats, ctx.now)
    if at > ctx.now:
        return Later(at)
    group.line("\n".join(lines.progress(one) for one in news))
    said = {one.chat.campaign.id: (one.milestone, one.missing) for one in news}
    counts = [(chat, chat.campaign.roster_count, *said.get(chat.campaign.id, (0, False))) for chat in chats]

    def note(ctx: Ctx) -> None:
        for chat, orders, milestone, missing in counts:
            speaking.told(ctx, chat, orders=orders, milestone=milestone, missing=missing)

    group.notes.append(note)
    return group.decide()


def outcome(sending: Sending) -> Decision:
    """chat_outcome: what happened, said once; the night is for what cannot wait."""
    group = _group(sending)
    if isinstance(group, Nothing):
        return group
    what = str(sending.payload["what"])
    text = lines.outcome(sending.ctx, sending.voice, group.chat.campaign, what, str(sending.payload.get("of", "")))
    if not text:
        return Nothing("no longer so")
    if is_quiet(sending.ctx.now) and what not in lines.NOW_OR_NEVER:
        return Later(pace.morning_after(sending.ctx.now))
    if what == "opened" and group.edits_any:
        group.post_card()
    else:
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
        group.line(lines.ARRIVED_FOR_YOU, names)
        ids = [notification for notification, _ in waiting]
        group.notes.append(lambda ctx: notifying.reached(ctx, ids, "chat"))
        group.unsent = lambda ctx: notifying.reached(ctx, ids, "page")
    return group.decide()
