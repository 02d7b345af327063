"""The outbox from the sender's side: lease, and what became of each message."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from models import OutboxMessage
from services import audit
from services.chat.words import LETTERS, in_words
from services.context import Ctx
from services.transitions import try_move
from services.writing import changed

LONGEST_BACK_OFF_SECONDS = 300
_AHEAD = aliased(OutboxMessage)
_SOONER = or_(
    _AHEAD.due_at < OutboxMessage.due_at, and_(_AHEAD.due_at == OutboxMessage.due_at, _AHEAD.id < OutboxMessage.id)
)
_LATER_IN_ITS_CHAT = (
    select(_AHEAD.id)
    .where(
        _AHEAD.binding_id == OutboxMessage.binding_id, _AHEAD.id != OutboxMessage.id,
        or_(_AHEAD.state == "leased", and_(_AHEAD.state == "pending", _SOONER)),
    )
    .correlate(OutboxMessage)
    .exists()
)  # fmt: skip
"""Another message of the chat is on its way, or its turn is earlier."""


def newest(ctx: Ctx) -> int:
    """The id of the newest message; 0 for none."""
    return ctx.session.scalars(select(func.max(OutboxMessage.id))).one() or 0


def due(ctx: Ctx, limit: int, newest: int) -> list[int]:
    """Ids up to `newest` of messages whose time has come, by their due time; of each chat only the first."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == "pending", OutboxMessage.due_at <= ctx.now, OutboxMessage.id <= newest)
        .where(~_LATER_IN_ITS_CHAT)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
    )
    return list(ctx.session.scalars(statement))


def lease(ctx: Ctx, message_id: int) -> OutboxMessage | None:
    """Take a due message for a while; None when another was first. `attempts` tells this lease from later ones."""
    message = ctx.session.get_one(OutboxMessage, message_id, populate_existing=True)
    until = ctx.now + timedelta(seconds=ctx.policy.outbox_lease_seconds)
    taken = try_move(
        ctx, message, "lease", where=and_(OutboxMessage.due_at <= ctx.now, ~_LATER_IN_ITS_CHAT), lease_until=until,
        attempts=OutboxMessage.attempts + 1, repeatable=False,
    )  # fmt: skip
    return message if taken else None


def will_leave(ctx: Ctx, message: OutboxMessage, *, repeatable: bool) -> None:
    """It is about to be sent; `repeatable` says that sending it twice shows it once."""
    mine = update(OutboxMessage).where(OutboxMessage.id == message.id, OutboxMessage.attempts == message.attempts)
    changed(ctx.session, mine.values(repeatable=repeatable))


def mine(ctx: Ctx, message_id: int, attempt: int) -> OutboxMessage | None:
    """The leased message, if the lease of this attempt still holds."""
    message = ctx.session.get_one(OutboxMessage, message_id, populate_existing=True)
    return message if message.state == "leased" and message.attempts == attempt else None


def sent(ctx: Ctx, message: OutboxMessage, note: str = "") -> None:
    """It left, or there was nothing to say any more (`note` tells why)."""
    try_move(ctx, message, "send", lease_until=None, last_error=note[:255])


def postpone(ctx: Ctx, message: OutboxMessage, until: datetime) -> None:
    """Not now (quiet hours, pace, limits): no attempt is counted."""
    try_move(ctx, message, "defer", lease_until=None, due_at=until, latest_at=None, attempts=OutboxMessage.attempts - 1)


def failed(ctx: Ctx, message: OutboxMessage, error: str, retry_after: int = 0) -> bool:
    """It did not leave: again later, with growing pauses, until the tries are used up. False when it is buried."""
    if message.attempts >= ctx.policy.outbox_tries:
        bury(ctx, message, error)
        return False
    try_move(ctx, message, "defer", lease_until=None, due_at=_later(ctx, message, retry_after), last_error=error[:255])
    return True


def lost(ctx: Ctx, message: OutboxMessage, error: str) -> bool:
    """Nobody knows whether it left. False when it is buried.

    It is said again only where its channel shows a repeat once; of the rest the operator hears what had to be said.
    """
    try_move(ctx, message, "lose", lease_until=None, last_error=error[:255])
    if not message.repeatable or message.attempts >= ctx.policy.outbox_tries:
        bury(ctx, message, error)
        return False
    try_move(ctx, message, "revive", due_at=_later(ctx, message, 0))
    return True


def bury(ctx: Ctx, message: OutboxMessage, error: str) -> None:
    """It will not be sent; the operator hears of what should have been."""
    try_move(ctx, message, "bury", lease_until=None, last_error=error[:255])
    if message.must:
        what = f"{LETTERS.get(message.kind, '消息')}（{message.public_id}）"
        audit.alert(ctx, "outbox_dead", f"outbox:{message.id}", f"{what}没有发出：{in_words(error)}")


def lose_expired(ctx: Ctx, limit: int = 100) -> list[OutboxMessage]:
    """Leases whose holder never came back become lost; returns those that were buried."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.state == "leased", OutboxMessage.lease_until <= ctx.now)
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    found = ctx.session.scalars(statement).all()
    return [message for message in found if not lost(ctx, message, "发送中断，不知道发出没有")]


def _later(ctx: Ctx, message: OutboxMessage, retry_after: int) -> datetime:
    """After what the other side asked for, else anywhere within 1, 2, 4 … seconds: the same place in every run."""
    if retry_after:
        return ctx.now + timedelta(seconds=retry_after)
    most = min(2 ** max(message.attempts - 1, 0), LONGEST_BACK_OFF_SECONDS)
    chance = random.Random(f"{message.id}:{message.attempts}")  # noqa: S311 - spreads senders, keeps no secret
    return ctx.now + timedelta(seconds=chance.uniform(0, most))
