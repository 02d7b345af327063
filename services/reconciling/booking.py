"""Booking what the bills say, number by number: only the change from what stands, under a cause of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from domain.posting_rules import Event
from models import BillBooking
from services import ledger
from services.context import Ctx
from services.ledger import Booking
from services.writing import insert_all


@dataclass(frozen=True)
class Part:
    """How one part of the bill is booked: its event, and the sign it gives the bank balance and gateway clearing."""

    event: Event
    sign: int
    clearing: int


PARTS: Mapping[str, Part] = {
    "payment": Part(Event.BILL_TRADE, 1, -1),
    "refund": Part(Event.BILL_REFUND, 1, 1),
    "fee": Part(Event.BILL_FEE, 1, 0),
    "transfer": Part(Event.BILL_TRANSFER, 1, 1),
    "transfer_back": Part(Event.BILL_TRANSFER, -1, 1),
    "funds": Part(Event.BILL_FUNDS, 1, 0),
    "accepted": Part(Event.DIFFERENCE_ACCEPTED, 1, -1),
}


@dataclass(frozen=True)
class Target:
    """What is to stand booked of one part of one number in all (fen)."""

    kind: str
    number: str
    fen: int


Booked = Mapping[tuple[str, str], tuple[int, int]]
"""(kind, number) -> the sum booked and how many entries made it."""


def booked(ctx: Ctx, which: ColumnElement[bool]) -> Booked:
    """What stands booked of the numbers that `which` chooses among the bookings."""
    statement = (
        select(BillBooking.kind, BillBooking.number, func.sum(BillBooking.amount_fen), func.count())
        .where(which)
        .group_by(BillBooking.kind, BillBooking.number)
    )
    return {(kind, number): (int(fen), int(count)) for kind, number, fen, count in ctx.session.execute(statement)}


def book(ctx: Ctx, targets: Iterable[Target], before: Booked) -> int:
    """Book the difference between each target and what stands `before`; returns how many entries were made.

    The caller holds the day's row; a rival that slipped through meets the unrepeatable cause.
    """
    rows = []
    for target in targets:
        stands, count = before.get((target.kind, target.number), (0, 0))
        if target.fen != stands:
            amount, cause = target.fen - stands, f"bill:{target.kind}:{target.number}:{count}"
            rows.append({
                "cause": cause, "number": target.number, "kind": target.kind, "amount_fen": amount,
                "clearing_fen": PARTS[target.kind].clearing * PARTS[target.kind].sign * amount, "booked_at": ctx.now,
            })  # fmt: skip
    made = insert_all(ctx.session, BillBooking, rows, BillBooking.kind, BillBooking.cause, BillBooking.amount_fen)
    for kind in sorted({kind for kind, _, _ in made}):
        part = PARTS[kind]
        entries = [Booking(cause, {"amount": part.sign * fen}) for of, cause, fen in made if of == kind]
        ledger.post_all(ctx, part.event, entries)
    return len(made)
