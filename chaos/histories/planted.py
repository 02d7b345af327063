"""A planted bug per rule of the books and the number of drawn steps in which its rule, or another, tells of it."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from chaos.histories import bugs_of_books, bugs_of_refunds, bugs_of_units  # noqa: F401 -- their bugs register themselves
from chaos.histories.bug import PLANTED, Bug
from chaos.histories.history import STEPS, Broken, Tally, play
from chaos.histories.run import copy_of, quick
from chaos.histories.stage import Stage
from services import invariants

SEED = 1
MOST = 200


@dataclass(frozen=True)
class Found:
    """After how many steps, in how many histories, a bug was told of, by what: the rules broken, or other words.

    `by` is "its rule", "the database" (a CHECK refused it), "another rule", "the gateway's ledger", an exception's
    name, or "" when nothing told.
    """

    steps: int
    histories: int
    by: str = ""
    breach: str = ""

    @property
    def found(self) -> bool:
        """Whether an invariant, or the CHECK behind it, told."""
        return self.by in ("its rule", "the database")


def find(stage: Stage, bug: Bug, number: int = SEED, most: int = MOST, steps: int = STEPS) -> Found:
    """Play drawn histories of `steps` with `bug` in the product until something tells, `most` histories at most."""
    tally = Tally()
    told: list[Found] = []

    @seed(number)
    @settings(max_examples=most, database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
              report_multiple_bugs=False, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def one(data: st.DataObject) -> None:
        if told:  # hypothesis asks to see it once more
            raise LookupError(told[0].breach)
        try:
            play(stage, data, tally, steps)
        except Exception as error:
            played, histories = sum(tally.tried.values()), tally.histories + 1
            told.append(Found(played, histories, _by(bug, error), f"{type(error).__name__}: {error}"[:600]))
            raise

    with bug.planted(), suppress(Exception):  # what was raised stands in `told`
        one()
    return told[0] if told else Found(sum(tally.tried.values()), tally.histories)


def _by(bug: Bug, error: Exception) -> str:
    if isinstance(error, IntegrityError):
        return "the database"
    if not isinstance(error, Broken):
        return type(error).__name__
    rules = [invariant.rule for invariant in invariants.ALL if f"{invariant.rule}: " in str(error)]
    if not rules:
        return "the gateway's ledger"
    return "its rule" if bug.rule in rules else "another rule"


def run(url: str, folder: Path) -> dict[str, Any]:
    """Find every planted bug on the database at `url`."""
    results = []
    with tempfile.TemporaryDirectory(dir=quick(folder)) as near, copy_of(url, Path(near)) as stage:
        for invariant in invariants.ALL:
            bug = PLANTED[invariant.rule]
            found = find(stage, bug)
            results.append({"rule": bug.rule, "bug": bug.words, "found": found.found, **asdict(found)})
            print(f"{found.steps:6} steps, {found.histories:4} histories: {bug.title} told by {found.by or 'nothing'}",
                  flush=True)  # fmt: skip
    return {
        "held": all(result["found"] for result in results),
        "rules": len(results), "found": sum(result["found"] for result in results),
        "told_by_its_own_rule": sum(result["by"] == "its rule" for result in results),
        "most_steps": max(result["steps"] for result in results), "bugs": results,
    }  # fmt: skip
