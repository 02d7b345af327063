"""Two hundred drawn histories of money, the same each time: the invariants after every step, not a fen left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.histories.run import chunk, summed
from chaos.histories.stage import opened

HISTORIES = 25


@pytest.mark.parametrize("number", range(1, 7))
def test_every_fen_is_explained_on_sqlite(sqlite_url: str, tmp_path: Path, number: int) -> None:
    _play(sqlite_url, tmp_path, number)


@pytest.mark.parametrize("number", range(7, 9))
def test_every_fen_is_explained_on_postgresql(postgres_url: str, tmp_path: Path, number: int) -> None:
    _play(postgres_url, tmp_path, number)


def _play(url: str, folder: Path, number: int) -> None:
    with opened(url, folder) as stage:
        tally = chunk(stage, number, HISTORIES)
    assert tally.histories == HISTORIES
    assert tally.reached["settled"] > HISTORIES // 2


def test_chunks_are_summed_step_by_step() -> None:
    one = {"tried": {"pay": 2}, "accepted": {"pay": 1}, "reached": {"settled": 1}, "histories": 1, "broke": ""}
    told = summed([one, {**one, "broke": "chunk 2: Broken"}])
    assert told["histories"] == 2
    assert told["steps_accepted_of_tried"] == {"pay": [2, 4]}
    assert not told["held"]
