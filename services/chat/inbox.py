"""The chat inbox: at-least-once delivery in, exactly one effect and one answer out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from models import ChatEvent, ChatSession
from services.context import Ctx
from services.writing import changed, insert_ignoring

Answer = dict[str, Any] | None


def key_of(*parts: object) -> str:
    """The event key of a message without an id of its own: a hash, because its parts name people."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def once(
    ctx: Ctx, channel: str, event_key: str, respond: Callable[[], Answer], turn: Callable[[], dict[str, Any]]
) -> Answer:
    """Run `respond` for the first delivery of an event and keep its answer; a repeat gets the kept one.

    `turn` is asked afterwards for the columns of the transcript. The row is written in the transaction of the effect:
    a rival with the same key waits for it and reads the answer.
    """
    if not insert_ignoring(
        ctx.session, ChatEvent, ["channel", "event_key"], channel=channel, event_key=event_key, answer=None,
        received_at=ctx.now,
    ):  # fmt: skip
        return answer_to(ctx, channel, event_key)
    answer = respond()
    mine = update(ChatEvent).where(ChatEvent.channel == channel, ChatEvent.event_key == event_key)
    changed(ctx.session, mine.values(answer=answer, **turn()))
    return answer


def is_known(ctx: Ctx, channel: str, event_key: str) -> bool:
    """Whether the event came before."""
    statement = select(ChatEvent.id).where(ChatEvent.channel == channel, ChatEvent.event_key == event_key)
    return ctx.session.scalars(statement).first() is not None


def answer_to(ctx: Ctx, channel: str, event_key: str) -> Answer:
    """The answer that was given to an event; None when there was none."""
    statement = select(ChatEvent.answer).where(ChatEvent.channel == channel, ChatEvent.event_key == event_key)
    return ctx.session.scalars(statement).one_or_none()


def forget_old(ctx: Ctx) -> int:
    """Delete events past the transcript's days, and questions nobody answered; returns how many rows."""
    before = ctx.now - timedelta(days=ctx.policy.transcript_days)
    events = changed(ctx.session, delete(ChatEvent).where(ChatEvent.received_at < before))
    return events + changed(ctx.session, delete(ChatSession).where(ChatSession.expires_at < ctx.now))
