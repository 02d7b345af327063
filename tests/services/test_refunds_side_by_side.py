"""Several refunds at once: of one payment, of one order with free lines, of one account without funds."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY
from models import Notification, Refund
from services import cancelling, refund_results
from services.ports import GatewayRefund
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, buyer, lines, order_row, refunded, settle, stage_of
from tests.builders.clock import FrozenClock
from tests.services.test_settling import close

FOUR = (Terms("大闸蟹", 5800), Terms("草莓", 2990), Terms("蓝莓", 1990), Terms("柚子", 990))


def cancel_lines(unit: Transactions, stage: Scene, order: str, *places: int) -> None:
    with unit(buyer(stage.buyers[0])) as ctx:
        rows = lines(ctx, order)
        cancelling.cancel(ctx, order, tuple(rows[place].public_id for place in places))


def test_a_decision_joins_one_waiting_refund_even_beside_the_successor_of_a_closed_one(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, *FOUR)
    order = buy(unit, stage, 0, {terms.name: 1 for terms in FOUR})
    cancel_lines(unit, stage, order, 0)
    with unit(CLOCK) as ctx:
        request = refund_results.claim(ctx, refund_results.claimable(ctx)[0])
        assert request is not None
    cancel_lines(unit, stage, order, 1)
    closed = GatewayRefund(request.out_refund_no, request.out_trade_no, "CLOSED", request.refund_fen, None, None)
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, closed)
    cancel_lines(unit, stage, order, 2)
    with unit.reading() as ctx:
        rows = ctx.session.execute(select(Refund.state, Refund.amount_fen).order_by(Refund.id)).all()
    assert sorted(fen for state, fen in rows if state == "requested") == [4980, 5800]
    total = 0
    for _ in range(2):
        clock.advance(seconds=62)
        total += refunded(unit)
    assert total == 5800 + 2990 + 1990


def test_each_cancelled_set_of_lines_is_told_whatever_its_numbers_add_up_to(unit: Transactions) -> None:
    stage = stage_of(unit, *FOUR)
    order = buy(unit, stage, 0, {terms.name: 1 for terms in FOUR})
    cancel_lines(unit, stage, order, 0, 3)
    cancel_lines(unit, stage, order, 1, 2)
    with unit.reading() as ctx:
        told = ctx.session.scalars(select(Notification.body).order_by(Notification.id)).all()
    assert [body.split("，")[1].split(" ")[0] for body in told] == ["¥67.90", "¥49.80"]


def test_an_order_whose_free_line_still_stands_is_not_refunded_yet(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms("大闸蟹", 5800), Terms("紫苏", 0))
    order = buy(unit, stage, 0, {"大闸蟹": 1, "紫苏": 1})
    cancel_lines(unit, stage, order, 0)
    assert refunded(unit) == 5800
    close(unit, clock, stage)
    settle(unit, stage)
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "confirmed"
        assert [line.confirmed_units for line in lines(ctx, order)] == [0, 1]


def test_a_refund_decided_while_the_account_is_empty_waits_behind_the_oldest(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    orders = [buy(unit, stage, who) for who in range(3)]
    for who in (0, 1):
        with unit(buyer(stage.buyers[who])) as ctx:
            cancelling.cancel(ctx, orders[who])
    with unit(CLOCK) as ctx:
        first = refund_results.claimable(ctx)[0]
        refund_results.claim(ctx, first)
        refund_results.put_off(ctx, first, seconds=60, waiting="waiting_funds")
    with unit(buyer(stage.buyers[2])) as ctx:
        cancelling.cancel(ctx, orders[2])
    with unit.reading() as ctx:
        assert refund_results.claimable(ctx) == []
    clock.advance(seconds=61)
    assert refunded(unit) == 2990
    assert refunded(unit) == 2 * 2990


def test_two_schedulers_with_the_same_list_send_a_refund_once(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    with unit(CLOCK) as ctx:
        (refund,) = refund_results.claimable(ctx)
        assert refund_results.claim(ctx, refund) is not None
    with unit(CLOCK) as ctx:
        assert refund_results.claim(ctx, refund) is None
        assert refund_results.claimable(ctx) == []
    clock.advance(seconds=61)
    with unit(CLOCK) as ctx:
        assert refund_results.claim(ctx, refund) is not None


def test_the_next_refund_of_a_payment_waits_for_the_one_in_flight_and_then_a_minute(
    unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit, *FOUR)
    order = buy(unit, stage, 0, {terms.name: 1 for terms in FOUR})
    cancel_lines(unit, stage, order, 0)
    with unit(CLOCK) as ctx:
        request = refund_results.claim(ctx, refund_results.claimable(ctx)[0])
        assert request is not None
    answer = GatewayRefund(request.out_refund_no, request.out_trade_no, "PROCESSING", request.refund_fen, None, None)
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, answer)
    cancel_lines(unit, stage, order, 1)
    clock.advance(minutes=5)
    with unit.reading() as ctx:
        assert refund_results.claimable(ctx) == []
    with unit(GATEWAY) as ctx:
        refund_results.book(ctx, replace(answer, state="SUCCESS"))
    assert refunded(unit) == 2990
    cancel_lines(unit, stage, order, 2)
    with unit.reading() as ctx:
        assert refund_results.claimable(ctx) == []
    clock.advance(seconds=62)
    assert refunded(unit) == 1990
