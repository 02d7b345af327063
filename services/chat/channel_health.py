"""Whether each channel works: what calling it came to, and one alert as long as it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, update

from domain.clock import local
from models import ChannelState
from services import audit
from services.chat.words import in_words
from services.context import Ctx
from services.writing import changed, insert_ignoring

REPEATEDLY = 3


@dataclass(frozen=True)
class Tried:
    """What the calls of one round came to: whether one worked, and how many failed after the last that did.

    `error` is the last failure's, "" when none failed.
    """

    channel: str
    worked: bool
    failures: int = 0
    error: str = ""


def note(ctx: Ctx, tried: Sequence[Tried]) -> None:
    """Keep what a round came to, channel by channel; `error` holds no personal data."""
    for one in sorted(tried, key=lambda one: one.channel):
        insert_ignoring(
            ctx.session, ChannelState, ["channel"], channel=one.channel, last_error="", failures=0, alerted=False
        )
        mine = update(ChannelState).where(ChannelState.channel == one.channel)
        changed(ctx.session, mine.values(_after(one, ctx.now)))


def _after(one: Tried, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if one.worked:
        values |= {"last_sent_at": now, "failing_since": None, "failures": 0}
    if one.error:
        values |= {"last_failed_at": now, "last_error": one.error[:255]}
    if one.failures and one.worked:
        values |= {"failing_since": now, "failures": one.failures}
    elif one.failures:
        begun = func.coalesce(ChannelState.failing_since, literal(now, ChannelState.failing_since.type))
        values |= {"failing_since": begun, "failures": ChannelState.failures + one.failures}
    return values


def tell_operator(ctx: Ctx) -> int:
    """Raise one alert for each channel that has come to fail, and clear it once it works; returns how many changed.

    An alert that an operator dealt with is not raised again for the same trouble.
    """
    broken = _turned(ctx, to=True, where=_failing(ctx))
    for channel, since, error in broken:
        words = f"自 {local(since)} 起一直发不出：{in_words(error)}"
        audit.alert(ctx, "channel_failing", f"channel:{channel}", words)
    mended = _turned(ctx, to=False, where=[ChannelState.failing_since.is_(None)])
    for channel, *_ in mended:
        audit.clear(ctx, f"channel:{channel}")
    return len(broken) + len(mended)


def failing(ctx: Ctx) -> dict[str, datetime]:
    """The channels that fail, and since when."""
    found = select(ChannelState).where(*_failing(ctx)).order_by(ChannelState.channel)
    return {row.channel: row.failing_since for row in ctx.session.scalars(found) if row.failing_since}


def is_failing(ctx: Ctx, state: ChannelState) -> bool:
    """Whether a channel counts as failing: for some minutes, and more than once or twice."""
    since = state.failing_since
    return since is not None and since <= _long_ago(ctx) and state.failures >= REPEATEDLY


def _turned(ctx: Ctx, *, to: bool, where: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
    """Those whose `alerted` this call turned; nobody else turns them again."""
    statement = update(ChannelState).where(*where, ChannelState.alerted.is_(not to)).values(alerted=to)
    columns = (ChannelState.channel, ChannelState.failing_since, ChannelState.last_error)
    return ctx.session.execute(
        statement.returning(*columns), execution_options={"synchronize_session": False}
    ).all()  # fmt: skip


def _failing(ctx: Ctx) -> list[ColumnElement[bool]]:
    return [ChannelState.failing_since <= _long_ago(ctx), ChannelState.failures >= REPEATEDLY]


def _long_ago(ctx: Ctx) -> datetime:
    return ctx.now - timedelta(minutes=ctx.policy.channel_failing_minutes)
