"""One record per state move or sensitive act, and the alerts an operator must look at."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from domain.actors import Role
from domain.errors import NotFound
from models import Alert, AuditRecord
from services.context import Ctx
from services.writing import append_all, changed, upsert


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
    same = {
        "actor": ctx.actor.label, "subject": subject, "event": event, "from_state": states[0], "to_state": states[1],
        "reason": reason[:255], "request_id": ctx.request_id, "at": ctx.now,
    }  # fmt: skip
    append_all(ctx.session, AuditRecord, [{"subject_id": row_id} for row_id in ids], same)


def alert(ctx: Ctx, kind: str, cause: str, detail: str) -> None:
    """Raise an alert, one open at a time per `cause`; one that was dealt with before opens anew."""
    words = {"kind": kind, "detail": detail[:255], "created_at": ctx.now, "done_at": None}
    statement = upsert(ctx.session, Alert).values(cause=cause, **words)
    again = statement.on_conflict_do_update(index_elements=["cause"], set_=words, where=Alert.done_at.is_not(None))
    changed(ctx.session, again)


def clear(ctx: Ctx, cause: str) -> None:
    """The cause of an alert is gone: what was open about it is done."""
    still_open = update(Alert).where(Alert.cause == cause, Alert.done_at.is_(None))
    changed(ctx.session, still_open.values(done_at=ctx.now))


def deal_with(ctx: Ctx, alert_id: int) -> None:
    """An operator has dealt with an alert; raises `NotFound` unless it is open."""
    ctx.require(Role.OPERATOR)
    still_open = update(Alert).where(Alert.id == alert_id, Alert.done_at.is_(None))
    if not changed(ctx.session, still_open.values(done_at=ctx.now)):
        raise NotFound
    record(ctx, "alert", alert_id, "deal_with")


def open_alerts(ctx: Ctx, limit: int = 100) -> list[Alert]:
    """Alerts nobody has dealt with yet, oldest first."""
    return list(ctx.session.scalars(select(Alert).where(Alert.done_at.is_(None)).order_by(Alert.id).limit(limit)))
