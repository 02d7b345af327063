"""How the database and the sweeps are, for readiness."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text

from models import JobRun
from services.chat import channel_health
from services.context import Ctx

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"
SYNCHRONOUS = ("off", "normal", "full", "extra")
_NAMED = re.compile(r"^(down_)?revision = ['\"](\w+)['\"]$", re.MULTILINE)


@cache
def newest_revision() -> str:
    """The migration this code was written for: the one that no other follows; Alembic is not loaded to ask."""
    newest: str
    named = [found for file in MIGRATIONS.glob("*.py") for found in _NAMED.findall(file.read_text())]
    (newest,) = {name for down, name in named if not down} - {name for down, name in named if down}
    return newest


def look(ctx: Ctx) -> dict[str, Any]:
    """`database`, `migrations` (current or behind), the age of each sweep and of each failing channel's trouble (s).

    For SQLite also `journal_mode` and `synchronous`, as this connection has them.
    Raises whatever the database raises when it cannot be reached.
    """
    connection = ctx.session.connection()
    found: dict[str, Any] = {"database": connection.dialect.name, "migrations": "behind"}
    if connection.dialect.name == "sqlite":
        found["journal_mode"] = ctx.session.scalar(text("PRAGMA journal_mode"))
        found["synchronous"] = SYNCHRONOUS[ctx.session.scalar(text("PRAGMA synchronous"))]
    if inspect(connection).has_table("alembic_version"):
        held = set(ctx.session.scalars(text("SELECT version_num FROM alembic_version")))
        if held == {newest_revision()}:
            found["migrations"] = "current"
            found["sweeps"] = _sweeps(ctx)
            found["failing_channels"] = _failing_channels(ctx)
    return found


def _sweeps(ctx: Ctx) -> dict[str, Any]:
    return {
        run.name: {
            "seconds_since_start": int((ctx.now - run.started_at).total_seconds()),
            "finished": run.finished_at is not None and run.finished_at >= run.started_at,
            "failed": run.failed,
        }
        for run in ctx.session.scalars(select(JobRun).order_by(JobRun.name))
    }


def _failing_channels(ctx: Ctx) -> dict[str, int]:
    return {channel: int((ctx.now - since).total_seconds()) for channel, since in channel_health.failing(ctx).items()}
