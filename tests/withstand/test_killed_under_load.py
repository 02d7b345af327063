"""The served product is killed at work by SIGKILL and started again: what it had acknowledged is there, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import kill
from chaos.kill_product import CARELESS
from chaos.kill_rest import at_rest
from chaos.kill_town import town
from tests.integrations.sandbox_process import Stage

SEED, KILLS, WORKERS, WAITING = 4, 2, 1, 4


def test_what_a_killed_product_acknowledged_is_there_after_its_restart(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    with town(database_url, tmp_path, stage, WORKERS, WAITING, SEED) as place:
        assert kill.kills(place, KILLS, SEED) == []
        assert at_rest(place) == []
        told = {promise.kind for promise in place.promises.kept}
    assert {"placed", "cancelled", "paid"} <= told


@pytest.mark.parametrize("who", CARELESS)
def test_a_product_that_answers_before_it_commits_is_found_out(
    stage: Stage, sqlite_url: str, tmp_path: Path, who: str
) -> None:
    with town(sqlite_url, tmp_path, stage, WORKERS, 1, SEED, CARELESS[who]) as place:
        found = kill.kills(place, 1, SEED, kill.SHORT_LIVES)
    assert any("was acknowledged and is not so" in words for words in found), found
