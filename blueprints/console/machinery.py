"""The clock's sweeps and the audit log."""

from __future__ import annotations

from typing import Any

from flask import current_app

from blueprints.console.door import door
from blueprints.console.forms import wanted
from services.context import Ctx
from services.paging import Page
from services.queries import console_files, console_history
from services.queries.console_history import WHO


@door.page("/jobs")
def jobs(ctx: Ctx) -> dict[str, Any]:
    """Every sweep of the schedule, and when it last ran."""
    runs = {run.name: run for run in console_files.job_runs(ctx)}
    return {"jobs": [(job, runs.get(job.name)) for job in current_app.extensions["lintuan-schedule"]]}


@door.page("/audit", query=wanted(subject=32, actor=32, event=32), paged=True)
def audit_log(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Every state move and every sensitive act, newest first."""
    return {"part": console_history.log(ctx, page, **query), "query": query, "parties": WHO}
