"""What was done: the audit log as a list, and the history of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from domain.actors import Role
from domain.clock import SHANGHAI
from models import AuditRecord, Operator
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced

WHO = {
    "resident": "居民", "leader": "团长", "staff": "店员", "operator": "运营", "clock": "定时任务",
    "gateway": "支付网关", "system": "系统",
}  # fmt: skip
MOST = 200


@dataclass(frozen=True)
class Done:
    """One act: `actor` in words (an operator by name), on which kind of thing, from which state to which, and why."""

    at: datetime
    actor: str
    subject: str
    subject_id: int
    event: str
    from_state: str
    to_state: str
    reason: str
    request_id: str


@dataclass(frozen=True)
class LogFilter:
    """What of the log: a kind of thing, a party, one operator by name, some events (None for all), Shanghai days."""

    subject: str = ""
    actor: str = ""
    operator: str = ""
    events: Sequence[str] | None = None
    since: date | None = None
    until: date | None = None


def log(ctx: Ctx, page: Page, only: LogFilter) -> Slice[Done]:
    """The audit log, newest first, of what is asked for: two statements, three with an operator's name."""
    ctx.require(Role.OPERATOR)
    wanted: list[Any] = [older(AuditRecord.id, page)]
    wanted += [AuditRecord.subject == only.subject] if only.subject else []
    wanted += [AuditRecord.event.in_(only.events)] if only.events is not None else []
    wanted += [AuditRecord.actor.startswith(f"{only.actor}:", autoescape=True)] if only.actor else []
    wanted += [AuditRecord.at >= _midnight(only.since)] if only.since else []
    wanted += [AuditRecord.at < _midnight(only.until + timedelta(days=1))] if only.until else []
    if only.operator:
        known = ctx.session.scalar(select(Operator.id).where(Operator.name == only.operator))
        wanted.append(AuditRecord.actor == f"operator:{known or 0}")
    statement = select(AuditRecord).where(*wanted).order_by(AuditRecord.id.desc()).limit(page.limit + 1)
    rows = ctx.session.scalars(statement).all()
    names = _operators(ctx, rows)
    return sliced(rows, page, lambda row: row.id, lambda row: _done(row, names))


def of(ctx: Ctx, subject: str, ids: Sequence[int]) -> list[Done]:
    """Everything that was done to rows of one kind, oldest first, the first two hundred: two statements."""
    ctx.require(Role.OPERATOR)
    mine = (AuditRecord.subject == subject, AuditRecord.subject_id.in_(ids))
    rows = ctx.session.scalars(select(AuditRecord).where(*mine).order_by(AuditRecord.id).limit(MOST)).all()
    names = _operators(ctx, rows)
    return [_done(row, names) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _operators(ctx: Ctx, rows: Sequence[AuditRecord]) -> dict[str, str]:
    ids = {int(row.actor.partition(":")[2]) for row in rows if row.actor.startswith("operator:")}
    if not ids:
        return {}
    named = select(Operator.id, Operator.name).where(Operator.id.in_(sorted(ids)))
    return {f"operator:{number}": name for number, name in ctx.session.execute(named)}


def _done(row: AuditRecord, names: dict[str, str]) -> Done:
    role, _, number = row.actor.partition(":")
    words = WHO.get(role, role)
    actor = names.get(row.actor) or (words if number in ("", "0") else f"{words} {number}")
    return Done(row.at, actor, row.subject, row.subject_id, row.event, row.from_state, row.to_state, row.reason,
                row.request_id)  # fmt: skip
