"""Group price tiers: the price when ordering, the difference paid back at close, and what each buyer reads of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.campaigns import CancelReason
from models import Campaign, Notification, Offer, OrderLine, RefundLine
from services import cancelling, closing, counting, returning, transitions
from services.campaigns import ending
from services.queries import line_words
from services.queries import orders as reading
from services.transactions import Transactions
from tests.builders.campaigns import (
    Scene,
    Terms,
    ask,
    buy,
    buyer,
    capture,
    lines,
    order_row,
    place,
    refunded,
    settle,
    stage_of,
)  # fmt: skip
from tests.builders.clock import FrozenClock

TIERS = ((3, 2500), (6, 2000))


def finish(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)
    settle(unit, stage)


def line_of(unit: Transactions, order: str) -> OrderLine:
    with unit.reading() as ctx:
        (line,) = lines(ctx, order)
        return line


def told(unit: Transactions, cause: str) -> list[str]:
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(Notification.body).where(Notification.cause.startswith(cause))))


def closing_price(unit: Transactions, stage: Scene, name: str = "红颜草莓") -> int | None:
    with unit.reading() as ctx:
        offer = select(Offer).where(Offer.campaign_id == stage.campaign_id, Offer.name == name)
        return ctx.session.scalars(offer).one().closing_price_fen


def take_off(unit: Transactions, order: str, units: int) -> int:
    """Give units back after the close, as a leader's decision does."""
    with unit(SYSTEM) as ctx:
        row = order_row(ctx, order)
        transitions.lock(ctx, row)
        (line,) = counting.lines_of(ctx, row)
        decided = returning.take_off(ctx, row, {line: units}, CancelReason.LEADER)
        returning.end(ctx, row, CancelReason.LEADER)
        return decided


def test_the_tier_is_chosen_by_what_counts_and_ones_own_units(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), buyers=4)
    prices = [line_of(unit, buy(unit, stage, who, units)).unit_price_fen for who, units in enumerate((1, 1, 1, 3))]
    assert prices == [2990, 2990, 2500, 2000]


def test_unpaid_orders_never_lower_anybody_elses_price(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS))
    held = place(unit, stage, 0, 6)
    assert line_of(unit, held).unit_price_fen == 2000, "one's own units count for oneself"
    assert line_of(unit, place(unit, stage, 1)).unit_price_fen == 2990
    capture(unit, ask(unit, held, stage.buyers[0]))
    assert line_of(unit, place(unit, stage, 2)).unit_price_fen == 2000


def test_an_order_that_waits_for_its_payment_keeps_the_price_it_was_placed_at(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS))
    early = place(unit, stage, 0)
    buy(unit, stage, 1, 5)
    capture(unit, ask(unit, early, stage.buyers[0]))
    assert line_of(unit, early).amount_fen == 2990
    finish(unit, stage)
    assert (closing_price(unit, stage), line_of(unit, early).rebate_fen) == (2000, 990)


def test_early_buyers_get_the_difference_back_once_and_are_told_why(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), buyers=4)
    early, middle, late = buy(unit, stage, 0, 2), buy(unit, stage, 1), buy(unit, stage, 2, 3)
    finish(unit, stage)
    settle(unit, stage)
    assert [line_of(unit, order).rebate_fen for order in (early, middle, late)] == [1980, 500, 0]
    assert refunded(unit) == 1980 + 500
    assert told(unit, "rebate:") == [
        "红颜草莓 单价从 ¥29.90 降到 ¥20.00，2 盒差价 ¥19.80 原路退回",
        "红颜草莓 单价从 ¥25.00 降到 ¥20.00，1 盒差价 ¥5.00 原路退回",
    ]
    with unit(buyer(stage.buyers[0])) as ctx:
        page = reading.mine(ctx, early)
        (line,) = page.lines
        assert (page.state, page.paid_fen, page.refunded_fen) == ("confirmed", 5980, 1980)
        assert (line_words.final_unit_fen(line), line_words.net_fen(line)) == (2000, 4000)
        assert line_words.explained(line) == [
            "单价 ¥29.90 × 2 盒，¥59.80", "拼团单价降到 ¥20.00，退 ¥19.80", "实际 ¥40.00",
        ]  # fmt: skip
        assert [part.words for refund in page.refunds for part in refund.parts] == ["拼团降价，退还差价"]
    assert line_words.explained(line_of(unit, late)) == ["单价 ¥20.00 × 3 盒，¥60.00"]


def test_a_rebate_is_exact_beside_a_discount_that_does_not_divide(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), discount_over_fen=5000, discount_fen=100)
    order = buy(unit, stage, 0, 2)
    first = line_of(unit, order)
    assert (first.discount_fen, first.amount_fen) == (100, 5880)
    other = buy(unit, stage, 1, 7)
    finish(unit, stage)
    line, plain = line_of(unit, order), line_of(unit, other)
    assert (line.rebate_unit_fen, line.rebate_fen, line_words.net_fen(line)) == (990, 1980, 3900)
    assert (plain.amount_fen, plain.rebate_fen) == (7 * 2000 - 100, 0)
    assert take_off(unit, other, 3) == sum((1986, 1986, 1986)), "13,900 fen over seven units: the odd fens go first"
    assert take_off(unit, order, 1) == 1950
    assert take_off(unit, order, 1) == 1950
    with unit.reading() as ctx:
        assert (
            sum(ctx.session.scalars(select(RefundLine.amount_fen).where(RefundLine.order_line_id == line.id))) == 5880
        )


def test_a_discount_never_makes_a_rebate_larger_than_a_units_share(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(price_fen=100, tiers=((2, 1),)), discount_over_fen=100, discount_fen=95)
    order = buy(unit, stage, 0)
    buy(unit, stage, 1, 200)
    finish(unit, stage)
    line = line_of(unit, order)
    assert (line.amount_fen, line.rebate_fen, line_words.net_fen(line)) == (5, 5, 0)
    assert refunded(unit) >= 5
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "confirmed", "its goods still come"


def test_units_taken_back_before_the_close_carry_no_rebate_and_do_not_count(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS))
    order = buy(unit, stage, 0, 2)
    buy(unit, stage, 1, 2)
    with unit(buyer(stage.buyers[0])) as ctx:
        (line,) = lines(ctx, order)
        cancelling.cancel(ctx, order, units={line.public_id: 1})
    finish(unit, stage)
    line = line_of(unit, order)
    assert (closing_price(unit, stage), line.confirmed_units, line.rebate_fen) == (2500, 1, 490)
    assert line.refunded_fen == 2990 + 490


def test_nobody_pays_more_when_others_leave_before_the_close(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS))
    gone = buy(unit, stage, 0, 5)
    kept = buy(unit, stage, 1)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, gone)
    finish(unit, stage)
    line = line_of(unit, kept)
    assert (closing_price(unit, stage), line.unit_price_fen, line.rebate_fen) == (2990, 2000, 0)
    assert told(unit, "rebate:") == []


def test_refunds_after_the_close_do_not_move_the_tier(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS))
    early, late = buy(unit, stage, 0, 2), buy(unit, stage, 1, 4)
    finish(unit, stage)
    assert take_off(unit, late, 4) == 4 * 2000
    settle(unit, stage)
    assert (closing_price(unit, stage), line_of(unit, early).rebate_fen) == (2000, 2 * 990)
    assert take_off(unit, early, 1) == 2000, "what the unit costs after its rebate"


def test_an_offer_that_fails_pays_everything_back_and_moves_no_other_price(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), Terms("蓝莓", 1990, minimum_units=9, tiers=((2, 1500),)))
    order = buy(unit, stage, 0, {"红颜草莓": 1, "蓝莓": 1})
    buy(unit, stage, 1, {"红颜草莓": 2, "蓝莓": 3})
    finish(unit, stage)
    with unit.reading() as ctx:
        berry, blue = lines(ctx, order)
    assert (berry.rebate_fen, berry.refunded_fen) == (490, 490)
    assert (blue.rebate_fen, blue.refunded_fen, blue.confirmed_units) == (0, 1990, 0)
    assert (closing_price(unit, stage), closing_price(unit, stage, "蓝莓")) == (2500, None)


def test_a_campaign_that_fails_rebates_nothing(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), minimum=9)
    orders = [buy(unit, stage, 0), buy(unit, stage, 1, 5)]
    finish(unit, stage)
    assert [line_of(unit, order).rebate_fen for order in orders] == [0, 0]
    assert refunded(unit) == 2990 + 5 * 2000


def test_a_campaign_cancelled_after_forming_pays_back_the_rest_beside_the_rebate(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), discount_over_fen=2500, discount_fen=333)
    order = buy(unit, stage, 0, 2)
    buy(unit, stage, 1, 4)
    finish(unit, stage)
    assert refunded(unit) == 2 * 990
    with unit(stage.leader) as ctx:
        closing.cancel(ctx, ctx.session.get_one(Campaign, stage.campaign_id), "断货")
    settle(unit, stage)
    clock.advance(minutes=2)
    refunded(unit)
    line = line_of(unit, order)
    assert (line.refunded_fen, line.commission_fen) == (line.amount_fen, 0)
    with unit.reading() as ctx:
        row = order_row(ctx, order)
        assert (row.state, row.refunded_fen) == ("refunded", row.paid_fen)


def test_a_price_may_fall_to_nothing(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(price_fen=1, tiers=((2, 0),), commission_bps=10_000))
    paid, free = buy(unit, stage, 0), place(unit, stage, 1)
    with unit.reading() as ctx:
        assert (order_row(ctx, free).state, order_row(ctx, free).total_fen) == ("paid", 0)
    finish(unit, stage)
    assert refunded(unit) == 1
    with unit.reading() as ctx:
        assert [order_row(ctx, order).state for order in (paid, free)] == ["confirmed", "confirmed"]
        assert order_row(ctx, paid).refunded_fen == 1
    assert line_of(unit, paid).commission_fen == 0


@pytest.mark.parametrize("units", [1, 2, 3])
def test_one_fen_less_is_one_fen_back_for_each_unit(unit: Transactions, units: int) -> None:
    stage = stage_of(unit, Terms(price_fen=2, tiers=((10, 1),)))
    order = buy(unit, stage, 0, units)
    buy(unit, stage, 1, 10)
    finish(unit, stage)
    line = line_of(unit, order)
    assert (line.amount_fen, line.rebate_fen, line_words.net_fen(line)) == (2 * units, units, units)


def test_commission_is_on_what_is_left_after_discount_and_rebate(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS, commission_bps=1000), discount_over_fen=5000, discount_fen=100)
    order = buy(unit, stage, 0, 2)
    buy(unit, stage, 1, 4)
    finish(unit, stage)
    assert line_of(unit, order).commission_fen == (5980 - 100 - 2 * 990) // 10


def test_who_pays_on_pickup_pays_the_lower_price_instead(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), payment_policy="on_pickup")
    order = place(unit, stage, 0, 2)
    place(unit, stage, 1, 4)
    finish(unit, stage)
    line = line_of(unit, order)
    assert (line.rebate_fen, line.waived_fen, line_words.net_fen(line)) == (1980, 1980, 4000)
    assert told(unit, "rebate:") == ["红颜草莓 单价从 ¥29.90 降到 ¥20.00，2 盒差价 ¥19.80 取货时少付"]
    assert line_words.explained(line)[1] == "拼团单价降到 ¥20.00，少付 ¥19.80"
    assert refunded(unit) == 0


def test_progress_by_amount_counts_the_goods_before_discounts(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(tiers=TIERS), discount_over_fen=2000, discount_fen=1999, minimum=2990,
                     minimum_kind="amount")  # fmt: skip
    buy(unit, stage, 0)
    finish(unit, stage)
    with unit.reading() as ctx:
        campaign = ctx.session.get_one(Campaign, stage.campaign_id)
        assert (campaign.counted_fen, campaign.state) == (2990, "formed")
