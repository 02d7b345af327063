"""Transcripts for the operator: masked, newest first, and each look is on record with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select

from domain.actors import Role
from domain.clock import SHANGHAI
from domain.errors import Invalid
from domain.privacy import masked_name
from models import ChatBinding, ChatEvent, ChatIdentity, Resident
from services import audit
from services.chat import transcripts
from services.chat.identities import CUSTOMER
from services.chat.transcripts import Exchange
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced

Event = Row[int, str, str | None, datetime]
Names = dict[tuple[str, str], tuple[str, bool]]
"""(nickname, whether it is to be hidden whole) by channel and name there."""
UNKNOWN = "未绑定的人"


@dataclass(frozen=True)
class Turn:
    """One turn: `at` is Shanghai time, `by` the masked speaker, `told` what was answered ("" for no words)."""

    at: datetime
    channel: str
    by: str
    said: str
    told: str


def of_chat(ctx: Ctx, chat_id: str, reason: str, page: Page) -> Slice[Turn]:
    """What was said to the bot in a bound chat (public id), newest first.

    Writes one audit record, or raises `NotFound`, or `Invalid` without a reason.
    """
    ctx.require(Role.OPERATOR)
    chat = by_public_id(ctx, ChatBinding, chat_id)
    _note(ctx, "chat_binding", chat.id, reason)
    return _turns(ctx, [transcripts.room_of(ctx, chat.channel, chat.remote_chat_id)], page)


def of_resident(ctx: Ctx, resident_id: str, reason: str, page: Page) -> Slice[Turn]:
    """What a resident (public id) said to the bot alone, on every channel; otherwise as `of_chat`."""
    ctx.require(Role.OPERATOR)
    person = by_public_id(ctx, Resident, resident_id)
    _note(ctx, "resident", person.id, reason)
    known = select(ChatIdentity.channel, ChatIdentity.remote_user_id).where(ChatIdentity.resident_id == person.id)
    names = [(CUSTOMER, person.openid), *((row[0], row[1]) for row in ctx.session.execute(known))]
    return _turns(ctx, [transcripts.room_of(ctx, channel, "", name) for channel, name in names], page)


def _note(ctx: Ctx, subject: str, subject_id: int, reason: str) -> None:
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    audit.record(ctx, subject, subject_id, "read_transcript", reason=reason)


def _turns(ctx: Ctx, rooms: Sequence[str], page: Page) -> Slice[Turn]:
    statement = (
        select(ChatEvent.id, ChatEvent.channel, ChatEvent.turn_enc, ChatEvent.received_at)
        .where(ChatEvent.room.in_(rooms), ChatEvent.turn_enc.is_not(None), older(ChatEvent.id, page))
        .order_by(ChatEvent.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    said = {row.id: transcripts.opened(ctx, row.turn_enc) for row in rows}
    names = _names(ctx, {(row.channel, said[row.id].by) for row in rows})
    hide = _hiding(names.values())
    return sliced(rows, page, lambda row: int(row.id), lambda row: _turn(row, said[row.id], names, hide))


def _turn(row: Event, turn: Exchange, names: Names, hide: Callable[[str], str]) -> Turn:
    known = names.get((row.channel, turn.by))
    by = masked_name(*known) if known else UNKNOWN
    return Turn(row.received_at.astimezone(SHANGHAI), row.channel, by, hide(turn.said), hide(turn.told))


def _names(ctx: Ctx, speakers: Iterable[tuple[str, str]]) -> Names:
    """Who spoke, by at most two statements."""
    openids = {name for channel, name in speakers if channel == CUSTOMER}
    elsewhere = {name for channel, name in speakers if channel != CUSTOMER}
    found: Names = {}
    if openids:
        people = select(Resident.openid, Resident.nickname, Resident.anonymous).where(Resident.openid.in_(openids))
        found |= {(CUSTOMER, row[0]): (row[1], row[2]) for row in ctx.session.execute(people)}
    if elsewhere:
        known = (
            select(ChatIdentity.channel, ChatIdentity.remote_user_id, Resident.nickname, Resident.anonymous)
            .join(Resident, Resident.id == ChatIdentity.resident_id)
            .where(ChatIdentity.remote_user_id.in_(elsewhere))
        )
        found |= {(row[0], row[1]): (row[2], row[3]) for row in ctx.session.execute(known)}
    return found


def _hiding(names: Iterable[tuple[str, bool]]) -> Callable[[str], str]:
    """Hides the nicknames of the talk's own people wherever they are written out, the longest first."""
    whole = sorted({name for name in names if len(name[0]) > 1}, key=lambda name: len(name[0]), reverse=True)

    def hide(text: str) -> str:
        for nickname, anonymous in whole:
            text = text.replace(nickname, masked_name(nickname, anonymous))
        return text

    return hide
