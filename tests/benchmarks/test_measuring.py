"""Ratios are taken pairwise, noise forbids a verdict, and a broken invariant leaves no result."""

from __future__ import annotations

from statistics import median

import pytest

from benchmarks.measuring import Measured, Round, judge, take_rounds


def _rounds(*ours: float, before: float = 100, after: float = 100) -> Measured:
    return Measured([Round(before, rate, after) for rate in ours])


def test_a_ratio_is_ours_to_the_mean_of_the_floors_around_it() -> None:
    assert Round(100, 300, 200).ratio == 2


def test_the_median_of_pairwise_ratios_is_not_the_ratio_of_medians() -> None:
    measured = Measured([Round(100, 100, 100), Round(200, 400, 200), Round(1000, 900, 1000)])
    assert median(measured.ratios) == 1.0
    assert median([100, 400, 900]) / median([100, 200, 1000]) == 2.0


def test_noise_is_how_far_the_floors_two_medians_lie_apart() -> None:
    assert _rounds(50, before=115, after=100).floor_noise == pytest.approx(0.15)
    assert _rounds(50, before=100, after=115).floor_noise == pytest.approx(0.15)


@pytest.mark.parametrize(("after", "verdict"), [(100, "held"), (114, "held"), (117, "too noisy"), (80, "too noisy")])
def test_a_floor_that_moved_by_more_than_15_percent_judges_nothing(after: float, verdict: str) -> None:
    assert judge(_rounds(*[150] * 5, after=after), 1.0, "more") == verdict


@pytest.mark.parametrize(
    ("ours", "better", "verdict"),
    [(101, "more", "held"), (99, "more", "missed"), (99, "less", "held"), (101, "less", "missed")],
)
def test_a_gate_is_held_from_its_own_side(ours: float, better: str, verdict: str) -> None:
    assert judge(_rounds(*[ours] * 5), 1.0, better) == verdict  # type: ignore[arg-type]  # one of the two words


def test_fewer_than_five_rounds_or_a_smaller_size_judge_nothing() -> None:
    assert judge(_rounds(*[150] * 4), 1.0, "more") == "not judged"
    assert judge(_rounds(*[150] * 5), 1.0, "more", full=False) == "not judged"


def test_a_round_that_breaks_an_invariant_ends_the_run_without_a_result() -> None:
    found = iter([[], ["2 every entry sums to zero"], []])
    heard: list[Round] = []
    measured = take_rounds(5, lambda: 100, lambda: 500, lambda: next(found), heard.append)
    assert len(measured.rounds) == len(heard) == 2
    assert measured.broken == ["2 every entry sums to zero"]
    assert judge(measured, 1.0, "more") == "no result"


def test_each_round_is_floor_ours_floor() -> None:
    order: list[str] = []

    def step(name: str) -> float:
        order.append(name)
        return 1

    def look() -> tuple[str, ...]:
        order.append("look")
        return ()

    take_rounds(2, lambda: step("floor"), lambda: step("ours"), look, lambda _: None)
    assert order == ["floor", "ours", "look", "floor"] * 2
