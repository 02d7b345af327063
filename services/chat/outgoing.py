"""The outbox from the sender's side: lease, and what became of each message."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from models import OutboxMessage
from services import audit
from services.context import Ctx
from services.transitions import try_move

LONGEST_BACK_OFF = timedelta(minutes=5)


def due(ctx: Ctx, limit: int) -> list[int]:
    """Ids of messages whose time has come, in the order of their due time."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == "pending", OutboxMessage.due_at <= ctx.now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
    )
    return list(ctx.session.scalars(statement))


def lease(ctx: Ctx, message_id: int) -> OutboxMessage | None:
    """Take a due message for a while; None when another was first. `attempts` tells this lease from later ones."""
    message = ctx.session.get_one(OutboxMessage, message_id, populate_existing=True)
    until = ctx.now + timedelta(seconds=ctx.policy.outbox_lease_seconds)
    taken = try_move(
        ctx, message, "lease", where=OutboxMessage.due_at <= ctx.now, lease_until=until,
        attempts=OutboxMessage.attempts + 1,
    )  # fmt: skip
    return message if taken else None


def mine(ctx: Ctx, message_id: int, attempt: int) -> OutboxMessage | None:
    """The leased message, if the lease of this attempt still holds."""
    message = ctx.session.get_one(OutboxMessage, message_id, populate_existing=True)
    return message if message.state == "leased" and message.attempts == attempt else None


def sent(ctx: Ctx, message: OutboxMessage, note: str = "") -> None:
    """It left, or there was nothing to say any more (`note` tells why)."""
    try_move(ctx, message, "send", lease_until=None, last_error=note[:255])


def postpone(ctx: Ctx, message: OutboxMessage, until: datetime) -> None:
    """Not now (quiet hours, pace): no attempt is counted."""
    try_move(ctx, message, "defer", lease_until=None, due_at=until, attempts=OutboxMessage.attempts - 1)


def failed(ctx: Ctx, message: OutboxMessage, error: str, retry_after: int = 0) -> bool:
    """It did not leave: again later, with growing pauses, until the tries are used up. False when it is buried."""
    if message.attempts >= ctx.policy.outbox_tries:
        bury(ctx, message, error)
        return False
    try_move(ctx, message, "defer", lease_until=None, due_at=_later(ctx, message, retry_after), last_error=error[:255])
    return True


def lost(ctx: Ctx, message: OutboxMessage, error: str) -> bool:
    """Nobody knows whether it left: what must be said is said again, the rest dies. False when it is buried."""
    try_move(ctx, message, "lose", lease_until=None, last_error=error[:255])
    if not message.must or message.attempts >= ctx.policy.outbox_tries:
        bury(ctx, message, error)
        return False
    try_move(ctx, message, "revive", due_at=_later(ctx, message, 0))
    return True


def bury(ctx: Ctx, message: OutboxMessage, error: str) -> None:
    """It will not be sent; the operator hears of what should have been."""
    try_move(ctx, message, "bury", lease_until=None, last_error=error[:255])
    if message.must:
        audit.alert(ctx, "outbox_dead", f"outbox:{message.id}", f"{message.kind} {message.public_id}: {error}")


def lose_expired(ctx: Ctx, limit: int = 100) -> list[OutboxMessage]:
    """Leases whose holder never came back become lost; returns those that were buried."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.state == "leased", OutboxMessage.lease_until <= ctx.now)
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    found = ctx.session.scalars(statement).all()
    return [message for message in found if not lost(ctx, message, "the lease expired")]


def _later(ctx: Ctx, message: OutboxMessage, retry_after: int) -> datetime:
    pause = max(timedelta(seconds=retry_after), timedelta(seconds=2 ** min(message.attempts, 10)))
    return ctx.now + (pause if retry_after else min(pause, LONGEST_BACK_OFF))
