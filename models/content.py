"""What people wrote or uploaded, on its way past the platform's content safety."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.content import Subject
from domain.state_tables import CONTENT_CHECK
from models.base import Base, Line, PublicId, Stated, Word, one_of, state_check


class ContentCheck(Stated, Base):
    """One text or picture of one person; `row_id` is the row that it belongs to.

    `words` are kept only while they wait (JSON by field; for a campaign they stand in its own rows). `fingerprint`
    says which words they were. `trace_id` is the platform's name for a picture that it looks at.
    """

    __tablename__ = "content_checks"
    __table_args__ = (
        state_check(CONTENT_CHECK),
        one_of("subject", Subject, "subject"),
        Index(
            "uq_content_checks_waiting",
            "subject",
            "row_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'asked', 'review')"),
            postgresql_where=text("state IN ('waiting', 'asked', 'review')"),
        ),
        Index("ix_content_checks_subject_row_id", "subject", "row_id"),
        Index("ix_content_checks_state_due_at", "state", "due_at"),
    )

    public_id: Mapped[PublicId]
    subject: Mapped[Word]
    row_id: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    words: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    trace_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    label: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[Line] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
