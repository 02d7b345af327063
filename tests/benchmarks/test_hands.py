"""What is kept of trials at the glass, and when a bound is broken."""

from __future__ import annotations

from benchmarks.hands import Figure

TENTHS = tuple(number / 10 for number in range(1, 41))


def test_a_figure_tells_median_and_tail_of_its_trials() -> None:
    told = Figure("some", TENTHS, 1.0).told()
    assert (told["trials"], told["median"], told["p95"], told["max"]) == (40, 2.05, 3.8, 4.0)


def test_a_bound_is_asked_of_the_median_or_of_every_trial() -> None:
    assert not Figure("slow", TENTHS, 2.0).held
    assert Figure("fast", TENTHS, 2.1).held
    assert not Figure("taps", (4, 4, 5), 4, "taps", "max").held
    assert Figure("taps", (4, 4, 4), 4, "taps", "max").held
    assert Figure("unbound", TENTHS, None).held
