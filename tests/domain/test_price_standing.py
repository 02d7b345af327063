"""Group price tiers: what one more unit costs, how far the next lower price is, and how a line's price falls apart."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.line_money import LinePrice, next_tier, tier_price
from domain.progress import PriceStanding, milestone, milestones, steps

TIERS = ((10, 2500), (20, 2200))
UNITS = st.integers(1, 60)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[int, tuple[tuple[int, int], ...]]:
    """A price and up to five tiers below it, units rising and prices falling."""
    prices = sorted(draw(st.sets(st.integers(0, 5000), min_size=1, max_size=6)), reverse=True)
    starts = sorted(draw(st.sets(st.integers(2, 60), min_size=len(prices) - 1, max_size=len(prices) - 1)))
    return prices[0], tuple(zip(starts, prices[1:], strict=True))


def standing(counted: int, *, running: bool = True, closing: int | None = None) -> PriceStanding:
    return PriceStanding(2990, TIERS, counted, running, closing)


def test_the_next_unit_counts_itself() -> None:
    assert [standing(counted).unit_fen for counted in (0, 8, 9, 18, 19, 50)] == [2990, 2990, 2500, 2500, 2200, 2200]


def test_the_milestone_says_how_many_are_missing_until_which_price() -> None:
    assert milestone(standing(0)) == "还差 10 份降到 ¥25.00"
    assert milestone(standing(9)) == "还差 1 份降到 ¥25.00"
    assert milestone(standing(10)) == "还差 10 份降到 ¥22.00"
    assert milestone(standing(20)) == "已达 20 份，截团时确认 ¥22.00"


def test_nothing_is_promised_between_the_close_and_the_decision() -> None:
    assert milestone(standing(9, running=False)) == ""
    assert standing(9, running=False).missing_units is None


def test_the_closing_price_is_told_only_when_it_is_lower() -> None:
    assert milestone(standing(20, running=False, closing=2200)) == "已降到 ¥22.00"
    assert milestone(standing(3, running=False, closing=2990)) == ""
    assert standing(3, running=False, closing=2200).unit_fen == 2200


def test_without_tiers_there_is_nothing_to_tell() -> None:
    plain = PriceStanding(2990, (), 7, True)
    assert (plain.unit_fen, plain.next_price_fen, milestone(plain), steps(plain, "盒")) == (2990, None, "", "")
    assert milestones([("草莓", plain), ("蓝莓", standing(8))]) == "蓝莓还差 2 份降到 ¥25.00"
    assert steps(standing(0), "盒") == "满 10 盒 ¥25.00，满 20 盒 ¥22.00"


@given(ladders(), UNITS, UNITS)
def test_more_units_never_cost_more_each(ladder: tuple[int, tuple[tuple[int, int], ...]], few: int, more: int) -> None:
    price, tiers = ladder
    assert tier_price(price, tiers, few + more) <= tier_price(price, tiers, few) <= price


@given(ladders(), UNITS)
def test_reaching_the_milestone_brings_its_price(ladder: tuple[int, tuple[tuple[int, int], ...]], units: int) -> None:
    price, tiers = ladder
    ahead = next_tier(tiers, units)
    if ahead is None:
        assert tier_price(price, tiers, units) == tier_price(price, tiers, 10_000)
        return
    missing, lower = ahead
    assert tier_price(price, tiers, units + missing) == lower < tier_price(price, tiers, units + missing - 1)


@st.composite
def priced_lines(draw: st.DrawFn) -> tuple[LinePrice, int, int]:
    """A line with a discount, some units gone before the close, rebated down to a closing price."""
    units, unit_price = draw(UNITS), draw(st.integers(0, 5000))
    discount = draw(st.integers(0, units * unit_price))
    gone = draw(st.integers(0, units - 1))
    line = LinePrice(units * unit_price - discount, units)
    rebate = line.rebate_down_to(draw(st.integers(0, 6000)), unit_price)
    return LinePrice(line.amount_fen, units, units - gone, rebate), unit_price, gone


@given(priced_lines())
def test_every_unit_costs_something_between_nothing_and_its_share(drawn: tuple[LinePrice, int, int]) -> None:
    line, unit_price, _ = drawn
    shares = [after - before for before, after in pairwise(line.of_first(k) for k in range(line.units + 1))]
    assert all(0 <= share <= unit_price for share in shares)
    assert sum(shares) == line.net_fen == line.amount_fen - line.rebate_fen


@given(priced_lines(), st.data())
def test_refunded_and_handed_over_units_are_the_whole_line(
    drawn: tuple[LinePrice, int, int], data: st.DataObject
) -> None:
    line, _, gone = drawn
    refunded = data.draw(st.integers(gone, line.units))
    assert line.of_first(refunded) + line.of_last(line.units - refunded) == line.net_fen
    before_the_close = LinePrice(line.amount_fen, line.units).of_first(gone)
    assert line.of_first(gone) == before_the_close, "what went back before the close was never rebated"


@given(priced_lines(), st.integers(0, 6000))
def test_a_rebate_never_lowers_a_price_below_the_one_the_group_reached(
    drawn: tuple[LinePrice, int, int], closing: int
) -> None:
    line, unit_price, _ = drawn
    rebate = line.rebate_down_to(closing, unit_price)
    assert unit_price - rebate >= min(closing, unit_price)
    assert rebate == max(0, unit_price - closing) or rebate == line.amount_fen // line.units
