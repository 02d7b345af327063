"""Refunds: one in flight per payment, the same number until the gateway closes it, the oldest first when funds lack."""

from __future__ import annotations

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY
from models import Refund
from services import cancelling, refund_results
from services.ports import GatewayRefund
from services.transactions import Transactions
from tests.builders.campaigns import Terms, buy, buyer, lines, refunded, stage_of
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
