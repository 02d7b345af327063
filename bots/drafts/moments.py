"""The instant that words such as 周五20:00, 明晚8点半 or 12-1 20:00 mean, in Shanghai.

Defaults: no day is today, or tomorrow when that hour is past; no hour is 20:00, 9:00 for a morning, 12:00 for noon and
17:00 for an afternoon; a bare 1点 to 8点 is in the afternoon or evening, 8:00 with a colon is what it says; 周五 is the
next one, today included while the hour lies ahead; 下周五 is that of the calendar week after this one, which begins on
Monday; a date without a year is the next such day. What lies in the past is never meant, and is asked back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bots.parsing.numerals import number
from domain.clock import SHANGHAI, business_date

FARTHEST = timedelta(days=90)
_NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6} | {str(n + 1): n for n in range(7)}
_WHEN = {"早": time(9), "上": time(9), "凌": time(0), "中": time(12), "下": time(17), "傍": time(18)}
_LATE = ("下", "傍", "晚", "夜")
_DIGITS = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
DAY = (
    r"(?:(?P<near>大后|今|明|后)(?:天|日|(?=[晚早夜]))"
    r"|(?P<week>下下|下|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]|[1-7](?!\d))"
    r"|(?<![\d.])(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?"
    r"|(?<![\d.])(?P<month2>\d{1,2})[-/](?P<day2>\d{1,2})(?=$|[\s,截前晚早上下中到])"
    r"|(?<![\d.])(?P<only>\d{1,2})[日号](?!楼))"
)
HOUR = (
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚|夜)?\s?"
    rf"(?:(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})|(?P<said>{_DIGITS})\s?[点时]"
    rf"(?:(?P<half>半)|(?P<past>{_DIGITS})分?|整|钟)?)"
)
PART = r"(?P<alone>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|(?<=[今明后])[早晚夜])"
_DAY, _HOUR, _PART = re.compile(DAY), re.compile(HOUR), re.compile(PART)


@dataclass(frozen=True)
class Moment:
    """What was read: `at` is None when no instant was named or it cannot be; `why` then says so, "" for none named.

    `rest` is the text without the words of time.
    """

    at: datetime | None
    why: str
    rest: str


def read_moment(text: str, now: datetime) -> Moment:
    """The first day and the first hour in normalised `text`, together."""
    day = _DAY.search(text)
    # 周五八点 is no 58 o'clock: the day is covered while its hour is looked for.
    hour = _HOUR.search(f"{text[: day.start()]}{'_' * len(day[0])}{text[day.end() :]}" if day else text)
    alone = None if hour else _PART.search(text)
    rest = text
    for found in sorted((one for one in (day, hour, alone) if one), key=lambda one: -one.start()):
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    if not (day or hour or alone):
        return Moment(None, "", text)
    clock = _time(hour) if hour else (_default(alone["alone"]) if alone else (time(20), 0))
    if clock is None:
        return Moment(None, "没有这个钟点", rest)
    local_now = now.astimezone(SHANGHAI)
    on = _date(day, local_now, clock) if day else None
    if day and on is None:
        return Moment(None, "没有这一天", rest)
    at = datetime.combine(on or business_date(now), clock[0], SHANGHAI) + timedelta(days=clock[1])
    if not day and at <= now:
        at += timedelta(days=1)
    if at <= now:
        return Moment(None, "这个时间已经过了", rest)
    if at - now > FARTHEST:
        return Moment(None, "太远了，最多 90 天内", rest)
    return Moment(at.astimezone(now.tzinfo), "", rest)


def _time(found: re.Match[str]) -> tuple[time, int] | None:
    """(time, days later); midnight is 24:00 of the day before."""
    part = (found["part"] or " ")[0]
    hour = int(found["hour"]) if found["hour"] else _count(found["said"])
    minute = 30 if found["half"] else int(found["minute"]) if found["minute"] else _count(found["past"] or "0")
    bare = part == " " and bool(found["said"]) and 1 <= hour <= 8
    if hour == 12 and part in ("晚", "夜"):
        hour = 24
    elif hour < 12 and (bare or part in _LATE or (part == "中" and hour < 3)):
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return time(hour % 24, minute), hour // 24


def _count(said: str) -> int:
    value = number(said)
    return int(value) if value is not None else 99


def _default(part: str) -> tuple[time, int]:
    return _WHEN.get(part[0], time(20)), 0


def _date(found: re.Match[str], now: datetime, clock: tuple[time, int]) -> date | None:
    today = now.date()
    if found["near"]:
        return today + timedelta(days=_NEAR[found["near"]])
    if found["weekday"]:
        return _weekday(found["week"] or "", _WEEKDAYS[found["weekday"]], now, clock)
    month, day = found["month"] or found["month2"], found["day"] or found["day2"] or found["only"]
    return _calendar(today, int(month) if month else 0, int(day))


def _weekday(week: str, weekday: int, now: datetime, clock: tuple[time, int]) -> date:
    today = now.date()
    if week:
        return today + timedelta(days=weekday - today.weekday() + 7 * week.count("下"))
    ahead = (weekday - today.weekday()) % 7
    past = datetime.combine(today, clock[0], SHANGHAI) + timedelta(days=clock[1]) <= now
    return today + timedelta(days=ahead + 7 * (ahead == 0 and past))


def _calendar(today: date, month: int, day: int) -> date | None:
    """The next such day: of this year or the next, or (no month) of this month or the next; None where there is none.

    One that went by less than `FARTHEST` ago is meant as it was, not as next year's.
    """
    this = _day(today.year, month or today.month, day)
    if this is not None and this >= today:
        return this
    if not month:
        return _day(today.year + today.month // 12, today.month % 12 + 1, day)
    later = _day(today.year + 1, month, day)
    gone_by = this is not None and today - this <= FARTHEST
    return this if later is None or (gone_by and later - today > FARTHEST) else later


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
