"""Time as the rules see it: an aware UTC instant from outside, and business days in Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Where an aware UTC `now` comes from."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""


def business_date(at: datetime) -> date:
    """The calendar day in Shanghai on which `at` falls."""
    return at.astimezone(SHANGHAI).date()


def local(at: datetime) -> str:
    """`11-27 20:00` in Shanghai, for people."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def local_time(at: datetime) -> str:
    """`20:00` in Shanghai, for people."""
    return at.astimezone(SHANGHAI).strftime("%H:%M")


def evening(at: datetime, hour: int, least: timedelta) -> datetime:
    """Today's `hour` o'clock in Shanghai, or tomorrow's when fewer than `least` remain until then."""
    today = datetime.combine(business_date(at), time(hour), SHANGHAI)
    return today if today - at >= least else today + timedelta(days=1)


def is_quiet(at: datetime) -> bool:
    """Whether nothing may be said unasked: 22:00 to 08:00 in Shanghai."""
    hour = at.astimezone(SHANGHAI).hour
    return hour >= 22 or hour < 8
