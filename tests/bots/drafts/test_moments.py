"""Words of time as leaders write them, on Thursday, 26 November 2026, at noon in Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.drafts.moments import FARTHEST, read_moment
from bots.parsing.normalise import normalise
from domain.clock import local

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("said", "meant"), [
    ("周五20:00", "11-27 20:00"), ("周五晚8点", "11-27 20:00"), ("周五 20点半", "11-27 20:30"),
    ("周五八点", "11-27 20:00"), ("今天", "11-26 20:00"), ("今晚", "11-26 20:00"), ("今晚9点半", "11-26 21:30"),
    ("明晚", "11-27 20:00"), ("明天", "11-27 20:00"), ("明早", "11-27 09:00"), ("明天中午", "11-27 12:00"),
    ("明天下午3点", "11-27 15:00"), ("后天10点", "11-28 10:00"), ("大后天", "11-29 20:00"),
    ("周四10点", "12-03 10:00"), ("周四21点", "11-26 21:00"), ("下周三", "12-02 20:00"),
    ("下周五20:00", "12-04 20:00"), ("下下周一", "12-07 20:00"), ("星期天", "11-29 20:00"),
    ("12-1 20:00", "12-01 20:00"), ("12月1日20:00", "12-01 20:00"), ("12/1截", "12-01 20:00"),
    ("1月5号", "01-05 20:00"), ("28号", "11-28 20:00"), ("31号", "12-31 20:00"), ("20:00", "11-26 20:00"),
    ("9:00", "11-27 09:00"), ("8点", "11-26 20:00"), ("9点", "11-27 09:00"), ("晚上12点", "11-27 00:00"),
    ("周五２０：００", "11-27 20:00"),
])  # fmt: skip
def test_a_day_and_an_hour_are_found(said: str, meant: str) -> None:
    moment = read_moment(normalise(said), NOON)
    assert moment.at is not None and local(moment.at) == meant


@pytest.mark.parametrize(("said", "why"), [
    ("今天10点", "已经过了"), ("11月20日", "已经过了"), ("本周一", "已经过了"), ("2月30日", "没有这一天"),
    ("周五25:00", "没有这个钟点"), ("周五20:75", "没有这个钟点"), ("10月1日", "已经过了"),
    ("6月1日", "最多 90 天内"), ("3月1日", "最多 90 天内"),
])  # fmt: skip
def test_what_cannot_be_is_said(said: str, why: str) -> None:
    moment = read_moment(said, NOON)
    assert moment.at is None and why in moment.why


@pytest.mark.parametrize("said", ["大闸蟹 58", "4-5两大闸蟹", "2斤装", "满10份成团", ""])
def test_other_numbers_are_no_time(said: str) -> None:
    assert read_moment(said, NOON) == read_moment("", NOON).__class__(None, "", said)


@given(st.text(max_size=40), st.integers(0, 200_000))
def test_nothing_that_was_read_lies_in_the_past_or_far_away(said: str, minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    at = read_moment(normalise(said), now).at
    assert at is None or now < at <= now + FARTHEST
