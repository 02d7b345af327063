"""The outcome of a closed campaign, against a second, slower way to work it out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.campaigns import BelowMinimum, MinimumKind
from domain.settling import CountedLine, Outcome, Terms, decide, measure

OFFERS = st.dictionaries(st.integers(1, 4), st.integers(0, 6), min_size=1)
TERMS = st.builds(
    Terms, st.integers(0, 12), st.sampled_from(MinimumKind), st.sampled_from(BelowMinimum), may_extend=st.booleans()
)


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Terms, dict[int, int], list[CountedLine]]:
    offers = draw(OFFERS)
    line = st.builds(
        CountedLine, st.integers(1, 5), st.sampled_from(sorted(offers)), st.integers(1, 4), st.integers(0, 900)
    )
    return draw(TERMS), offers, draw(st.lists(line, max_size=12))


def slowly(terms: Terms, offers: dict[int, int], lines: list[CountedLine]) -> Outcome:
    """Says the same rules in another way: count by hand, offer by offer, then the campaign."""
    lost = set()
    for offer, minimum in offers.items():
        units = 0
        for line in lines:
            if line.offer_id == offer:
                units += line.units
        if units < minimum:
            lost.add(offer)
    people, units, fen = set(), 0, 0
    for line in lines:
        if line.offer_id not in lost:
            people.add(line.resident_id)
            units, fen = units + line.units, fen + line.amount_fen
    reached = {"people": len(people), "units": units, "amount": fen}[terms.kind]
    if reached < terms.minimum and terms.below == "extend" and terms.may_extend:
        return Outcome("extend", frozenset())
    if not people or (reached < terms.minimum and terms.below != "form_anyway"):
        return Outcome("fail", frozenset(offers))
    return Outcome("form", frozenset(lost))


@given(campaigns())
def test_both_ways_agree(case: tuple[Terms, dict[int, int], list[CountedLine]]) -> None:
    assert decide(*case) == slowly(*case)


@given(campaigns())
def test_nothing_that_failed_counts_towards_the_campaigns_minimum(
    case: tuple[Terms, dict[int, int], list[CountedLine]],
) -> None:
    terms, _, lines = case
    outcome = decide(*case)
    kept = [line for line in lines if line.offer_id not in outcome.failed_offers]
    if outcome.campaign == "form" and terms.below is not BelowMinimum.FORM_ANYWAY:
        assert measure(terms.kind, kept) >= terms.minimum


def test_an_empty_campaign_fails_even_without_a_minimum() -> None:
    terms = Terms(0, MinimumKind.PEOPLE, BelowMinimum.FORM_ANYWAY, may_extend=False)
    assert decide(terms, {1: 0}, []) == Outcome("fail", frozenset({1}))
