"""Messages that could not be sent, in the operator's hands: once more, or let lie with a reason."""

from __future__ import annotations

from sqlalchemy import or_, update

from domain.actors import Role
from domain.errors import TooLateToSend
from models import ChatBinding, Notification, OutboxMessage
from services import audit
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import move
from services.writing import changed


def retry(ctx: Ctx, message_id: str) -> OutboxMessage:
    """Send a dead letter (public id) again, with all its tries; what it says is what is true when it leaves.

    It goes alone: a newer message of the same kind keeps its own way. Raises `NotFound`, `WrongState` unless it is
    dead, `TooLateToSend` when its time is over or its chat is gone (`why`).
    """
    ctx.require(Role.OPERATOR)
    message = by_public_id(ctx, OutboxMessage, message_id)
    if message.state == "dead" and (why := _why_not(ctx, message)):
        raise TooLateToSend(why=why)
    in_time = or_(OutboxMessage.expires_at.is_(None), OutboxMessage.expires_at > ctx.now)
    move(ctx, message, "revive", where=in_time, due_at=ctx.now, attempts=0, coalesce_key=None, last_error="")
    if message.kind == "notify":
        _reopen(ctx, str(message.payload["notification"]))
    audit.record(ctx, "outbox_message", message.id, "revive", states=("dead", "pending"))
    audit.clear(ctx, f"outbox:{message.id}")
    return message


def dismiss(ctx: Ctx, message_id: str, reason: str) -> OutboxMessage:
    """Let a dead letter (public id) lie for ever; its alert is done. Raises `NotFound`, `WrongState`."""
    ctx.require(Role.OPERATOR)
    message = by_public_id(ctx, OutboxMessage, message_id)
    move(ctx, message, "dismiss")
    audit.record(ctx, "outbox_message", message.id, "dismiss", states=("dead", "dismissed"), reason=reason)
    audit.clear(ctx, f"outbox:{message.id}")
    return message


def _why_not(ctx: Ctx, message: OutboxMessage) -> str:
    if message.expires_at is not None and message.expires_at <= ctx.now:
        return "expired"
    if "binding" not in message.payload:
        return ""
    chat = ctx.session.get(ChatBinding, message.payload["binding"])
    return "chat_gone" if chat is None or chat.dead_reason else ""


def _reopen(ctx: Ctx, notification_id: str) -> None:
    """A notice whose push was given up has only its page; now there is one more try."""
    given_up = update(Notification).where(Notification.public_id == notification_id, Notification.reached_by == "page")
    changed(ctx.session, given_up.values(reached_by=""))
