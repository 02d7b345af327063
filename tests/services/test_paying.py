"""Captured money: each success of the gateway has its one written outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, GATEWAY
from domain.errors import AlreadyPaid, TooLateToPay, WrongState
from domain.payments import Arrival
from models import Alert, Campaign, JournalEntry, Notification, Payment, Refund, SuspenseCase
from services import cancelling, payments
from services.transactions import Transactions
from tests.builders.campaigns import (
    Scene,
    Terms,
    ask,
    buy,
    buyer,
    capture,
    order_row,
    place,
    scene,
    success,
)  # fmt: skip
from tests.builders.clock import FrozenClock


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(CLOCK) as ctx:
        return scene(ctx, Terms(quota=10))


def test_a_payment_makes_the_order_count_and_gives_it_the_next_number(unit: Transactions, stage: Scene) -> None:
    orders = [buy(unit, stage, who, 2) for who in (0, 1, 0)]
    with unit.reading() as ctx:
        assert [order_row(ctx, order).roster_number for order in orders] == [1, 2, 3]
        campaign = ctx.session.get_one(Campaign, stage.campaign_id)
        assert (campaign.roster_count, campaign.participant_count, campaign.counted_units) == (3, 2, 6)
        assert campaign.counted_fen == 6 * 2990


def test_the_same_success_again_has_no_effect(unit: Transactions, stage: Scene) -> None:
    number = ask(unit, place(unit, stage, 0), stage.buyers[0])
    assert capture(unit, number) is Arrival.COUNT
    assert [capture(unit, number) for _ in range(3)] == [Arrival.ALREADY_BOOKED] * 3
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(JournalEntry)) == 1


def test_asking_again_continues_the_same_payment(unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0)
    assert ask(unit, order, stage.buyers[0]) == ask(unit, order, stage.buyers[0])


def test_a_neighbour_may_pay_and_the_order_stays_its_owners(unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0)
    capture(unit, ask(unit, order, stage.buyers[1]))
    with unit.reading() as ctx:
        assert order_row(ctx, order).resident_id == stage.buyers[0]
        assert ctx.session.scalars(select(Payment.payer_id)).one() == stage.buyers[1]


def test_no_new_prepay_is_made_when_the_hold_ends_within_75_seconds(
    unit: Transactions, stage: Scene, clock: FrozenClock
) -> None:
    order = place(unit, stage, 0)
    clock.advance(minutes=30, seconds=-74)
    with pytest.raises(TooLateToPay):
        ask(unit, order, stage.buyers[0])


def test_a_paid_order_is_not_paid_again(unit: Transactions, stage: Scene) -> None:
    order = buy(unit, stage, 0)
    with pytest.raises(AlreadyPaid):
        ask(unit, order, stage.buyers[1])


def test_a_second_payment_of_one_order_is_refunded_and_told(unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0)
    first, second = (ask(unit, order, stage.buyers[who]) for who in (0, 1))
    assert [capture(unit, number) for number in (first, second)] == [Arrival.COUNT, Arrival.REFUND_SECOND]
    with unit.reading() as ctx:
        refund = ctx.session.scalars(select(Refund)).one()
        assert (refund.reason, refund.amount_fen, refund.state) == ("second_payment", 2990, "requested")
        told = ctx.session.execute(select(Notification.resident_id, Notification.body)).all()
        assert {row.resident_id for row in told} == set(stage.buyers[:2])
        assert all("重复付款" in row.body for row in told)


@pytest.mark.parametrize("how", ["expire", "cancel"])
def test_money_for_a_dead_order_goes_back_and_never_revives_it(
    unit: Transactions, stage: Scene, clock: FrozenClock, how: str
) -> None:
    order = place(unit, stage, 0)
    number = ask(unit, order, stage.buyers[0])
    if how == "cancel":
        with unit(buyer(stage.buyers[0])) as ctx:
            cancelling.cancel(ctx, order)
    else:
        clock.advance(minutes=31)
        with unit(CLOCK) as ctx:
            payments.close(ctx, payments.live_numbers(ctx, order_row(ctx, order).id)[0][0])
            assert cancelling.expire(ctx, order_row(ctx, order).id)
    assert capture(unit, number) is Arrival.REFUND_LATE
    assert capture(unit, number) is Arrival.ALREADY_BOOKED
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == {"expire": "expired", "cancel": "cancelled"}[how]
        assert ctx.session.scalars(select(Refund.reason)).one() == "late_payment"


def test_a_wrong_amount_is_suspended_and_never_counts(unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0)
    assert capture(unit, ask(unit, order, stage.buyers[0]), total_fen=2989) is Arrival.SUSPEND
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "pending_payment"
        case = ctx.session.scalars(select(SuspenseCase)).one()
        assert (case.reason, case.received_fen) == ("wrong_amount", 2989)
        assert ctx.session.scalars(select(Alert.kind)).one() == "suspense"


def test_a_verified_payment_under_an_unknown_number_is_kept_once(unit: Transactions, stage: Scene) -> None:
    for _ in range(3):
        with unit(GATEWAY) as ctx:
            assert payments.book_trade(ctx, success("stray-number-1", 500, ctx.now)) is Arrival.SUSPEND
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(SuspenseCase.reason)).all() == ["unknown_number"]
        assert ctx.session.scalar(select(func.count()).select_from(JournalEntry)) == 1


def test_a_coupon_makes_the_payer_pay_less_and_the_order_is_still_paid_in_full(
    unit: Transactions, stage: Scene
) -> None:
    order = place(unit, stage, 0)
    assert capture(unit, ask(unit, order, stage.buyers[0]), payer_fen=2490) is Arrival.COUNT
    with unit.reading() as ctx:
        assert order_row(ctx, order).paid_fen == 2990
        payment = ctx.session.scalars(select(Payment)).one()
        assert (payment.received_fen, payment.settled_fen) == (2990, 2490)


def test_an_order_expires_only_after_its_hold_and_with_every_payment_closed(
    unit: Transactions, stage: Scene, clock: FrozenClock
) -> None:
    order = place(unit, stage, 0, 4)
    ask(unit, order, stage.buyers[0])
    with unit(CLOCK) as ctx:
        assert not cancelling.expire(ctx, order_row(ctx, order).id)
    clock.advance(minutes=30)
    with unit(CLOCK) as ctx:
        assert not cancelling.expire(ctx, order_row(ctx, order).id)
        payments.close(ctx, payments.live_numbers(ctx, order_row(ctx, order).id)[0][0])
        assert cancelling.expire(ctx, order_row(ctx, order).id)
        assert not cancelling.expire(ctx, order_row(ctx, order).id)


def test_an_unpaid_cancelled_order_gives_everything_back(unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0, 10)
    with unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    with pytest.raises(WrongState), unit(buyer(stage.buyers[0])) as ctx:
        cancelling.cancel(ctx, order)
    place(unit, stage, 1, 10)


def test_the_clock_is_late_by_a_day_and_still_a_payment_in_time_counts(
    unit: Transactions, stage: Scene, clock: FrozenClock
) -> None:
    order = place(unit, stage, 0)
    number = ask(unit, order, stage.buyers[0])
    clock.advance(days=1)
    with unit(CLOCK) as ctx:
        assert not cancelling.expire(ctx, order_row(ctx, order).id)
    assert capture(unit, number) is Arrival.COUNT
    with unit.reading() as ctx:
        assert order_row(ctx, order).hold_until < ctx.now - timedelta(hours=23)
