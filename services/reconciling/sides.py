"""Both sides of a day, read set by set: the rows of its bills, and what we know of the numbers they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from domain.clock import business_date
from domain.reconciling import Difference, OurPayment, OurPayout, OurRefund, Theirs
from models import BillCase, BillRow, Payment, Payout, Refund, SuspenseCase
from services.context import Ctx

AT_GATEWAY = ("submitted", "succeeded", "abnormal")


@dataclass(frozen=True)
class Standing:
    """A row of the day that its newest file shows."""

    id: int
    kind: str
    matched: bool
    repeats: bool
    says: Theirs

    @property
    def subject(self) -> str:
        """What a case about it is called."""
        return self.says.number or self.says.gateway_number


@dataclass(frozen=True)
class Known:
    """What we know of the numbers of a day; `unbilled` are refunds of the same payments that no bill shows.

    One leaves `unbilled` when it is taken for a row's.
    """

    payments: Mapping[str, OurPayment]
    refunds: Mapping[str, OurRefund]
    payouts: Mapping[str, OurPayout]
    unbilled: Mapping[str, list[tuple[str, OurRefund]]]


def rows_of(ctx: Ctx, day: date) -> list[Standing]:
    """The day's rows of both bills as their newest files have them, without the movements behind trades."""
    earlier = aliased(BillRow)
    same_thing = (earlier.gateway_number == BillRow.gateway_number) | (
        BillRow.kind.in_(("transfer", "transfer_back")) & (earlier.number == BillRow.number)
    )
    before = (earlier.day < BillRow.day) | ((earlier.day == BillRow.day) & (earlier.id < BillRow.id))
    repeats = select(earlier.id).where(earlier.kind == BillRow.kind, same_thing, before, ~earlier.withdrawn)
    statement = select(
        BillRow.id, BillRow.kind, BillRow.matched, repeats.exists(), BillRow.number, BillRow.gateway_number,
        BillRow.payment_number, BillRow.is_ours, BillRow.state, BillRow.amount_fen, BillRow.total_fen,
        BillRow.fee_fen, BillRow.day,
    ).where(BillRow.day == day, ~BillRow.withdrawn, BillRow.kind.not_like("flow_%"))  # fmt: skip
    rows = ctx.session.execute(statement.order_by(BillRow.id))
    return [Standing(row[0], row[1], row[2], row[3], Theirs(*tuple(row)[4:])) for row in rows]


def told_since() -> Any:
    """Days with an open case about a payment or refund of which we knew too little, and know enough by now."""
    number = BillRow.number
    paid = select(Payment.id).where(Payment.public_id == number, Payment.state == "succeeded")
    taken = select(Refund.id).where(Refund.public_id == number, Refund.state.in_(AT_GATEWAY))
    heard = select(SuspenseCase.id).where(
        SuspenseCase.transaction_id == BillRow.gateway_number, SuspenseCase.payment_id.is_(None)
    )  # fmt: skip
    open_, missing = BillCase.state == "open", BillCase.difference == Difference.MISSING_HERE
    status = and_(BillCase.difference == Difference.STATUS, BillRow.state == "SUCCESS")
    knows = or_(
        and_(status, BillRow.kind == "payment", paid.exists()),
        and_(status, BillRow.kind == "refund", taken.exists()),
        and_(missing, BillRow.kind == "payment", heard.exists()),
    )
    return select(BillCase.day).join(BillRow, BillRow.id == BillCase.bill_row_id).where(open_, knows)


def known(ctx: Ctx, day: date) -> Known:
    """What we know of every number that the day's rows name, in a fixed number of statements."""
    rows = _refund_rows(ctx, day)
    refunds = {row.public_id: ours for row, ours in rows}
    billed = set(
        ctx.session.scalars(
            select(BillRow.number).where(
                BillRow.kind == "refund", ~BillRow.withdrawn, BillRow.number.in_(_refunds_named(day))
            )
        )
    )
    unbilled: dict[str, list[tuple[str, OurRefund]]] = {}
    for row, ours in rows:
        if row.public_id not in billed and ours.state in AT_GATEWAY and ours.channel == "gateway":
            unbilled.setdefault(ours.payment_number, []).append((row.public_id, ours))
    return Known(_payments(ctx, day), refunds, _payouts(ctx, day), unbilled)


def _payments(ctx: Ctx, day: date) -> dict[str, OurPayment]:
    on_day = (BillRow.day == day, BillRow.kind == "payment")
    ours = (
        select(
            Payment.public_id, Payment.state, Payment.settled_fen, Payment.received_fen, Payment.transaction_id,
            Payment.succeeded_at,
        )
        .join(BillRow, BillRow.number == Payment.public_id)
        .where(*on_day, Payment.method == "wechat")
    )  # fmt: skip
    unknown = (
        select(
            SuspenseCase.out_trade_no, SuspenseCase.settled_fen, SuspenseCase.received_fen, SuspenseCase.transaction_id
        )
        .join(BillRow, BillRow.gateway_number == SuspenseCase.transaction_id)
        .where(*on_day, SuspenseCase.payment_id.is_(None))
    )
    found = {row[0]: OurPayment("succeeded", row[1], row[2], row[3], None) for row in ctx.session.execute(unknown)}
    for number, state, settled, received, transaction_id, at in ctx.session.execute(ours):
        found[number] = OurPayment(state, settled, received, transaction_id or "", _day(at))
    return found


def _refunds_named(day: date) -> Any:
    """Numbers of all refunds of every payment that the day's refund rows name, by its number or by theirs."""
    by_payment = (
        select(Payment.id)
        .join(BillRow, BillRow.payment_number == Payment.public_id)
        .where(BillRow.day == day, BillRow.kind == "refund")
    )
    by_number = (
        select(Refund.payment_id)
        .join(BillRow, BillRow.number == Refund.public_id)
        .where(BillRow.day == day, BillRow.kind == "refund")
    )
    return select(Refund.public_id).where(Refund.payment_id.in_(by_payment.union(by_number)))


def _refund_rows(ctx: Ctx, day: date) -> list[tuple[Any, OurRefund]]:
    statement = (
        select(
            Refund.public_id, Refund.payment_id, Refund.state, Refund.channel, Refund.settled_fen, Refund.amount_fen,
            Refund.succeeded_at, Payment.public_id.label("payment"), Payment.settled_fen.label("whole"),
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.public_id.in_(_refunds_named(day)))
        .order_by(Refund.payment_id, Refund.first_sent_at, Refund.id)
    )  # fmt: skip
    rows = ctx.session.execute(statement).all()
    return [pair for _, some in groupby(rows, key=lambda row: row.payment_id) for pair in _in_turn(some)]


def _in_turn(rows: Iterable[Any]) -> Iterable[tuple[Any, OurRefund]]:
    """The refunds of one payment in the order in which the gateway took them."""
    before = 0
    for row in rows:
        yield row, OurRefund(
            row.state, row.channel, row.settled_fen, row.amount_fen, row.payment, row.whole, before,
            _day(row.succeeded_at),
        )  # fmt: skip
        if row.state in AT_GATEWAY:  # one paid by hand in the end had been taken first, or has no settled part
            before += row.settled_fen


def _payouts(ctx: Ctx, day: date) -> dict[str, OurPayout]:
    statement = (
        select(Payout.out_bill_no, Payout.state, Payout.amount_fen)
        .join(BillRow, BillRow.number == Payout.out_bill_no)
        .where(BillRow.day == day, BillRow.kind.in_(("transfer", "transfer_back")))
    )
    return {number: OurPayout(state, fen) for number, state, fen in ctx.session.execute(statement)}


def _day(at: datetime | None) -> date | None:
    return None if at is None else business_date(at)
