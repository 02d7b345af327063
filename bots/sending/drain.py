"""Draining the outbox: lease, decide, send outside any transaction, note what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bots.sending import groups, people, shares
from bots.sending.plans import Decision, Later, Nothing, Send, Sending, Turn
from bots.voice import Voice
from domain.actors import CLOCK
from domain.errors import Busy
from models import OutboxMessage
from services.chat import notifying, outgoing, speaking, windows
from services.context import Ctx, Unit
from services.ports import ChatGone, ChatMoved, Outside, Refused, Unknown, Unreachable

PREPARE: dict[str, Callable[[Sending], Decision]] = {
    "chat_progress": groups.progress, "chat_outcome": groups.outcome, "chat_card": groups.card,
    "chat_mention": groups.mention, "notify": people.notify, "customer_reply": people.customer_reply,
    "share_spread": shares.spread, "share_update": shares.update,
}  # fmt: skip
NOTING_TRIES = 3
TOO_OFTEN = ("45009", "429")
log = structlog.get_logger("lintuan.outbox")


@dataclass(frozen=True)
class Leased:
    """A message on its way: `attempt` tells this lease from a later one of the same message."""

    message_id: int
    attempt: int
    send: Send


def drain(unit: Unit, outside: Outside, voice: Voice, limit: int = 50) -> int:
    """Send what is due, at most `limit` messages; returns how many were dealt with. Many may drain at once."""
    with unit(CLOCK) as ctx:
        for buried in outgoing.lose_expired(ctx):
            _give_up(ctx, buried.kind, buried.payload)
    seen = dealt_with = newest = 0
    while seen < limit:
        with unit.reading(CLOCK) as ctx:
            newest = newest or outgoing.newest(ctx)  # what comes of these is for the next sweep
            ids = outgoing.due(ctx, limit - seen, newest)
        done = sum(_one(unit, outside, voice, message_id) for message_id in ids)
        seen, dealt_with = seen + len(ids), dealt_with + done
        if not done:
            break
    return dealt_with


def _one(unit: Unit, outside: Outside, voice: Voice, message_id: int) -> bool:
    try:
        with unit(CLOCK) as ctx:
            leased = _prepare(ctx, outside, voice, message_id)
    except Busy:  # the next sweep finds it again
        return False
    except Exception:
        log.exception("a message could not be prepared", message=message_id)
        with unit(CLOCK) as ctx:
            if (message := outgoing.lease(ctx, message_id)) is not None:
                outgoing.failed(ctx, message, "could not be prepared")
        return False
    if not isinstance(leased, Leased):
        return leased
    return _send(unit, leased)


def _prepare(ctx: Ctx, outside: Outside, voice: Voice, message_id: int) -> Leased | bool:
    message = outgoing.lease(ctx, message_id)
    if message is None:
        return False
    if message.expires_at is not None and message.expires_at <= ctx.now:
        outgoing.bury(ctx, message, "expired")
        return True
    prepare = PREPARE.get(message.kind)
    if prepare is None:
        outgoing.bury(ctx, message, "no such kind")
        return True
    match prepare(Sending(ctx, outside, voice, message)):
        case Nothing(why):
            outgoing.sent(ctx, message, why)
            return True
        case Later(until):
            outgoing.postpone(ctx, message, until)
            return False
        case Send() as send:
            outgoing.will_leave(ctx, message, repeatable=send.repeatable)
            return Leased(message.id, message.attempts, send)


def _send(unit: Unit, leased: Leased) -> bool:
    """Call the outside, then note it; what the outside did is never undone by our own bookkeeping."""
    error: Exception | None = None
    result = ""
    try:
        result = leased.send.act()
    except Exception as raised:
        error = raised
    for _ in range(NOTING_TRIES):
        try:
            return _note(unit, leased, result, error)
        except Busy:  # what was sent must not be sent again only because the database was busy
            continue
    return False


def _note(unit: Unit, leased: Leased, result: str, error: Exception | None) -> bool:
    with unit(CLOCK) as ctx:
        message = outgoing.mine(ctx, leased.message_id, leased.attempt)
        if message is None:  # the lease ran out meanwhile, and somebody else judged it
            return False
        if (turn := leased.send.turn) is not None:
            over = not isinstance(error, Unknown)  # else it may still arrive, and keeps its place in the windows
            speaking.leave(ctx, turn.binding, spoke=over)
            if over:
                windows.settle(ctx, turn.channel, turn.shared, turn.at)
        if (claim := leased.send.claim) is not None and (error is None or isinstance(error, Refused | Unreachable)):
            made = error is None and result == claim.made
            windows.settle(ctx, claim.channel, claim.limits, claim.at, claim.place, made=made)
        if error is None:
            outgoing.sent(ctx, message)
            leased.send.after(ctx, result)
            return True
        alive = _trouble(ctx, leased, message.id, error)
        if not alive and leased.send.unsent:
            leased.send.unsent(ctx)
    return False


def _trouble(ctx: Ctx, leased: Leased, message_id: int, error: Exception) -> bool:
    """Judge a failure; True when the message will be tried again. Error texts of the ports hold no personal data."""
    message = outgoing.mine(ctx, message_id, leased.attempt)
    if message is None:
        return False
    why = f"{type(error).__name__} {getattr(error, 'code', '')}".strip()
    turn = leased.send.turn
    if isinstance(error, ChatMoved) and turn is not None and speaking.moved(ctx, turn.binding, error.new_chat_id):
        outgoing.postpone(ctx, message, ctx.now)
        return True
    if isinstance(error, ChatGone | ChatMoved):
        if turn is not None:
            speaking.gone(ctx, turn.binding, why)
        outgoing.bury(ctx, message, why)
        return False
    if isinstance(error, Refused):
        return _refused(ctx, leased, message, why)
    if isinstance(error, Unreachable):
        return outgoing.failed(ctx, message, why, _cooled(ctx, turn, error))
    return outgoing.lost(ctx, message, why)


def _refused(ctx: Ctx, leased: Leased, message: OutboxMessage, why: str) -> bool:
    if leased.send.refused is None:
        outgoing.bury(ctx, message, why)
        return False
    leased.send.refused(ctx)
    outgoing.postpone(ctx, message, ctx.now)
    return True


def _cooled(ctx: Ctx, turn: Turn | None, error: Unreachable) -> int:
    """Where we were too often, nobody speaks until the platform lets us; returns the seconds, 0 for other trouble."""
    if turn is None or not (error.retry_after or error.code in TOO_OFTEN):
        return error.retry_after
    seconds = max(error.retry_after, turn.cool_down, 1)
    speaking.shut_out(ctx, turn.binding, seconds)
    if turn.shared:  # whose limit it was is not said: all wait for a window, this chat as long as it was told
        pause = min(seconds, max(limit.seconds for limit in turn.shared))
        windows.close(ctx, turn.channel, ctx.now + timedelta(seconds=pause))
    return seconds


def _give_up(ctx: Ctx, kind: str, payload: dict[str, object]) -> None:
    """What a buried message leaves behind: its person has it on the page."""
    if kind == "chat_mention":
        notifying.mentions_failed(ctx, str(payload["campaign"]))
    if kind == "notify":
        notifying.only_page(ctx, str(payload["notification"]))
