"""Closing payments at the gateway: only what surely nobody can pay any more is closed, and doubt is trouble."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from domain.actors import CLOCK
from domain.errors import WrongState
from models import Alert, Order, Payment
from services import cancelling, payments
from services.flows import expiring, paying
from services.ports import PrepayRequest, Trade, Unreachable
from services.transactions import Transactions
from tests.builders.campaigns import ask, buyer, place, stage_of
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside


def intend(unit: Transactions, order: str, payer: int) -> payments.Asked:
    """The first step of asking to pay; the prepay is still on its way to the gateway."""
    with unit(buyer(payer)) as ctx:
        return payments.ask(ctx, order)


def arrive(unit: Transactions, outside: PretendOutside, payer: int, asked: payments.Asked) -> PrepayRequest:
    """The prepay reaches the gateway, and its answer us."""
    prepay_id = outside.gateway.prepay(asked.request)
    with unit(buyer(payer)) as ctx:
        payments.prepaid(ctx, asked.payment, prepay_id)
    return asked.request


def states(unit: Transactions, column: InstrumentedAttribute[str] = Payment.state) -> list[str]:
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(column).order_by(column)))


def test_a_prepay_still_on_its_way_is_not_taken_for_closed(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    who = stage.buyers[0]
    order = place(unit, stage, 0)
    asked = intend(unit, order, who)
    with unit(buyer(who)) as ctx:
        cancelling.cancel(ctx, order)
    clock.advance(seconds=11)
    expiring.close_abandoned(unit, outside)
    assert states(unit) == ["created"]
    arrive(unit, outside, who, asked)
    clock.advance(seconds=11)
    expiring.close_abandoned(unit, outside)
    assert states(unit) == ["closed"]
    assert outside.gateway.trades[asked.request.out_trade_no].state == "CLOSED"


def test_a_prepay_that_never_reached_the_gateway_ends_with_its_time(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    order = place(unit, stage, 0)
    asked = intend(unit, order, stage.buyers[0])
    clock.advance(minutes=31)
    assert expiring.expire_due(unit, outside) == 1
    assert states(unit) == ["closed"]
    with pytest.raises(WrongState):
        arrive(unit, outside, stage.buyers[0], asked)


def test_a_gateway_that_takes_the_close_and_leaves_the_payment_open_is_alerted_after_ten_minutes(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(unit)
    arrive(unit, outside, stage.buyers[0], intend(unit, place(unit, stage, 0), stage.buyers[0]))
    monkeypatch.setattr(outside.gateway, "close", lambda _number: None)
    clock.advance(minutes=31)
    assert expiring.expire_due(unit, outside) == 0
    assert states(unit, Alert.kind) == []
    clock.advance(minutes=10)
    assert expiring.expire_due(unit, outside) == 0
    assert states(unit, Alert.kind) == ["gateway_silent"]


def test_a_silent_gateway_keeps_no_stock_of_orders_that_never_asked_it(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    ask(unit, place(unit, stage, 0), stage.buyers[0])
    place(unit, stage, 1)
    clock.advance(minutes=31)
    outside.gateway.fails = Unreachable("down")
    assert expiring.expire_due(unit, outside, limit=1) == 1
    assert states(unit, Order.state) == ["expired", "pending_payment"]


def test_an_unpaid_order_keeps_its_stock_until_its_hold_has_ended(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit)
    place(unit, stage, 0)
    clock.advance(minutes=29)
    with unit(CLOCK) as ctx:
        assert not cancelling.expire(ctx, ctx.session.scalars(select(Order.id)).one())
    clock.advance(minutes=1)
    with unit(CLOCK) as ctx:
        assert cancelling.expire(ctx, ctx.session.scalars(select(Order.id)).one())


def test_a_silent_payment_is_asked_about_once_though_two_schedulers_saw_it(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(unit)
    numbers = [ask(unit, place(unit, stage, who), stage.buyers[who]) for who in (0, 1)]
    clock.advance(minutes=2)
    asked: list[str] = []

    def query(number: str) -> Trade:
        asked.append(number)
        if len(asked) == 1:  # while the first waits for its answer, another scheduler takes the rest
            paying.poll_silent(unit, outside)
        return Trade(number, "NOTPAY", None, 2990, None, None)

    monkeypatch.setattr(outside.gateway, "query", query)
    paying.poll_silent(unit, outside)
    assert sorted(asked) == sorted(numbers)
