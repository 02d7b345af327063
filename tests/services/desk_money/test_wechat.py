"""WeChat Pay at the desk: the gateway's word hands over in the name of whoever opened it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from domain.errors import AlreadyPaid, DomainError, NotFound, StillToCome, TooLateToPay, WrongState
from domain.ledger import Account
from domain.payments import Arrival
from models import Order, Payment, Redemption, RefundLine
from services import giving_back, payments
from services.assembly import Lintuan
from services.desk_money import no_shows
from services.flows.expiring import close_abandoned
from services.pickup.undoing import Undo, undo
from tests.services.desk_money.drawer import ask, begin, capture, open_shift, state_of, take, taken, waiting
from tests.services.pickup.world import World, balance, lines_of, one


@pytest.fixture
def buyer(world: World) -> Actor:
    """Somebody who stands at the desk."""
    return world.resident("周女士")


@pytest.fixture
def order(world: World, buyer: Actor) -> str:
    """An unpaid order of theirs that waits."""
    return waiting(world, who=buyer)


def test_success_hands_over_in_the_name_of_whoever_opened_it(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff("小张"), order)
    assert capture(world, ask(world, buyer, order)) is Arrival.HAND_OVER
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen) == ("collected", 3998)
        made = ctx.session.scalars(select(Redemption)).one()
        assert (made.by_name, made.found_by) == ("小张", "payment")
        assert balance(ctx, Account.GATEWAY_CLEARING) == 3998
        assert balance(ctx, Account.BUYER_ESCROW) == 0


def test_the_same_success_again_has_no_effect(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff(), order)
    number = ask(world, buyer, order)
    assert [capture(world, number) for _ in range(3)] == [Arrival.HAND_OVER] + 2 * [Arrival.ALREADY_BOOKED]


def test_nobody_pays_before_the_desk_has_opened_it(world: World, buyer: Actor, order: str) -> None:
    with pytest.raises(WrongState):
        ask(world, buyer, order)
    with pytest.raises(NotFound):
        begin(world, world.staff(point=1), order)


def test_what_is_short_is_not_opened(world: World, buyer: Actor) -> None:
    campaign = world.campaign(payment_policy="on_pickup")
    order = world.order(buyer, campaign, {"草莓": 3, "纸巾": 1})
    world.settle(campaign)
    world.count(world.leader, world.dispatch(campaign)[0], 草莓=2)
    with pytest.raises(StillToCome):
        begin(world, world.staff(), order)


def test_a_neighbour_may_pay_at_the_desk(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff(), order)
    neighbour = world.resident("老王")
    assert ask(world, neighbour, order) != ask(world, buyer, order)
    assert capture(world, ask(world, neighbour, order)) is Arrival.HAND_OVER


def test_it_is_open_for_ten_minutes(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff(), order)
    world.clock.advance(minutes=9)
    with pytest.raises(TooLateToPay):
        ask(world, buyer, order)
    with pytest.raises(WrongState):
        begin(world, world.staff(), order)


def test_a_colleague_takes_it_over(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff("小张"), order)
    begin(world, world.staff("小李"), order)
    capture(world, ask(world, buyer, order))
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Redemption.by_name)).one() == "小李"


def test_the_leader_opens_it_too(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.leader, order)
    capture(world, ask(world, buyer, order))
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Redemption.by_name)).one() == "王团长"


def test_an_open_payment_is_left_alone_until_its_time_is_over(
    world: World, product: Lintuan, buyer: Actor, order: str
) -> None:
    begin(world, world.staff(), order)
    assert close_abandoned(product.unit, product.outside) == 0
    world.clock.advance(minutes=11)
    assert close_abandoned(product.unit, product.outside) == 1
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(Payment.state)).one() == "closed"
    begin(world, world.staff(), order)
    assert capture(world, ask(world, buyer, order)) is Arrival.HAND_OVER


def test_a_success_after_the_close_goes_back_and_hands_nothing_over(world: World, buyer: Actor, order: str) -> None:
    begin(world, world.staff(), order)
    number = ask(world, buyer, order)
    with world.unit(CLOCK) as ctx:
        payments.close(ctx, ctx.session.scalars(select(Payment.id)).one())
    assert capture(world, number) is Arrival.REFUND_SECOND
    assert state_of(world, order) == "ready"
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(RefundLine.reason)).all() == ["late_payment"]


def test_what_was_taken_off_meanwhile_makes_the_sum_wrong_and_sends_it_back(
    world: World, buyer: Actor, order: str
) -> None:
    begin(world, world.staff(), order)
    number = ask(world, buyer, order)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["草莓"]
        giving_back.give_back(ctx, giving_back.GiveBack(order, "坏了", units={line.public_id: 1}))
    assert capture(world, number) is Arrival.REFUND_SECOND
    assert state_of(world, order) == "ready"


def test_paid_in_cash_meanwhile_the_second_payment_goes_back(world: World, buyer: Actor, order: str) -> None:
    staff = world.staff()
    open_shift(world, staff)
    begin(world, staff, order)
    number = ask(world, buyer, order)
    take(world, staff, order)
    with pytest.raises(AlreadyPaid):
        ask(world, buyer, order)
    assert capture(world, number) is Arrival.REFUND_SECOND
    with world.unit(CLOCK) as ctx:
        assert ctx.session.scalars(select(RefundLine.reason)).all() == ["second_payment"]


def test_cash_and_wechat_at_once_pay_once(world: World, buyer: Actor, order: str) -> None:
    staff = world.staff()
    shift = open_shift(world, staff)
    begin(world, staff, order)
    number = ask(world, buyer, order)

    def by(way: str) -> str:
        try:
            if way == "wechat":
                return str(capture(world, number))
            take(world, staff, order)
        except DomainError as refusal:
            return refusal.code()
        return "cash"

    with ThreadPoolExecutor(2) as pool:
        ended = set(pool.map(by, ("wechat", "cash")))
    assert ended in ({"cash", "refund_second"}, {"hand_over", "already_collected"})
    with world.unit(CLOCK) as ctx:
        assert len(ctx.session.scalars(select(Redemption)).all()) == 1
    assert taken(world, shift) == (3998 if "cash" in ended else 0)


def test_nothing_lapses_while_it_is_being_paid(world: World, order: str) -> None:
    world.clock.advance(days=1)
    begin(world, world.staff(), order)
    with world.unit(CLOCK) as ctx:
        assert no_shows.due(ctx, 9) == []
    world.clock.advance(minutes=11)
    with world.unit(CLOCK) as ctx:
        assert not no_shows.lapse(ctx, one(ctx, Order, order).id)


def test_a_hand_over_by_payment_is_undone_like_any_other_and_stays_paid(world: World, buyer: Actor, order: str) -> None:
    staff = world.staff()
    begin(world, staff, order)
    capture(world, ask(world, buyer, order))
    with world.unit(staff) as ctx:
        undo(ctx, Undo(ctx.session.scalars(select(Redemption.public_id)).one(), "人走了没拿"))
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.paid_fen) == ("ready", 3998)
