"""Sharing a campaign's card: the platform makes the card changeable, and vouches for the chat it was opened in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.actors import Actor
from domain.errors import Invalid, LoginRefused, TooMany
from services import people
from services.chat import sharing
from services.chat.sharing import Opened, Ticket
from services.context import Unit
from services.ports import BadNotice, Outside, Refused

TICKETS_A_MINUTE = 10
OPENINGS_A_MINUTE = 30
MINUTE = 60
ENTRY_AGE = timedelta(minutes=5)


@dataclass(frozen=True)
class TakeShare:
    """How the card is posted: `updatable` (counts n/m) or `chat_tool` (who takes part)."""

    mode: str


@dataclass(frozen=True)
class OpenShare:
    """What the client has of the chat: sealed under the session key that the fresh `js_code` is exchanged for."""

    js_code: str
    encrypted_data: str
    iv: str


def take(unit: Unit, outside: Outside, actor: Actor, campaign_id: str, command: TakeShare) -> Ticket:
    """A ticket to share a campaign's card; two asked for at once are two good tickets.

    Raises `NotFound`, `NotOpen`, `TooMany`, or the platform's failure with nothing kept.
    """
    with unit(actor) as ctx:
        ticket = sharing.reusable(ctx, campaign_id, command.mode)
    if ticket is not None:
        return ticket
    if outside.counters.hit(f"share:{actor.resident_id}", MINUTE) > TICKETS_A_MINUTE:
        raise TooMany(retry_after=MINUTE)
    activity = outside.mini_program.create_activity()
    with unit(actor) as ctx:
        return sharing.keep(ctx, campaign_id, command.mode, activity)


def open_shared(unit: Unit, outside: Outside, actor: Actor, share_id: str, command: OpenShare) -> Opened:
    """Note in which chat the actor opened a card.

    Raises `NotFound`, `ShareOver`, `LoginRefused` (a bad code or another person's), `Invalid` (not genuine, or old),
    `TooMany`, or the platform's failure.
    """
    with unit.reading(actor) as ctx:
        sharing.openable(ctx, share_id)
        openid, now = people.myself(ctx).openid, ctx.now
    if outside.counters.hit(f"share-opened:{actor.resident_id}", MINUTE) > OPENINGS_A_MINUTE:
        raise TooMany(retry_after=MINUTE)
    try:
        login = outside.mini_program.login(command.js_code)
    except Refused:
        raise LoginRefused from None
    if login.openid != openid:
        raise LoginRefused
    try:
        entry = outside.mini_program.group_entry(login.session_key, command.encrypted_data, command.iv)
    except BadNotice:
        raise Invalid("is not what the platform gave; log in again and ask it anew", field="encrypted_data") from None
    if abs(now - entry.at) > ENTRY_AGE:
        raise Invalid("is too old; ask the platform anew", field="encrypted_data")
    with unit(actor) as ctx:
        return sharing.opened(ctx, share_id, entry)
