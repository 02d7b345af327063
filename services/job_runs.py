"""When each sweep last ran; readiness and the operator's page read it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models import JobRun
from services.context import Ctx
from services.writing import upsert

QUIET = timedelta(seconds=30)


def note(ctx: Ctx, name: str, handled: int, *, failed: bool) -> None:
    """Remember a run; an idle one is written at most every 30 s, so that an idle product does not write all day."""
    recent = JobRun.finished_at > ctx.now - QUIET
    values = {"finished_at": ctx.now, "handled": JobRun.handled + handled, "failed": JobRun.failed + int(failed)}
    if not handled and not failed:
        fresh = ctx.session.scalars(select(JobRun.name).where(JobRun.name == name, recent)).first()
        if fresh is not None:
            return
    statement = upsert(ctx.session, JobRun).values(
        name=name, started_at=ctx.now, finished_at=ctx.now, handled=handled, failed=int(failed)
    )
    ctx.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
