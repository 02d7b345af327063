"""What is kept: one entry a workload in the order of the table, replaced alone, standing until its paths change."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import picture, results
from benchmarks.measuring import Measured, Round
from benchmarks.plan import Plan, Workload
from benchmarks.registry import chosen
from benchmarks.results import Book
from benchmarks.table import HEADER, table

KEYS = ["workload", "floor", "gate", "aim", "ratio_median", "ratio_min", "ratio_max", "rounds", "floor_noise",
        "invariants_ok"]  # fmt: skip
ORDER = ["W2", "W5"]
DISK = {"fsync": "on", "synchronous_commit": "on", "sqlite_synchronous": "3"}


def _workload(name: str) -> Workload:
    return chosen([name])[0]


def _measured(*ours: float, broken: tuple[str, ...] = ()) -> Measured:
    return Measured([Round(100, rate, 100, broken) for rate in ours])


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book that holds for two files of the repository."""
    return Book(tmp_path / "results" / "latest.json", ("pyproject.toml", "domain"))


def test_an_entry_has_exactly_the_named_keys() -> None:
    entry = results.of(_workload("W2"), _measured(40, 50, 60, 50, 50), Plan(), {}).entry
    assert list(entry) == KEYS
    assert (entry["ratio_median"], entry["ratio_min"], entry["ratio_max"]) == (0.5, 0.4, 0.6)
    assert (entry["rounds"], entry["floor_noise"], entry["invariants_ok"]) == (5, 0, True)


def test_a_run_that_broke_an_invariant_has_no_ratio() -> None:
    result = results.of(_workload("W2"), _measured(50, broken=("2 every entry sums to zero",)), Plan(), {})
    assert result.verdict == "no result"
    assert result.entry["ratio_median"] is None
    assert result.entry["invariants_ok"] is False


def test_a_part_replaces_its_own_entry_and_leaves_the_others(book: Book) -> None:
    for name, rate in (("W5", 90), ("W2", 40), ("W5", 95)):
        book.keep(results.of(_workload(name), _measured(*[rate] * 5), Plan(), {}), DISK, ORDER)
    kept = json.loads(book.file.read_text())
    assert [(entry["workload"], entry["ratio_median"]) for entry in kept["results"]] == [("W2", 0.4), ("W5", 0.95)]
    assert {**DISK, "cores": kept["cores"]}.items() <= kept.items()
    assert kept["commit"] == kept["measured"]["W2"]["commit"]


def test_a_judged_result_stands_until_what_it_holds_for_changes(book: Book) -> None:
    book.keep(results.of(_workload("W2"), _measured(*[50] * 5), Plan(), {}), DISK, ORDER)
    book.keep(results.without(_workload("W5"), "not built: yet"), DISK, ORDER)
    assert book.stands("W2")
    assert not book.stands("W5")
    assert not Book(book.file, ("pyproject.toml", "services")).stands("W2")


def test_table_and_picture_show_every_entry_with_its_verdict() -> None:
    entries = [
        results.of(_workload("W2"), _measured(*[50] * 5), Plan(), {}).entry,
        results.without(_workload("W9"), "not built: yet").entry,
    ]
    verdicts = {"W2": "held", "W9": "not built: yet"}
    lines = table(entries, verdicts).splitlines()
    assert lines[0].split() == list(HEADER)
    assert lines[1].endswith("held")
    assert lines[2].endswith("not built: yet")
    drawn = ET.fromstring(picture.draw(entries, verdicts, "ratios"))  # noqa: S314 - we have just drawn it
    words = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"W2", "W9", "ratios", "0.5  held"} <= set(words)


def test_the_axis_of_the_picture_is_logarithmic_and_holds_whatever_was_measured() -> None:
    entry = {"gate": 1.3, "aim": 0.0, "ratio_min": -2.0, "ratio_max": 35.0}
    axis = picture.Axis.of([entry])
    assert (axis.low, axis.high) == (0, 2)
    assert axis.x(100) - axis.x(10) == axis.x(10) - axis.x(1) > 0
    assert axis.x(-2.0) == axis.x(0.0) == picture.LEFT
