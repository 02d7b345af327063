"""A power cut takes what was not synced, and no order that was acknowledged; with a weaker setting it takes some."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from chaos import power
from chaos.power_recorded import journal_mode, record
from tests.leaks import LogTail

PROMISES, CUTS, SEED = 15, 16, 3


@pytest.fixture
def template(sqlite_url: str, log_tail: LogTail) -> Path:
    """An empty, migrated file."""
    return Path(str(make_url(sqlite_url).database))


@pytest.mark.parametrize("mode", power.MODES)
def test_no_power_cut_loses_what_was_acknowledged(template: Path, tmp_path: Path, mode: str) -> None:
    with journal_mode(mode):
        assert power.lost(power.cuts(record(template, tmp_path / "run", PROMISES, SEED), CUTS, SEED)) == []


@pytest.mark.parametrize(("mode", "synchronous"), power.CONTROLS)
def test_with_a_weaker_setting_a_power_cut_loses_some(
    template: Path, tmp_path: Path, mode: str, synchronous: str
) -> None:
    with journal_mode(mode):
        recorded = record(template, tmp_path / "run", PROMISES, SEED, {"synchronous": synchronous})
        assert power.lost(power.cuts(recorded, CUTS, SEED))
