"""Questions the bot has asked: one per person and chat, for a few minutes, answered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from models import ChatSession
from services.context import Ctx
from services.writing import changed, upsert

LAPSED = "lapsed"
"""The name of a question that has waited too long: an answer to it must not be taken for something new."""


@dataclass(frozen=True)
class Place:
    """One person in one chat; `chat_id` is "" where they speak alone with the bot."""

    channel: str
    chat_id: str
    user_id: str


@dataclass(frozen=True)
class Question:
    """What was asked, and the facts needed to act on the answer."""

    name: str
    facts: dict[str, Any]


def ask(ctx: Ctx, place: Place, name: str, facts: dict[str, Any]) -> None:
    """Remember a question, in place of an earlier one there."""
    until = ctx.now + timedelta(minutes=ctx.policy.chat_session_minutes)
    values = {"question": name, "facts": facts, "expires_at": until}
    statement = upsert(ctx.session, ChatSession).values(
        channel=place.channel, remote_chat_id=place.chat_id, remote_user_id=place.user_id, **values
    )
    key = ["channel", "remote_chat_id", "remote_user_id"]
    changed(ctx.session, statement.on_conflict_do_update(index_elements=key, set_=values))


def standing(ctx: Ctx, place: Place) -> Question | None:
    """What stands there, left where it is."""
    statement = select(ChatSession.question, ChatSession.facts).where(*_at(place), ChatSession.expires_at > ctx.now)
    row = ctx.session.execute(statement).one_or_none()
    return Question(row.question, row.facts) if row is not None else None


def take(ctx: Ctx, place: Place) -> Question | None:
    """The question that waits there (`LAPSED` if too long); it is gone now, so two answers at once find it once."""
    statement = (
        delete(ChatSession)
        .where(*_at(place))
        .returning(ChatSession.question, ChatSession.facts, ChatSession.expires_at)
    )
    ctx.session.flush()
    row = ctx.session.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        return None
    return Question(row.question, row.facts) if row.expires_at > ctx.now else Question(LAPSED, {})


def _at(place: Place) -> list[ColumnElement[bool]]:
    return [
        ChatSession.channel == place.channel, ChatSession.remote_chat_id == place.chat_id,
        ChatSession.remote_user_id == place.user_id,
    ]  # fmt: skip
