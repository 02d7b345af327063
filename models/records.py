"""What keeps the house honest: audit records, idempotency keys, the sweeps' last words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Line, Pk, Word


class AuditRecord(Base):
    """One state move or one sensitive act: who, what, on which row, why. Facts hold no personal data."""

    __tablename__ = "audit_records"
    __table_args__ = (Index("ix_audit_records_subject_subject_id", "subject", "subject_id"),)

    id: Mapped[Pk]
    actor: Mapped[Word]
    subject: Mapped[Word]
    subject_id: Mapped[int]
    event: Mapped[Word]
    from_state: Mapped[Word] = mapped_column(default="")
    to_state: Mapped[Word] = mapped_column(default="")
    reason: Mapped[Line] = mapped_column(default="")
    request_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IdempotencyRecord(Base):
    """The answer given under a key; the same key and body get it again, another body is refused."""

    __tablename__ = "idempotency_records"
    __table_args__ = (UniqueConstraint("actor", "key"),)

    id: Mapped[Pk]
    actor: Mapped[Word]
    key: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[Any] = mapped_column(JSON, default=None)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Alert(Base):
    """Something an operator must look at; one open row per cause."""

    __tablename__ = "alerts"

    id: Mapped[Pk]
    kind: Mapped[Word]
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    detail: Mapped[Line]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class JobRun(Base):
    """When a sweep last ran and how it went; readiness shows a stale one."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    handled: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
