"""The outbox as the operator reads it: what waits, what died and why; references only, nobody's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select

from domain.actors import Role
from domain.errors import NotFound
from models import ChatBinding, OutboxMessage
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced

CHANNEL_OF = {"customer_reply": "customer", "share_spread": "wxgroup", "share_update": "wxgroup"}
"""Kinds that always leave by one channel; what goes to a bound chat leaves by its own."""


@dataclass(frozen=True)
class Letter:
    """One message: `chat`, `campaign` and `notification` are public ids, `channel` "" where it is chosen later.

    `trouble` is why it did not leave, or why there was nothing to say.
    """

    id: str
    kind: str
    state: str
    channel: str
    chat: str | None
    campaign: str | None
    notification: str | None
    must: bool
    attempts: int
    trouble: str
    due_at: datetime
    expires_at: datetime | None
    created_at: datetime


def letters(ctx: Ctx, page: Page, state: str | None = None) -> Slice[Letter]:
    """Messages, newest first; only those in `state` when it is given: one statement."""
    ctx.require(Role.OPERATOR)
    statement = _with_chat(select(OutboxMessage, ChatBinding.public_id, channel_column()))
    if state is not None:
        statement = statement.where(OutboxMessage.state == state)
    statement = statement.where(older(OutboxMessage.id, page)).order_by(OutboxMessage.id.desc())
    rows = ctx.session.execute(statement.limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _letter(*row))


def letter(ctx: Ctx, message_id: str) -> Letter:
    """One message (public id); raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    statement = _with_chat(select(OutboxMessage, ChatBinding.public_id, channel_column()))
    row = ctx.session.execute(statement.where(OutboxMessage.public_id == message_id)).one_or_none()
    if row is None:
        raise NotFound
    return _letter(*row)


def binding_column() -> Any:
    """The binding that a message goes to; NULL for those that go to no bound chat."""
    return OutboxMessage.payload["binding"].as_integer()


def channel_column() -> Any:
    """The channel by which a message leaves, over a join of its binding; "" where that is chosen later."""
    fixed = case(CHANNEL_OF, value=OutboxMessage.kind, else_="")
    return case((ChatBinding.channel.is_not(None), ChatBinding.channel), else_=fixed)


def _with_chat(columns: Any) -> Select[Any]:
    joined: Select[Any] = columns.select_from(OutboxMessage).outerjoin(ChatBinding, ChatBinding.id == binding_column())
    return joined


def _letter(row: OutboxMessage, chat: str | None, channel: str) -> Letter:
    return Letter(
        row.public_id, row.kind, row.state, channel, chat, row.payload.get("campaign"), row.payload.get("notification"),
        row.must, row.attempts, row.last_error, row.due_at, row.expires_at, row.created_at,
    )  # fmt: skip
