"""The gateway's bills as they came, row by row, and the differences that somebody must explain."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.reconciling import Difference
from domain.state_tables import BILL_CASE
from models.base import Base, Line, Pk, PublicId, Stated, Word, one_of, state_check


class BillFile(Base):
    """One fetch of one day's bill; the bytes live behind the file port under `sha256`. `kind` is trade or fund_flow."""

    __tablename__ = "bill_files"
    __table_args__ = (one_of("kind", ("trade", "fund_flow"), "kind"), UniqueConstraint("kind", "day", "sha256"))

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    kind: Mapped[Word]
    day: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64))
    hash_matches: Mapped[bool]
    row_count: Mapped[int]
    fetched_at: Mapped[datetime]


class BillRow(Base):
    """One row of a bill, once however often the bill is read; amounts in fen, `day` is the bill's.

    `kind` is payment, refund, fee, transfer, transfer_back, top_up or withdrawal; `number` is ours as the row gives
    it; `matched` once it met its counterpart and was booked.
    """

    __tablename__ = "bill_rows"
    __table_args__ = (
        UniqueConstraint("kind", "gateway_number", "occurrence"),
        Index("ix_bill_rows_number", "number"),
        Index("ix_bill_rows_day_kind", "day", "kind"),
    )

    id: Mapped[Pk]
    bill_file_id: Mapped[int] = mapped_column(ForeignKey("bill_files.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[Word]
    number: Mapped[str] = mapped_column(String(64))
    gateway_number: Mapped[str] = mapped_column(String(64))
    occurrence: Mapped[int] = mapped_column(default=1)
    merchant: Mapped[str] = mapped_column(String(32))
    state: Mapped[Word]
    amount_fen: Mapped[int]
    total_fen: Mapped[int]
    fee_fen: Mapped[int] = mapped_column(default=0)
    traded_at: Mapped[datetime]
    matched: Mapped[bool] = mapped_column(default=False)


class BillCase(Stated, Base):
    """One difference between a day's bill and our books: what kind, on what, whose task, and how it ended."""

    __tablename__ = "bill_cases"
    __table_args__ = (
        state_check(BILL_CASE),
        one_of("difference", Difference, "difference"),
        UniqueConstraint("day", "difference", "subject"),
        Index("ix_bill_cases_state_day", "state", "day"),
    )

    public_id: Mapped[PublicId]
    day: Mapped[date] = mapped_column(Date)
    difference: Mapped[Word]
    subject: Mapped[str] = mapped_column(String(80))
    bill_row_id: Mapped[int | None] = mapped_column(ForeignKey("bill_rows.id"))
    ours_fen: Mapped[int] = mapped_column(default=0)
    theirs_fen: Mapped[int] = mapped_column(default=0)
    detail: Mapped[Line]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    resolution: Mapped[Word] = mapped_column(default="")
    resolved_words: Mapped[Line] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
