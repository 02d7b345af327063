"""The clock's sweeps and the audit log."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from marshmallow import fields, validate

from blueprints.console.door import door
from blueprints.console.states import STATES
from blueprints.console.words import events_named
from blueprints.shared.schemas import Taken, Text
from services.context import Ctx
from services.paging import Page
from services.queries import console_files, console_history
from services.queries.console_history import WHO, LogFilter

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2100, 1, 1)
"""Days that a calendar of ours may name, so that the day after is one, too."""


class AuditQuery(Taken):
    """Which part of the log."""

    subject = fields.String(validate=validate.OneOf(list(STATES["subject"])), load_default="")
    actor = fields.String(validate=validate.OneOf(list(WHO)), load_default="")
    operator = Text(80, load_default="")
    event = Text(32, load_default="")
    since = fields.Date(load_default=None, validate=validate.Range(FIRST_DAY, LAST_DAY))
    until = fields.Date(load_default=None, validate=validate.Range(FIRST_DAY, LAST_DAY))


@door.page("/jobs")
def jobs(ctx: Ctx) -> dict[str, Any]:
    """Every sweep of the schedule, and when it last ran."""
    runs = {run.name: run for run in console_files.job_runs(ctx)}
    return {"jobs": [(job, runs.get(job.name)) for job in current_app.extensions["lintuan-schedule"]]}


@door.page("/audit", query=AuditQuery(), paged=True)
def audit_log(ctx: Ctx, query: dict[str, Any], page: Page) -> dict[str, Any]:
    """Every state move and every sensitive act, newest first."""
    events = events_named(query["event"]) if query["event"] else None
    asked = {name: query[name] for name in ("subject", "actor", "operator", "since", "until")}
    part = console_history.log(ctx, page, LogFilter(**asked, events=events))
    return {"part": part, "query": query, "parties": WHO, "subjects": list(STATES["subject"])}
