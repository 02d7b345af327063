"""What is owed to leaders, keepers of points and merchants: statements, payouts, bank files, decisions of two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import PAYOUT, PROPOSAL, SETTLEMENT
from models.base import Base, Line, Pk, PublicId, Stated, Word, one_of, state_check

PAYEE_KINDS = ("leader", "point", "merchant")


class Settlement(Stated, Base):
    """A payee's statement up to `until`: the sum (fen, above 0) of the postings its lines name.

    `payee` is the owner of those postings: the public id of a leader, a point or a merchant. `resident_id` is who is
    paid by transfer: the leader, or who kept the point when it was drafted; None for a merchant.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        state_check(SETTLEMENT),
        one_of("payee_kind", PAYEE_KINDS, "payee_kind"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_settlements_payee_kind_payee", "payee_kind", "payee"),
    )

    public_id: Mapped[PublicId]
    payee_kind: Mapped[Word]
    payee: Mapped[Word]
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    amount_fen: Mapped[int]
    drafted_by: Mapped[Word]
    approved_by: Mapped[Word] = mapped_column(default="")
    created_at: Mapped[datetime]


class SettlementLine(Base):
    """One posting behind a statement; a posting stands in one statement only."""

    __tablename__ = "settlement_lines"

    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)


class Payout(Stated, Base):
    """One merchant transfer at the gateway for a statement; its `out_bill_no` is `public_id` without `_`.

    The number never changes; only one that ended unpaid is followed by another for the same statement. `sent_at` is
    when it last went out, `waiting` why it has not been taken (waiting_funds, refused).
    """

    __tablename__ = "payouts"
    __table_args__ = (
        state_check(PAYOUT),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(
            "uq_payouts_live",
            "settlement_id",
            unique=True,
            sqlite_where=text("state <> 'failed'"),
            postgresql_where=text("state <> 'failed'"),
        ),
        Index("ix_payouts_state_due_at", "state", "due_at"),
    )

    public_id: Mapped[PublicId]
    out_bill_no: Mapped[str] = mapped_column(String(32), unique=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    amount_fen: Mapped[int]
    transfer_bill_no: Mapped[str] = mapped_column(String(64), default="")
    package_info: Mapped[str] = mapped_column(String(1024), default="")
    waiting: Mapped[Word] = mapped_column(default="")
    fail_reason: Mapped[Line] = mapped_column(default="")
    cancel_asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class BankFile(Base):
    """One export of merchant statements for the bank; `answered_at` is when its result came back."""

    __tablename__ = "bank_files"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    made_by: Mapped[Word]
    total_fen: Mapped[int]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class BankFileLine(Base):
    """One merchant's statement in a bank file and what the bank said of it ("" while it has not).

    `bank_enc` is the account as it was when the file was made.
    """

    __tablename__ = "bank_file_lines"
    __table_args__ = (
        one_of("result", ("", "paid", "returned"), "result"),
        UniqueConstraint("bank_file_id", "settlement_id"),
    )

    id: Mapped[Pk]
    bank_file_id: Mapped[int] = mapped_column(ForeignKey("bank_files.id"))
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)
    amount_fen: Mapped[int]
    bank_enc: Mapped[str] = mapped_column(String(1024))
    result: Mapped[Word] = mapped_column(default="")
    reason: Mapped[Line] = mapped_column(default="")


class Proposal(Stated, Base):
    """A decision about money that two operators take: one proposes, another accepts. `plan` holds ids and sums only."""

    __tablename__ = "proposals"
    __table_args__ = (
        state_check(PROPOSAL),
        Index(
            "uq_proposals_live",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    public_id: Mapped[PublicId]
    kind: Mapped[Word]
    subject_id: Mapped[int]
    plan: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[Line]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
