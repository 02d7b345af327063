"""What one machine carries is reckoned from measured figures, and from nothing where one is missing."""

from __future__ import annotations

from typing import Any

import pytest

from scripts import capacity

RATES = {
    "W1-64": 1_400.0,
    "W2": 1_300.0,
    "W3": 1_000.0,
    "W4-hot": 32_000.0,
    "W4-cold": 4_000.0,
    "W6": 1_500.0,
    "W8": 1_300.0,
}


def book() -> dict[str, Any]:
    """A book in the shape of the benchmarks' own, with round figures."""
    measured: dict[str, Any] = {name: {"ours_per_second": [rate] * 5} for name, rate in RATES.items()}
    measured |= {
        "W7": {"ours_seconds": [20.0]}, "W9": {"stale_ms_most": [200.0]}, "W10": {"rate_per_second": 800.0},
        "growth-join": {"bytes_per_order": 2_500},
    }  # fmt: skip
    ratios = {"W9": 0.9, "memory-idle": 115.0, "memory-grown": 2.0}
    return {
        "commit": "0" * 40, "measured": measured,
        "results": [{"workload": name, "ratio_median": ratio} for name, ratio in ratios.items()],
    }  # fmt: skip


def test_each_line_follows_from_the_measured_ones() -> None:
    value = {line.what: line.value for line in capacity.steps(capacity.Measured.of(book()))}
    assert value["joins a minute, one campaign and nothing else"] == 42_000
    assert value["joins a minute in a mixed evening"] == 9_600
    assert value["orders a day"] == 480_000
    assert value["residents"] == 960_000
    assert value["to close what ends at the same hour"] == 48
    assert value[capacity.GROWTH] == pytest.approx(1.2)
    assert "**960,000 residents" in capacity.page(book())


@pytest.mark.parametrize("missing", ["W1-64", "W10", "growth-join"])
def test_what_was_not_measured_is_named(missing: str) -> None:
    told = book()
    del told["measured"][missing]
    with pytest.raises(KeyError, match=missing):
        capacity.page(told)
