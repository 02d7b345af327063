"""What all senders of one channel share: how many calls it takes in any so many seconds, and when it shut us out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Update, select, update

from models import ChatWindow
from services.context import Ctx
from services.ports import Limit
from services.writing import changed, insert_ignoring

WHOLE = "*"
"""The place of a limit that holds for the whole channel."""
UNDER_WAY = timedelta(seconds=10)
"""So long before its end a person's window takes no more: a call may still be on its way."""


@dataclass(frozen=True)
class Opened:
    """What a person did at `since` opened their window: so many calls as `limit` says, until its seconds are over."""

    limit: Limit
    since: datetime


def free_at(recent: Sequence[int], closed_until: datetime | None, limits: Iterable[Limit], now: datetime) -> datetime:
    """When one more call is allowed, `now` at the earliest; `recent` are Unix milliseconds in any order."""
    at = max(closed_until or now, now)
    calls = sorted(recent)
    for limit in limits:
        if len(calls) >= limit.count:
            freed = calls[-limit.count] + limit.seconds * 1000 + 1
            at = max(at, datetime.fromtimestamp(freed / 1000, UTC))
    return at


def kept(recent: Sequence[int] | None, limits: Iterable[Limit], ctx: Ctx) -> list[int]:
    """The calls that still count; one further ahead than two leases last was noted by a clock that went wrong."""
    longest = max((limit.seconds for limit in limits), default=60)
    since, until = ms(ctx.now) - longest * 1000, ms(ctx.now) + 2000 * ctx.policy.outbox_lease_seconds
    return [at for at in recent or [] if since < at <= until]


def claim(ctx: Ctx, channel: str, limits: Sequence[Limit], place: str = WHOLE) -> datetime | None:
    """Count one call that is about to leave; None when it may, else when to ask again (and nothing is counted).

    Until `settle` it counts as made when its lease ends, because nobody knows yet when it arrives.
    """
    if not limits:
        return None
    row = _held(ctx, channel, place)
    recent = kept(row.recent, limits, ctx)
    at = free_at(recent, row.closed_until, limits, ctx.now)
    if at > ctx.now:
        return at
    _write(ctx, row, [*recent, ms(ctx.now) + ctx.policy.outbox_lease_seconds * 1000])
    return None


def take(
    ctx: Ctx, channel: str, limits: Sequence[Limit], opened: Sequence[Opened], place: str, *, keep: int = 0
) -> bool:
    """Count one call that is about to leave in a person's windows; False when none takes it and leaves `keep` more.

    Such a window frees nothing by itself: only the person opens it anew. Until `settle` the call counts as on its way.
    """
    row = _held(ctx, channel, place)
    recent = kept(row.recent, limits, ctx)
    if not any(_left(recent, one, ctx.now) > keep for one in opened):
        return False
    _write(ctx, row, [*recent, ms(ctx.now) + ctx.policy.outbox_lease_seconds * 1000])
    return True


def _left(recent: Sequence[int], opened: Opened, now: datetime) -> int:
    if now + UNDER_WAY >= opened.since + timedelta(seconds=opened.limit.seconds):
        return 0
    return opened.limit.count - sum(at >= ms(opened.since) for at in recent)


def settle(
    ctx: Ctx, channel: str, limits: Sequence[Limit], claimed_at: datetime, place: str = WHOLE, *, made: bool = True
) -> None:
    """A call claimed at `claimed_at` is over: it arrived by now, and counts from now; not `made`, it never counts."""
    if not limits:
        return
    row = _held(ctx, channel, place)
    recent, mark = list(row.recent), ms(claimed_at) + ctx.policy.outbox_lease_seconds * 1000
    if mark in recent:
        recent.remove(mark)
        recent += [ms(ctx.now)] if made else []
    _write(ctx, row, kept(recent, limits, ctx))


def close(ctx: Ctx, channel: str, until: datetime, place: str = WHOLE) -> None:
    """The platform shut us out of the whole place."""
    row = _held(ctx, channel, place)
    if row.closed_until is None or row.closed_until < until:
        changed(ctx.session, _row(channel, place).values(closed_until=until))


def ms(at: datetime) -> int:
    """Unix milliseconds, rounded up."""
    return math.ceil(at.timestamp() * 1000)


def past(marks: Sequence[int], now: datetime) -> list[int]:
    """The calls as over: what was on its way counts from `now`."""
    return [min(at, ms(now)) for at in marks]


def _held(ctx: Ctx, channel: str, place: str) -> ChatWindow:
    """The row, held until the transaction ends, so that no other sender counts beside us."""
    insert_ignoring(ctx.session, ChatWindow, ["channel", "place"], channel=channel, place=place, recent=[])
    wanted = select(ChatWindow).where(ChatWindow.channel == channel, ChatWindow.place == place).with_for_update()
    return ctx.session.scalars(wanted, execution_options={"populate_existing": True}).one()


def _write(ctx: Ctx, row: ChatWindow, recent: list[int]) -> None:
    changed(ctx.session, _row(row.channel, row.place).values(recent=recent))


def _row(channel: str, place: str) -> Update:
    return update(ChatWindow).where(ChatWindow.channel == channel, ChatWindow.place == place)
