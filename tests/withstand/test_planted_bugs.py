"""A mistake planted in the product is told of by the rule it breaks, and no rule goes without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chaos.histories.bug import PLANTED
from chaos.histories.planted import find
from chaos.histories.stage import opened
from services import counting, invariants

QUICK = (
    "2 every entry has two legs",
    "2 each payee is owed what the rows say",
    "4 commission is what the rate makes of the line's net, and its parts make the whole",
    "7 counters agree with the rows",
)
SHORT = 14


def test_each_rule_has_a_planted_bug_and_no_bug_is_without_a_rule() -> None:
    assert sorted(PLANTED) == sorted(invariant.rule for invariant in invariants.ALL)


def test_planted_bugs_are_told_of_by_their_rules_and_a_sound_product_by_none(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as stage:
        told = {rule: find(stage, PLANTED[rule], most=40, steps=SHORT).by for rule in QUICK}
        sound = replace(PLANTED[QUICK[0]], wrong=lambda true: true)
        assert find(stage, sound, most=3, steps=SHORT).by == ""
    assert told == dict.fromkeys(QUICK, "its rule")


def test_a_bug_is_gone_when_its_planting_ends() -> None:
    true = counting._participate
    with PLANTED["7 counters agree with the rows"].planted():
        assert counting._participate is not true
    assert counting._participate is true
