"""Bills of the true sandbox with two of each difference: all are found, nothing else is, and every fen is explained."""

from __future__ import annotations

from pathlib import Path

from chaos.bills import compare


def test_each_planted_difference_is_found_and_the_balance_is_the_sandboxs(database_url: str, tmp_path: Path) -> None:
    told = compare(database_url, tmp_path, differences=24, a_day=12)
    assert told["held"], told
    assert (told["planted"], told["found"], told["missed"], told["false"]) == (24, 24, 0, 0)
    assert {name for name, of in told["classes"].items() if of["planted"] == 2} == set(told["classes"])
