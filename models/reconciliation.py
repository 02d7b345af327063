"""The gateway's bills as they came, row by row, what was booked from them, and the differences to be explained."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.reconciling import Difference
from domain.state_tables import BILL_CASE
from models.base import Base, Line, Pk, PublicId, Stated, Word, one_of, state_check

BILLS = ("trade", "fund_flow")


class BillDay(Base):
    """How far one kind of bill has come for one day (a Shanghai date).

    `status` is waiting (asked for, not written yet), refused (a file came that cannot be believed), empty (the gateway
    had no movement) or imported. `file_id` is the file that counts; `waiting_since` when it was first not ready;
    `matched_at` is empty while rows wait to be matched; `balance_fen` is the balance after the day's last movement.
    """

    __tablename__ = "bill_days"
    __table_args__ = (
        one_of("kind", BILLS, "kind"),
        one_of("status", ("waiting", "refused", "empty", "imported"), "status"),
        UniqueConstraint("kind", "day"),
    )

    id: Mapped[Pk]
    kind: Mapped[Word]
    day: Mapped[date] = mapped_column(Date)
    status: Mapped[Word] = mapped_column(default="waiting")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("bill_files.id"))
    asked_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    matched_at: Mapped[datetime | None]
    balance_fen: Mapped[int | None]


class BillFile(Base):
    """One file of one day's bill; its bytes live behind the file port under `sha256`.

    `outcome` is imported, hash (not the file its hash was made of) or totals (its rows do not make its sums).
    """

    __tablename__ = "bill_files"
    __table_args__ = (
        one_of("kind", BILLS, "kind"),
        one_of("outcome", ("imported", "hash", "totals"), "outcome"),
        UniqueConstraint("kind", "day", "sha256"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    kind: Mapped[Word]
    day: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Word]
    row_count: Mapped[int]
    fetched_at: Mapped[datetime]


class BillRow(Base):
    """One row of a bill, once however often the bill is read; amounts in fen and never negative, but for a fee back.

    `kind` is payment or refund (trade bill); flow_payment, flow_fee, flow_refund, flow_fee_back, transfer,
    transfer_back, top_up, withdrawal, other_in or other_out (fund-flow bill). `number` is ours as the row gives it,
    `payment_number` a refund's payment, `gateway_number` the gateway's (a movement's own in the fund flow).
    `withdrawn` when a corrected file no longer shows it; `matched` once it met its counterpart and was booked.
    """

    __tablename__ = "bill_rows"
    __table_args__ = (
        UniqueConstraint("kind", "day", "gateway_number", "occurrence"),
        Index("ix_bill_rows_number", "number"),
        Index("ix_bill_rows_gateway_number", "gateway_number"),
        Index("ix_bill_rows_day_kind", "day", "kind"),
    )

    id: Mapped[Pk]
    bill_file_id: Mapped[int] = mapped_column(ForeignKey("bill_files.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[Word]
    number: Mapped[str] = mapped_column(String(64))
    payment_number: Mapped[str] = mapped_column(String(64), default="")
    gateway_number: Mapped[str] = mapped_column(String(64))
    occurrence: Mapped[int] = mapped_column(default=1)
    is_ours: Mapped[bool] = mapped_column(default=True)
    state: Mapped[Word]
    amount_fen: Mapped[int]
    total_fen: Mapped[int]
    fee_fen: Mapped[int] = mapped_column(default=0)
    traded_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    matched: Mapped[bool] = mapped_column(default=False)


class BillBooking(Base):
    """What was booked of one number from the bills, entry by entry (fen).

    `kind` says which part of the bill it is, or that people accepted a difference; `clearing_fen` is what the entry
    did to gateway clearing, so that what is left there can be told number by number. `cause` is its journal entry's.
    """

    __tablename__ = "bill_bookings"
    __table_args__ = (
        one_of("kind", ("payment", "refund", "fee", "transfer", "transfer_back", "funds", "accepted"), "kind"),
        Index("ix_bill_bookings_number_kind", "number", "kind"),
    )

    id: Mapped[Pk]
    cause: Mapped[str] = mapped_column(String(120), unique=True)
    number: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Word]
    amount_fen: Mapped[int]
    clearing_fen: Mapped[int]
    booked_at: Mapped[datetime]


class BillCase(Stated, Base):
    """One difference between a day's bill and our books: what kind, on what, whose task, and how it ended.

    `subject` is the number (ours, where there is one) or the file or line it is about; `source` the comparison that
    found it: file, trade, missing or flow.
    """

    __tablename__ = "bill_cases"
    __table_args__ = (
        state_check(BILL_CASE),
        one_of("difference", Difference, "difference"),
        one_of("source", ("trade_file", "fund_flow_file", "trade", "missing", "flow"), "source"),
        UniqueConstraint("day", "difference", "subject"),
        Index("ix_bill_cases_state_day", "state", "day"),
        Index("ix_bill_cases_subject", "subject"),
    )

    public_id: Mapped[PublicId]
    day: Mapped[date] = mapped_column(Date)
    difference: Mapped[Word]
    subject: Mapped[str] = mapped_column(String(80))
    source: Mapped[Word]
    bill_row_id: Mapped[int | None] = mapped_column(ForeignKey("bill_rows.id"))
    ours_fen: Mapped[int] = mapped_column(default=0)
    theirs_fen: Mapped[int] = mapped_column(default=0)
    detail: Mapped[Line]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    resolution: Mapped[Word] = mapped_column(default="")
    resolved_words: Mapped[Line] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
