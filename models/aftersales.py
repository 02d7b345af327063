"""Complaints about goods handed over, and the pictures that go with them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.aftersales import Bearer, ClaimReason
from domain.state_tables import CLAIM
from models.base import Base, Line, Pk, PublicId, Stated, Word, one_of, state_check


class Claim(Stated, Base):
    """What a resident asks back for units of a line, and how it was answered; sums in fen.

    `asked_units` may be 0 for a complaint about quality only; `asked_fen` is what the units cost or what is asked.
    `answer_fen` is what was offered or accepted, `borne_fen` of it falls on `borne_by`; the clock moves it on at
    `due_at`.
    """

    __tablename__ = "claims"
    __table_args__ = (
        state_check(CLAIM),
        one_of("reason", ClaimReason, "reason"),
        one_of("borne_by", ("", *Bearer), "borne_by"),
        CheckConstraint("asked_units >= 0 AND asked_fen > 0", name="asked"),
        CheckConstraint("answer_fen >= 0 AND answer_fen <= asked_fen", name="answer"),
        CheckConstraint("borne_fen >= 0 AND borne_fen <= answer_fen", name="borne"),
        Index(
            "uq_claims_live",
            "order_line_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
            postgresql_where=text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
        ),
        Index("ix_claims_state_due_at", "state", "due_at"),
    )

    public_id: Mapped[PublicId]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    reason: Mapped[Word]
    words: Mapped[Line] = mapped_column(default="")
    asked_units: Mapped[int]
    asked_fen: Mapped[int]
    answer_fen: Mapped[int] = mapped_column(default=0)
    answer_words: Mapped[Line] = mapped_column(default="")
    borne_by: Mapped[Word] = mapped_column(default="")
    borne_fen: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Evidence(Base):
    """A picture that proves something: a complaint, a refused unit, a hand-over at a door. Seen by its parties only."""

    __tablename__ = "evidence"
    __table_args__ = (one_of("purpose", ("claim", "broken", "door"), "purpose"),)

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    purpose: Mapped[Word]
    by_label: Mapped[Word]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    content_type: Mapped[Word]
    created_at: Mapped[datetime]


class BrokenCount(Base):
    """How many broken units the staff of a point refused on one business day; a limit holds it."""

    __tablename__ = "broken_counts"

    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    units: Mapped[int]
