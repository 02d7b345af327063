"""Booking: one entry per event and cause, balanced before it is written, never written twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from domain.ids import new_id
from domain.ledger import Leg, is_balanced
from domain.posting_rules import Event, legs
from models import JournalEntry, Order, Posting
from services.context import Ctx
from services.writing import append_all, insert_all


@dataclass(frozen=True)
class Booking:
    """One entry to be: its unrepeatable `cause`, its amounts in fen by name, and the owners its rule asks for."""

    cause: str
    amounts: Mapping[str, int]
    order: Order | Row[Any] | None = None
    owners: Mapping[str, str] | None = None


def post(ctx: Ctx, event: Event, cause: str, amounts: Mapping[str, int], *, order: Order | None = None,
         owners: Mapping[str, str] | None = None) -> bool:  # fmt: skip
    """Book `event` for `amounts` (fen) once per `cause`; True when it was booked now.

    Nothing is written when every amount is zero. Raises ValueError if the legs do not balance.
    """
    return post_all(ctx, event, [Booking(cause, amounts, order, owners)]) == 1


def post_all(ctx: Ctx, event: Event, bookings: Sequence[Booking]) -> int:
    """Book `event` once per cause, many entries to a statement; returns how many were booked now.

    Bookings of nothing but zeros are left out. Raises ValueError if the legs of one do not balance.
    """
    booked: dict[str, list[Leg]] = {}
    rows: list[dict[str, Any]] = []
    now = ctx.now
    for booking in bookings:
        found = legs(event, booking.amounts, booking.owners)
        if not is_balanced(found):
            raise ValueError(f"{event} does not balance")
        if found:
            booked[booking.cause] = found
            rows.append(_row(booking, now))
    same = {"event": event, "posted_at": now}
    entries = insert_all(ctx.session, JournalEntry, rows, JournalEntry.id, JournalEntry.cause, same=same)
    postings = [
        {"entry_id": entry_id, "account": leg.account, "owner": leg.owner, "amount_fen": leg.amount_fen}
        for entry_id, cause in entries
        for leg in booked[cause]
    ]
    append_all(ctx.session, Posting, postings)
    return len(entries)


def _row(booking: Booking, now: datetime) -> dict[str, Any]:
    order = booking.order
    return {
        "public_id": new_id("JournalEntry", now),
        "cause": booking.cause,
        "order_id": order.id if order else None,
        "campaign_id": order.campaign_id if order else None,
    }
