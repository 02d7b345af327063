"""Refunds that no gateway makes: listed with their reasons, paid by bank by two people, and never twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from domain.actors import CLOCK, SYSTEM, Actor, Role
from domain.errors import Forbidden, WrongState
from domain.ledger import Account
from models import Alert, Notification, Payment, Refund
from services import cancelling, refund_results, refund_tasks
from services.flows import refunding
from services.paging import Page
from services.ports import RefundRequest, Refused, Unknown
from services.queries import refund_tasks as reading
from services.queries.refund_tasks import RefundTask
from services.refunds import STAFF_TASK
from services.transactions import Transactions
from tests.builders.campaigns import Terms, ask, buyer, capture, lines, order_row, place, stage_of
from tests.builders.clock import FrozenClock
from tests.builders.decisions import accepted, answered, cancelled, operators, refusal
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import balance
from tests.services.test_two_people import proposed


def tasks(unit: Transactions) -> list[RefundTask]:
    with unit(Actor(Role.OPERATOR, 1)) as ctx:
        return reading.tasks(ctx, Page()).items


def balances(unit: Transactions) -> dict[str, int]:
    wanted = (Account.REFUND_PAYABLE, Account.GATEWAY_CLEARING, Account.PROMOTION, Account.BANK)
    with unit.reading() as ctx:
        return {str(account): balance(ctx, account) for account in wanted}


def test_an_abnormal_refund_paid_by_bank_ends_its_order_and_the_gateway_keeps_its_money(unit: Transactions) -> None:
    stage = stage_of(unit)
    order = place(unit, stage, 0)
    capture(unit, ask(unit, order, stage.buyers[0]), payer_fen=2000)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    refund = answered(unit, "ABNORMAL")
    (task,) = tasks(unit)
    assert (task.id, task.why, task.amount_fen, task.payer) == (refund, "abnormal", 2990, "居**")
    first, second = operators(unit)
    proposal = proposed(unit, first, refund)
    assert tasks(unit)[0].proposal == proposal
    accepted(unit, second, proposal)
    assert tasks(unit) == []
    assert balances(unit) == {"refund_payable": 0, "gateway_clearing": 2000, "promotion": 990, "bank": -2990}
    with unit.reading() as ctx:
        assert order_row(ctx, order).refunded_fen == 2990
        assert "已由平台人工转账退回" in ctx.session.scalars(
            select(Notification.body).where(Notification.title == "已退款")
        ).one()  # fmt: skip
        assert ctx.session.scalars(select(Alert.id).where(Alert.done_at.is_(None))).all() == []


def test_the_gateways_success_after_the_banks_is_an_alarm_and_no_second_booking(unit: Transactions) -> None:
    order = cancelled(unit, stage_of(unit))
    first, second = operators(unit)
    accepted(unit, second, proposed(unit, first, answered(unit, "ABNORMAL")))
    before = balances(unit)
    for state in ("ABNORMAL", "CLOSED", "PROCESSING", "SUCCESS", "SUCCESS"):
        answered(unit, state)
    assert balances(unit) == before
    with unit.reading() as ctx:
        assert order_row(ctx, order).refunded_fen == 2990
        assert ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None))).all() == ["refund_paid_twice"]


def test_a_refused_refund_is_a_task_but_not_while_the_gateway_is_being_asked(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    order = cancelled(unit, stage_of(unit))
    first, second = operators(unit)
    outside.gateway.fails = Refused("no", code="INVALID_REQUEST")
    refunding.submit_due(unit, outside)
    (task,) = tasks(unit)
    assert (task.why, task.state) == ("refused", "requested")
    proposal = proposed(unit, first, task.id)
    clock.advance(seconds=301)
    outside.gateway.fails = Unknown("silence")
    refunding.submit_due(unit, outside)
    assert tasks(unit) == []
    assert refusal(unit, second, proposal) == "plan_is_stale"
    clock.advance(seconds=61)
    outside.gateway.fails = Refused("no", code="INVALID_REQUEST")
    refunding.submit_due(unit, outside)
    accepted(unit, second, proposal)
    clock.advance(seconds=301)
    outside.gateway.fails = None
    assert refunding.submit_due(unit, outside) == 0
    assert balances(unit) == {"refund_payable": 0, "gateway_clearing": 2990, "promotion": 0, "bank": -2990}
    with unit.reading() as ctx:
        assert order_row(ctx, order).refunded_fen == 2990


def test_without_the_lease_a_refund_would_be_paid_by_bank_while_the_gateway_pays_it(unit: Transactions) -> None:
    cancelled(unit, stage_of(unit))
    first, second = operators(unit)
    with unit(CLOCK) as ctx:
        (due,) = refund_results.claimable(ctx)
        refund_results.claim(ctx, due)
        refund_results.put_off(ctx, due, seconds=300, waiting=refund_results.REFUSED)
        number = ctx.session.get_one(Refund, due).public_id
    proposal = proposed(unit, first, number)
    with unit(CLOCK) as ctx:  # sent again, and its claim forgotten
        ctx.session.execute(update(Refund).values(lease_until=None, attempts=2))
    accepted(unit, second, proposal)
    assert answered(unit, "SUCCESS") == number
    with unit.reading() as ctx:
        assert "refund_paid_twice" in ctx.session.scalars(select(Alert.kind)).all()


def test_a_closed_account_is_asked_no_more(unit: Transactions, outside: PretendOutside, clock: FrozenClock) -> None:
    cancelled(unit, stage_of(unit))
    outside.gateway.fails = Refused("gone", code="USER_ACCOUNT_ABNORMAL")
    refunding.submit_due(unit, outside)
    clock.advance(days=1)
    refunding.submit_due(unit, outside)
    assert outside.gateway.asked["refund"] == 1
    assert [task.why for task in tasks(unit)] == ["refused"]


@pytest.mark.parametrize("waiting", [STAFF_TASK, refund_results.REFUSED])
def test_what_waits_for_people_stays_their_task_while_the_account_lacks_funds(unit: Transactions, waiting: str) -> None:
    stage = stage_of(unit)
    cancelled(unit, stage, 0)
    cancelled(unit, stage, 1)
    with unit(CLOCK) as ctx:
        older, younger = refund_results.claimable(ctx)
        for due, seconds, why in ((younger, 0, waiting), (older, 60, refund_results.WAITING_FUNDS)):
            refund_results.claim(ctx, due)
            refund_results.put_off(ctx, due, seconds=seconds, waiting=why)
    assert [task.why for task in tasks(unit)] == ["refused"]
    with unit.reading() as ctx:
        assert ctx.session.get_one(Refund, younger).waiting == waiting


def test_an_operator_has_an_abnormal_refund_tried_again_under_its_number(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    order = cancelled(unit, stage_of(unit))
    first, second = operators(unit)
    number = answered(unit, "ABNORMAL")
    proposal = proposed(unit, first, number)
    assert refunding.retry(unit, outside, second, number) == "submitted"
    assert list(outside.gateway.refunds) == [number]
    assert refusal(unit, second, proposal) == "plan_is_stale"
    with pytest.raises(WrongState):
        refunding.retry(unit, outside, second, number)
    with pytest.raises(Forbidden):
        refunding.retry(unit, outside, buyer(1), number)
    outside.gateway.finish_refund(number, clock.now())
    clock.advance(seconds=21)
    refunding.poll_submitted(unit, outside)
    with unit.reading() as ctx:
        assert order_row(ctx, order).refunded_fen == 2990


def test_a_retry_that_the_gateway_does_not_answer_is_asked_about_later(
    unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    cancelled(unit, stage_of(unit))
    number = answered(unit, "ABNORMAL")
    outside.gateway.fails = Unknown("silence")
    assert refunding.retry(unit, outside, operators(unit)[0], number) == "submitted"
    outside.gateway.fails = None
    outside.gateway.refund(RefundRequest("-", number, 2990, 2990, ""))
    outside.gateway.finish_refund(number, clock.now())
    clock.advance(seconds=21)
    assert refunding.poll_submitted(unit, outside) == 1
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Refund.state)).all() == ["succeeded"]


def test_a_retry_waits_for_the_other_refund_of_its_payment(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms("草莓", 2990), Terms("蓝莓", 1990))
    order = place(unit, stage, 0, {"草莓": 1, "蓝莓": 1})
    capture(unit, ask(unit, order, stage.buyers[0]))
    take_back(unit, stage.buyers[0], order, 0)
    first = answered(unit, "ABNORMAL")
    clock.advance(seconds=62)
    take_back(unit, stage.buyers[0], order, 1)
    answered(unit, "PROCESSING")
    with pytest.raises(WrongState), unit(operators(unit)[0]) as ctx:
        refund_tasks.retry(ctx, first)
    answered(unit, "SUCCESS")
    with unit(operators(unit)[0]) as ctx:
        assert refund_tasks.retry(ctx, first).out_refund_no == first


def beside_an_abnormal_one(unit: Transactions, clock: FrozenClock) -> tuple[str, int]:
    """An abnormal refund (public id), and the next of the same payment, which may be sent."""
    stage = stage_of(unit, Terms("草莓", 2990), Terms("蓝莓", 1990))
    order = place(unit, stage, 0, {"草莓": 1, "蓝莓": 1})
    capture(unit, ask(unit, order, stage.buyers[0]))
    take_back(unit, stage.buyers[0], order, 0)
    first = answered(unit, "ABNORMAL")
    clock.advance(seconds=62)
    take_back(unit, stage.buyers[0], order, 1)
    with unit.reading(CLOCK) as ctx:
        (second,) = refund_results.claimable(ctx)
    return first, second


def test_a_sweep_that_began_before_a_retry_sends_no_second_refund_of_the_payment(
    unit: Transactions, clock: FrozenClock
) -> None:
    first, second = beside_an_abnormal_one(unit, clock)
    with unit(operators(unit)[0]) as ctx:
        refund_tasks.retry(ctx, first)
    with unit(CLOCK) as ctx:
        assert refund_results.claim(ctx, second) is None


def test_a_retry_waits_for_a_refund_whose_answer_was_lost(unit: Transactions, clock: FrozenClock) -> None:
    first, second = beside_an_abnormal_one(unit, clock)
    with unit(CLOCK) as ctx:
        assert refund_results.claim(ctx, second) is not None
    clock.advance(seconds=62)
    with pytest.raises(WrongState), unit(operators(unit)[0]) as ctx:
        refund_tasks.retry(ctx, first)


def take_back(unit: Transactions, who: int, order: str, place_: int) -> None:
    with unit(buyer(who)) as ctx:
        cancelling.cancel(ctx, order, (lines(ctx, order)[place_].public_id,))


def test_the_sum_of_an_exhausted_refund_still_grows_and_is_paid_as_one(unit: Transactions, clock: FrozenClock) -> None:
    stage = stage_of(unit, Terms("草莓", 2990), Terms("蓝莓", 1990), hours=9_000)
    order = place(unit, stage, 0, {"草莓": 1, "蓝莓": 1})
    capture(unit, ask(unit, order, stage.buyers[0]))
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Payment).values(succeeded_at=clock.now()))
    clock.advance(days=366)
    take_back(unit, stage.buyers[0], order, 0)
    with unit(CLOCK) as ctx:
        assert [refund_results.claim(ctx, due) for due in refund_results.claimable(ctx)] == [None]
    first, second = operators(unit)
    early = proposed(unit, first, tasks(unit)[0].id)
    take_back(unit, stage.buyers[0], order, 1)
    (task,) = tasks(unit)
    assert (task.why, task.amount_fen) == ("exhausted", 4980)
    assert refusal(unit, second, early) == "plan_is_stale"
