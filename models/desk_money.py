"""Cash at a desk: whose drawer, what it should hold, what was counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import SHIFT
from models.base import Base, Line, PublicId, Stated, Word, state_check


class Shift(Stated, Base):
    """One person's drawer at one point from opening to hand-over; sums in fen.

    `taken_fen` grows with each cash payment in its transaction; `counted_fen` is what was in the drawer at closing.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        state_check(SHIFT),
        CheckConstraint("taken_fen >= 0 AND counted_fen >= 0", name="fen"),
        Index(
            "uq_shifts_open",
            "point_id",
            "by_label",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    public_id: Mapped[PublicId]
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"), index=True)
    by_label: Mapped[Word]
    by_name: Mapped[Line]
    taken_fen: Mapped[int] = mapped_column(default=0)
    counted_fen: Mapped[int] = mapped_column(default=0)
    difference_reason: Mapped[Line] = mapped_column(default="")
    handed_to: Mapped[Word] = mapped_column(default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
