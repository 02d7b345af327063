"""What stands in gateway clearing, number by number: what we booked of it less what its bills have cleared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Subquery, func, literal, select, union_all

from models import BillBooking, Payment, Payout, Refund, SuspenseCase
from services.context import Ctx
from services.reconciling.sides import AT_GATEWAY


def parts() -> Subquery:
    """Rows of (number, kind, fen): each captured, refunded or transferred sum, and each booking from the bills."""
    return union_all(
        select(Payment.public_id.label("number"), literal("payment").label("kind"), Payment.settled_fen.label("fen"))
        .where(Payment.state == "succeeded", Payment.method == "wechat"),
        select(SuspenseCase.out_trade_no, literal("unknown"), SuspenseCase.settled_fen)
        .where(SuspenseCase.payment_id.is_(None)),
        select(Refund.public_id, literal("refund"), -Refund.settled_fen)
        .where(Refund.state.in_(AT_GATEWAY), Refund.channel == "gateway"),
        select(Payout.out_bill_no, literal("payout"), -Payout.amount_fen).where(Payout.state == "succeeded"),
        select(BillBooking.number, literal(""), BillBooking.clearing_fen),
    ).subquery()  # fmt: skip


def left_by_number(*having: Any) -> Any:
    """(number, kind, fen) of every number that is not cleared to nothing, or of those `having` chooses."""
    rows = parts()
    left = func.sum(rows.c.fen)
    return (
        select(rows.c.number, func.max(rows.c.kind).label("kind"), left.label("fen"))
        .group_by(rows.c.number)
        .having(left != 0, *having)
        .order_by(rows.c.number)
    )


def left(ctx: Ctx, number: str) -> int:
    """What stands in clearing for one number, fen."""
    rows = parts()
    return int(ctx.session.scalar(select(func.coalesce(func.sum(rows.c.fen), 0)).where(rows.c.number == number)) or 0)
