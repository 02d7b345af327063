"""Booking: one entry per event and cause, balanced before it is written, never written twice."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from domain.ids import new_id
from domain.ledger import is_balanced
from domain.posting_rules import Event, legs
from models import JournalEntry, Order, Posting
from services.context import Ctx
from services.writing import insert_ignoring


def post(ctx: Ctx, event: Event, cause: str, amounts: Mapping[str, int], *, order: Order | None = None,
         owners: Mapping[str, str] | None = None) -> bool:  # fmt: skip
    """Book `event` for `amounts` (fen) once per `cause`; True when it was booked now.

    Nothing is written when every amount is zero. Raises ValueError if the legs do not balance.
    """
    booked = legs(event, amounts, owners)
    if not is_balanced(booked):
        raise ValueError(f"{event} does not balance")
    if not booked:
        return False
    public_id = new_id("JournalEntry", ctx.now)
    if not insert_ignoring(
        ctx.session, JournalEntry, ["event", "cause"], public_id=public_id, event=event, cause=cause,
        order_id=order.id if order else None, campaign_id=order.campaign_id if order else None, posted_at=ctx.now,
    ):  # fmt: skip
        return False
    entry_id = ctx.session.scalars(select(JournalEntry.id).where(JournalEntry.public_id == public_id)).one()
    ctx.session.add_all(
        Posting(entry_id=entry_id, account=leg.account, owner=leg.owner, amount_fen=leg.amount_fen) for leg in booked
    )
    return True
