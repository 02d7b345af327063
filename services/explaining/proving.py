"""Laying the journal beside the rows: what entries left on each account, and where that is not what it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select

from models import BillBooking, JournalEntry, Posting
from services.context import Ctx
from services.explaining import facts
from services.explaining.holdings import Key, Numbers
from services.explaining.shapes import Difference


def booked(ctx: Ctx, which: ColumnElement[bool]) -> Counter[Key]:
    """What the entries that `which` chooses leave on each account of each owner."""
    ctx.session.flush()
    statement = (
        select(Posting.account, Posting.owner, func.sum(Posting.amount_fen))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(which)
        .group_by(Posting.account, Posting.owner)
    )
    return Counter({(account, owner): int(fen) for account, owner, fen in ctx.session.execute(statement)})


def differences(ctx: Ctx, found: Mapping[Key, int], expected: Mapping[Key, int]) -> list[Difference]:
    """Every account that does not hold what the rows say, by name."""
    wrong = sorted(key for key in {*found, *expected} if found.get(key, 0) != expected.get(key, 0))
    names = facts.names_of(ctx, {owner for _, owner in wrong})
    return [
        Difference(account, names.get(owner, owner), found.get((account, owner), 0), expected.get((account, owner), 0))
        for account, owner in wrong
    ]


def bookings(ctx: Ctx, numbers: Numbers) -> list[BillBooking]:
    """What the gateway's bills have booked of these numbers."""
    return list(
        ctx.session.scalars(select(BillBooking).where(BillBooking.number.in_(numbers)).order_by(BillBooking.id))
    )


def from_bills(numbers: Numbers) -> ColumnElement[bool]:
    """The entries that the gateway's bills have made for these numbers."""
    return JournalEntry.cause.in_(select(BillBooking.cause).where(BillBooking.number.in_(numbers)))
