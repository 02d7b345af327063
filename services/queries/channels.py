"""Chat channels as the operator sees them: what each declares, how it goes, and where each chat stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from domain.actors import Role
from models import ChannelState, ChatBinding, Leader, OutboxMessage, PickupPoint, Share
from services.chat import channel_health, speaking
from services.context import Ctx
from services.paging import Page, Slice
from services.ports import Capabilities, Limit
from services.queries.outbox import binding_column, channel_column
from services.queries.pages import older, sliced

CARDS = "wxgroup"
WAITING = ("pending", "leased", "unknown")
Counts = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Gone:
    """So many chats in which the bot may not speak any more, and why."""

    reason: str
    chats: int


@dataclass(frozen=True)
class ChannelView:
    """One kind of channel; `configured` says that the settings name it, `chats` counts those that live.

    In neighbours' own groups a chat is a shared card. `failing` is trouble of some minutes, `failing_since` any.
    """

    kind: str
    configured: bool
    declares: Capabilities
    chats: int
    gone: list[Gone]
    pending: int
    dead: int
    last_sent_at: datetime | None
    last_failed_at: datetime | None
    last_error: str
    failing_since: datetime | None
    failures: int
    failing: bool


@dataclass(frozen=True)
class Quota:
    """What is left of a limit of `count` messages in any `seconds`."""

    count: int
    seconds: int
    left: int


@dataclass(frozen=True)
class BoundChat:
    """A bound chat; `next_send_at` is when its channel's limits let the bot speak there again (now, if they do)."""

    id: str
    channel: str
    purpose: str
    leader: str
    point: str | None
    can_push: bool
    gone_reason: str
    last_push_at: datetime | None
    next_send_at: datetime | None
    quotas: list[Quota]
    pending: int
    dead: int
    created_at: datetime


def channels(ctx: Ctx, declared: Mapping[str, Capabilities], configured: Collection[str]) -> list[ChannelView]:
    """Every kind that is declared, by name: four statements."""
    ctx.require(Role.OPERATOR)
    alive, gone = _chats(ctx)
    letters = _letters_by_channel(ctx)
    states = {row.channel: row for row in ctx.session.scalars(select(ChannelState))}
    return [
        _channel(ctx, kind, declared[kind], kind in configured, alive[kind], gone[kind], letters,
                 states.get(kind) or ChannelState(channel=kind, last_error="", failures=0))
        for kind in sorted(declared)
    ]  # fmt: skip


def bound_chats(
    ctx: Ctx, page: Page, declared: Mapping[str, Capabilities], channel: str | None = None
) -> Slice[BoundChat]:
    """Bound chats, newest first, of one channel when it is named: two statements."""
    ctx.require(Role.OPERATOR)
    statement = (
        select(ChatBinding, Leader.public_id, PickupPoint.public_id)
        .join(Leader, Leader.id == ChatBinding.leader_id)
        .outerjoin(PickupPoint, PickupPoint.id == ChatBinding.point_id)
        .where(older(ChatBinding.id, page))
        .order_by(ChatBinding.id.desc())
        .limit(page.limit + 1)
    )
    if channel is not None:
        statement = statement.where(ChatBinding.channel == channel)
    rows = ctx.session.execute(statement).all()
    letters = _letters_by_chat(ctx, [row[0].id for row in rows])
    limits = {kind: [one for one in can.limits if one.scope == "chat"] for kind, can in declared.items()}
    return sliced(
        rows, page, lambda row: int(row[0].id),
        lambda row: _bound(ctx, row[0], row[1], row[2], limits.get(row[0].channel, []), letters),
    )  # fmt: skip


def _channel(
    ctx: Ctx, kind: str, can: Capabilities, configured: bool, alive: int, gone: list[Gone], letters: Counts,
    state: ChannelState,
) -> ChannelView:  # fmt: skip
    return ChannelView(
        kind=kind,
        configured=configured,
        declares=can,
        chats=alive,
        gone=gone,
        pending=letters[kind, "waiting"],
        dead=letters[kind, "dead"],
        last_sent_at=state.last_sent_at,
        last_failed_at=state.last_failed_at,
        last_error=state.last_error,
        failing_since=state.failing_since,
        failures=state.failures,
        failing=channel_health.is_failing(ctx, state),
    )


def _chats(ctx: Ctx) -> tuple[Counter[str], Mapping[str, list[Gone]]]:
    """Living chats by channel, and the dead ones by channel and reason."""
    bound = select(ChatBinding.channel, ChatBinding.dead_reason, func.count()).group_by(
        ChatBinding.channel, ChatBinding.dead_reason
    )
    cards = select(Share.over_reason, func.count()).where(Share.expires_at > ctx.now).group_by(Share.over_reason)
    found = [(row[0], row[1], row[2]) for row in ctx.session.execute(bound.order_by(ChatBinding.dead_reason))]
    found += [(CARDS, row[0], row[1]) for row in ctx.session.execute(cards.order_by(Share.over_reason))]
    alive: Counter[str] = Counter()
    gone: dict[str, list[Gone]] = defaultdict(list)
    for channel, reason, count in found:
        if reason:
            gone[channel].append(Gone(reason, count))
        else:
            alive[channel] += count
    return alive, gone


def _letters_by_channel(ctx: Ctx) -> Counts:
    channel = channel_column().label("channel")
    statement = (
        select(channel, OutboxMessage.state, func.count())
        .select_from(OutboxMessage)
        .outerjoin(ChatBinding, ChatBinding.id == binding_column())
        .where(OutboxMessage.state.in_((*WAITING, "dead")))
        .group_by(channel, OutboxMessage.state)
    )
    return _counted([(row[0], row[1], row[2]) for row in ctx.session.execute(statement)])


def _letters_by_chat(ctx: Ctx, bindings: Sequence[int]) -> Counts:
    binding = binding_column().label("binding")
    statement = (
        select(binding, OutboxMessage.state, func.count())
        .where(OutboxMessage.state.in_((*WAITING, "dead")), binding_column().in_(bindings))
        .group_by(binding, OutboxMessage.state)
    )
    return _counted([(str(row[0]), row[1], row[2]) for row in ctx.session.execute(statement)])


def _counted(rows: Sequence[tuple[str, str, int]]) -> Counts:
    counts: Counts = Counter()
    for owner, state, count in rows:
        counts[owner, "dead" if state == "dead" else "waiting"] += count
    return counts


def _bound(
    ctx: Ctx, chat: ChatBinding, leader: str, point: str | None, limits: Sequence[Limit], letters: Counts
) -> BoundChat:
    pushes = [datetime.fromtimestamp(at / 1000, UTC) for at in chat.recent_pushes or []]
    return BoundChat(
        id=chat.public_id,
        channel=chat.channel,
        purpose=chat.purpose,
        leader=leader,
        point=point,
        can_push=chat.push_secret_enc is not None,
        gone_reason=chat.dead_reason,
        last_push_at=max(pushes, default=None),
        next_send_at=None if chat.dead_reason else speaking.next_push(ctx, chat, limits) or ctx.now,
        quotas=[_quota(ctx, limit, pushes) for limit in limits],
        pending=letters[str(chat.id), "waiting"],
        dead=letters[str(chat.id), "dead"],
        created_at=chat.created_at,
    )


def _quota(ctx: Ctx, limit: Limit, pushes: Sequence[datetime]) -> Quota:
    used = sum((ctx.now - at).total_seconds() < limit.seconds for at in pushes)
    return Quota(limit.count, limit.seconds, max(limit.count - used, 0))
