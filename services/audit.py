"""One record per state move or sensitive act, and the alerts an operator must look at."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from models import Alert, AuditRecord
from services.context import Ctx
from services.writing import insert_ignoring


def record(ctx: Ctx, subject: str, subject_id: int, event: str, *, states: tuple[str, str] = ("", ""),
           reason: str = "") -> None:  # fmt: skip
    """Note that the actor did `event` to a row; `reason` holds no personal data."""
    ctx.session.add(
        AuditRecord(
            actor=ctx.actor.label,
            subject=subject,
            subject_id=subject_id,
            event=event,
            from_state=states[0],
            to_state=states[1],
            reason=reason[:255],
            request_id=ctx.request_id,
            at=ctx.now,
        )
    )


def record_all(ctx: Ctx, subject: str, ids: Sequence[int], event: str, *, states: tuple[str, str],
               reason: str = "") -> None:  # fmt: skip
    """As `record`, for many rows that did the same, in one statement."""
    row = {
        "actor": ctx.actor.label, "subject": subject, "event": event, "from_state": states[0], "to_state": states[1],
        "reason": reason[:255], "request_id": ctx.request_id, "at": ctx.now,
    }  # fmt: skip
    if ids:
        ctx.session.execute(insert(AuditRecord), [{**row, "subject_id": row_id} for row_id in ids])


def alert(ctx: Ctx, kind: str, cause: str, detail: str) -> None:
    """Raise an alert once per `cause`; the operator's page lists open ones."""
    insert_ignoring(
        ctx.session, Alert, ["cause"], kind=kind, cause=cause, detail=detail[:255], created_at=ctx.now, done_at=None
    )


def open_alerts(ctx: Ctx, limit: int = 100) -> list[Alert]:
    """Alerts nobody has dealt with yet, oldest first."""
    return list(ctx.session.scalars(select(Alert).where(Alert.done_at.is_(None)).order_by(Alert.id).limit(limit)))
