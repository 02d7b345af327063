"""Refunds: one in flight per payment, the same number until the gateway closes it, the oldest first when funds lack."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY
from domain.campaigns import CancelReason
from models import Alert, Order, OrderLine, Payment, Refund
from services import cancelling, counting, refund_results, refunds
from services.context import Ctx
from services.ports import GatewayRefund
from services.transactions import Transactions
from tests.builders.campaigns import Terms, buy, buyer, lines, order_row, refunded, stage_of
from tests.builders.clock import FrozenClock


def test_decisions_made_before_a_refund_leaves_go_out_as_one(unit: Transactions) -> None:
    stage = stage_of(unit, Terms("大闸蟹", 5800), Terms("草莓", 2990), Terms("蓝莓", 1990))
    order = buy(unit, stage, 0, {"大闸蟹": 1, "草莓": 1, "蓝莓": 1})
    for place_ in (0, 1):
        with unit(buyer(stage.buyers[0])) as ctx:
            cancelling.cancel(ctx, order, (lines(ctx, order)[place_].public_id,))
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Refund.amount_fen)).all() == [8790]


def test_a_decision_after_the_refund_has_left_waits_its_turn_in_a_new_one(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, Terms("大闸蟹", 5800), Terms("草莓", 2990), Terms("蓝莓", 1990))
    order = buy(unit, stage, 0, {"大闸蟹": 1, "草莓": 1, "蓝莓": 1})
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order, (lines(ctx, order)[0].public_id,))
    with unit(CLOCK) as ctx:
        first = refund_results.claimable(ctx)[0]
        refund_results.claim(ctx, first)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order, (lines(ctx, order)[1].public_id,))
    with unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Refund.amount_fen).order_by(Refund.id)).all() == [5800, 2990]
        assert refund_results.claimable(ctx) == []
    clock.advance(seconds=61)
    with unit(CLOCK) as ctx:
        assert refund_results.claimable(ctx) == [first]


def test_a_refund_the_gateway_closed_takes_a_new_number_with_the_same_lines(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    with unit(CLOCK) as ctx:
        request = refund_results.claim(ctx, refund_results.claimable(ctx)[0])
        assert request is not None
    closed = GatewayRefund(request.out_refund_no, request.out_trade_no, "CLOSED", 2990, None, None)
    for _ in range(2):
        with unit(GATEWAY) as ctx:
            refund_results.book(ctx, closed)
    clock.advance(seconds=62)
    with unit.reading() as ctx:
        first, second = ctx.session.scalars(select(Refund).order_by(Refund.id))
        assert (first.state, second.state, second.replaces_id) == ("closed", "requested", first.id)
        assert first.public_id != second.public_id
    assert refunded(unit) == 2990


def test_while_the_account_is_empty_only_the_oldest_refund_is_tried(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    for who in range(3):
        order = buy(unit, stage, who)
        with unit(buyer(stage.buyers[who])) as ctx:
            cancelling.cancel(ctx, order)
    with unit(CLOCK) as ctx:
        first = refund_results.claimable(ctx)[0]
        refund_results.claim(ctx, first)
        refund_results.put_off(ctx, first, seconds=60, waiting="waiting_funds")
        assert refund_results.claimable(ctx) == []
    clock.advance(seconds=60)
    with unit(CLOCK) as ctx:
        assert refund_results.claimable(ctx)[0] == first


@pytest.mark.parametrize("how", ["fifty parts", "a year"])
def test_what_the_gateway_takes_no_more_becomes_a_task_for_staff(
    unit: Transactions, clock: FrozenClock, how: str
) -> None:
    stage = stage_of(unit, Terms(price_fen=100), hours=9_000)
    order = buy(unit, stage, 0, 60)
    if how == "a year":
        clock.advance(days=366)
    else:
        with unit(CLOCK) as ctx:
            payment = ctx.session.scalars(select(Payment)).one()
            for part in range(50):
                _returned(ctx, payment, lines(ctx, order)[0].id, part)
    with unit(CLOCK) as ctx:
        row, payment = order_row(ctx, order), ctx.session.scalars(select(Payment)).one()
        refunds.give_back(ctx, row, {lines(ctx, order)[0]: 1}, CancelReason.CAMPAIGN_CANCELLED)
        line = lines(ctx, order)[0]
        counting.uncount(ctx, row, {line: line.refunded_units}, wholly=False)
    clock.advance(seconds=120)
    with unit(CLOCK) as ctx:
        (due,) = refund_results.claimable(ctx)
        assert refund_results.claim(ctx, due) is None
        assert refund_results.claimable(ctx) == []
    with unit.reading() as ctx:
        refund = ctx.session.get_one(Refund, due)
        assert (refund.state, refund.waiting) == ("requested", "staff_task")
        assert ctx.session.scalars(select(Alert.kind)).all() == ["refund_exhausted"]


def _returned(ctx: Ctx, payment: Payment, line_id: int, part: int) -> None:
    """One fen more of this payment has gone back in a part of its own."""
    line = ctx.session.get_one(OrderLine, line_id)
    order = ctx.session.get_one(Order, payment.order_id)
    refunds.give_back(ctx, order, {line: 1}, CancelReason.CAMPAIGN_CANCELLED)
    refund = ctx.session.scalars(select(Refund).order_by(Refund.id.desc())).first()
    assert refund is not None
    refund.first_sent_at = ctx.now
    ctx.session.flush()
    success = GatewayRefund(refund.public_id, payment.public_id, "SUCCESS", refund.amount_fen, None, ctx.now)
    refund_results.book(ctx.acting_as(GATEWAY), success)
