"""Cash at the desk: payment and hand-over are one act, and what was not paid is not handed over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, Actor
from domain.errors import (
    AlreadyCollected,
    DomainError,
    Forbidden,
    NoShift,
    NotFound,
    NotReady,
    PaymentDue,
    StillToCome,
)
from domain.ledger import Account
from models import Order, Payment, Refund
from services import giving_back, invariants
from services.desk_money import cash
from services.pickup import desks, redeeming
from services.pickup.finding import redeem_by_code
from services.pickup.redeeming import Redeem, redeem
from services.pickup.undoing import Undo, undo
from tests.services.desk_money.drawer import open_shift, state_of, take, taken, waiting
from tests.services.pickup.world import World, balance, code_of, lines_of, one


def _redeem(world: World, who: Actor, *orders: str) -> str:
    with world.unit(who) as ctx:
        return redeem(ctx, Redeem(orders, "code"))[0].public_id


def test_cash_pays_the_whole_order_and_hands_it_over(world: World) -> None:
    order, staff = waiting(world, {"草莓": 2, "纸巾": 1}), world.staff()
    shift = open_shift(world, staff)
    take(world, staff, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen, row.paid_at) == ("collected", 4999, world.clock.now())
        payment = ctx.session.scalars(select(Payment)).one()
        assert (payment.method, payment.state, payment.counted, payment.received_fen) == (
            "cash",
            "succeeded",
            True,
            4999,
        )
        assert balance(ctx, Account.CASH_AT_DESK, shift) == 4999
        assert balance(ctx, Account.SALES) == -4999
        assert balance(ctx, Account.BUYER_ESCROW) == 0
        assert balance(ctx, Account.GATEWAY_CLEARING) == 0
    assert taken(world, shift) == 4999


def test_without_money_nothing_is_handed_over(world: World) -> None:
    order, staff = waiting(world), world.staff()
    with pytest.raises(PaymentDue) as refusal:
        _redeem(world, staff, order)
    assert (refusal.value.facts["order"], refusal.value.facts["due_fen"]) == (order, 3998)
    with pytest.raises(PaymentDue), world.unit(staff) as ctx:
        redeem_by_code(ctx, code_of(ctx, order).code)
    with pytest.raises(PaymentDue), world.unit(staff) as ctx:
        redeem(ctx, Redeem((order,), "code", {lines_of(ctx, order)["草莓"].public_id: 1}))
    assert state_of(world, order) == "ready"


def test_cash_needs_an_open_shift_of_ones_own_at_this_point(world: World) -> None:
    order, staff = waiting(world), world.staff()
    open_shift(world, world.staff("别人"))
    open_shift(world, world.staff("西门", point=1))
    with pytest.raises(NoShift):
        take(world, staff, order)
    assert state_of(world, order) == "ready"


def test_staff_of_another_point_and_residents_take_no_cash(world: World) -> None:
    who = world.resident()
    order, there = waiting(world, who=who), world.staff(point=1)
    open_shift(world, there)
    with pytest.raises(NotFound):
        take(world, there, order)
    with pytest.raises(Forbidden):
        take(world, who, order)
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Payment)) == 0


def test_the_leader_takes_cash_at_a_desk_of_own_campaigns(world: World) -> None:
    order = waiting(world)
    with world.unit(world.leader) as ctx:
        desk = desks.leader_at(ctx, world.point_ids[0]).actor
    shift = open_shift(world, desk)
    take(world, desk, order)
    assert taken(world, shift) == 3998


def test_what_was_paid_before_is_handed_over_along_with_it(world: World) -> None:
    who, staff = world.resident(), world.staff()
    prepaid = world.campaign()
    first = world.order(who, prepaid, {"草莓": 1})
    world.bring(prepaid)
    second = waiting(world, {"纸巾": 1}, who)
    shift = open_shift(world, staff)
    take(world, staff, first, second)
    assert (state_of(world, first), state_of(world, second)) == ("collected", "collected")
    assert taken(world, shift) == 1001


def test_a_shortage_is_waited_for_and_lowers_what_is_due(world: World) -> None:
    campaign = world.campaign(payment_policy="on_pickup")
    order, staff = world.order(world.resident(), campaign, {"草莓": 3, "纸巾": 1}), world.staff()
    world.settle(campaign)
    (here,) = world.dispatch(campaign)
    open_shift(world, staff)
    with pytest.raises(NotReady):
        take(world, staff, order)
    world.count(world.leader, here, 草莓=2)
    with pytest.raises(StillToCome):
        take(world, staff, order)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["草莓"]
        giving_back.give_back(ctx, giving_back.GiveBack(order, "没有到", units={line.public_id: 3}))
    take(world, staff, order)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).paid_fen == 1001
        assert lines_of(ctx, order)["草莓"].waived_fen == 3 * 1999
        assert ctx.session.scalars(select(Refund)).all() == []


def test_an_order_that_costs_nothing_any_more_is_handed_over_without_a_payment(world: World) -> None:
    campaign = world.campaign(payment_policy="on_pickup", prices={"草莓": 0, "纸巾": 500})
    order, staff = world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 1}), world.staff()
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["纸巾"]
        giving_back.give_back(ctx, giving_back.GiveBack(order, "送的", units={line.public_id: 1}))
    _redeem(world, staff, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen, row.paid_at) == ("collected", 0, None)


def test_undoing_keeps_the_money_and_the_goods_wait_again(world: World) -> None:
    order, staff = waiting(world), world.staff()
    shift = open_shift(world, staff)
    with world.unit(staff) as ctx:
        wrong = cash.take(ctx, cash.TakeCash((order,), "code"))[0].public_id
    with world.unit(staff) as ctx:
        undo(ctx, Undo(wrong, "拿错了"))
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen) == ("ready", 3998)
        assert balance(ctx, Account.BUYER_ESCROW) == -3998
    _redeem(world, staff, order)
    assert taken(world, shift) == 3998


def test_cash_given_back_waits_for_two_people(world: World) -> None:
    order, staff = waiting(world), world.staff()
    open_shift(world, staff)
    take(world, staff, order)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["草莓"]
        giving_back.give_back(ctx, giving_back.GiveBack(order, "坏了", handed_over={line.public_id: 1}))
    with world.unit(CLOCK) as ctx:
        refund = ctx.session.scalars(select(Refund)).one()
        assert (refund.amount_fen, refund.waiting) == (1999, "staff_task")


def test_two_staff_at_once_take_the_money_once(world: World) -> None:
    order = waiting(world)
    both = [world.staff("小张"), world.staff("小李")]
    shifts = [open_shift(world, who) for who in both]

    def attempt(who: Actor) -> str:
        try:
            take(world, who, order)
        except DomainError as refusal:
            return refusal.code()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, both)) == ["already_collected", "taken"]
    assert sorted(taken(world, shift) for shift in shifts) == [0, 3998]
    with pytest.raises(AlreadyCollected):
        take(world, both[0], order)


@pytest.mark.breaks_invariants
def test_without_the_guard_goods_would_leave_unpaid_and_the_books_would_say_so(world: World) -> None:
    order, staff = waiting(world), world.staff()
    with world.unit(staff) as ctx:
        (held,) = redeeming.hold(ctx, (order,))
        lines = list(lines_of(ctx, order).values())
        redeeming.record(ctx, "code", "小张", [held], lines, dict.fromkeys(lines, 2))
    with world.unit(CLOCK) as ctx:
        assert any("escrow" in breach.rule for breach in invariants.check(ctx))
