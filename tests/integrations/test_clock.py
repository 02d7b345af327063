"""The clock is UTC, and shifted for all processes that share the offset file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.clock import SystemClock


def test_it_is_aware_utc_and_now() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_shift_by_one_process_is_seen_by_the_other(tmp_path: Path) -> None:
    here, there = SystemClock(tmp_path / "deep" / "offset"), SystemClock(tmp_path / "deep" / "offset")
    for seconds in (3600, 7200, -60, 0):
        here.shift(seconds)
        assert there.offset == timedelta(seconds=seconds)
        assert abs(there.now() - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)


def test_without_its_file_it_is_not_shifted(tmp_path: Path) -> None:
    clock = SystemClock(tmp_path / "offset")
    clock.shift(60)
    (tmp_path / "offset").unlink()
    assert clock.offset == timedelta()


def test_a_clock_without_a_file_cannot_be_shifted() -> None:
    with pytest.raises(PermissionError):
        SystemClock().shift(1)
