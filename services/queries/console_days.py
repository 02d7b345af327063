"""Business days and spans of time inside SQL, which both databases spell differently."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, cast, extract, func

from domain.clock import SHANGHAI, business_date
from services.context import Ctx


def last_days(ctx: Ctx, count: int) -> list[date]:
    """The last `count` business days in Shanghai, today last."""
    today = business_date(ctx.now)
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def begin_of(day: date) -> datetime:
    """Midnight in Shanghai, with which the day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def day_of(ctx: Ctx, column: Any) -> Any:
    """The day in Shanghai of an instant, as `2026-11-27`; China keeps one offset the whole year."""
    if ctx.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("Asia/Shanghai", column), "YYYY-MM-DD")
    return func.date(column, "+8 hours")


def seconds_between(ctx: Ctx, earlier: Any, later: Any) -> Any:
    """Whole seconds from one column to another."""
    if ctx.session.get_bind().dialect.name == "postgresql":
        return cast(extract("epoch", later - earlier), Integer)
    return cast(func.strftime("%s", later), Integer) - cast(func.strftime("%s", earlier), Integer)
