"""A broken unit refused at the desk: refunded, not owed to the merchant, shown in a picture, within the day's limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from domain.actors import CLOCK, Actor
from domain.errors import BrokenLimitReached, Invalid, NotFound, WrongState
from domain.ids import new_id
from domain.ledger import Account
from models import Campaign, Notification, Order, Payment, RefundLine
from services import evidence_pictures, ordering, payments
from services.pickup import refusing
from services.pickup.redeeming import Redeem, redeem
from services.pickup.refusing import RefuseUnits, refuse
from services.pickup.undoing import Undo, undo
from tests.builders.campaigns import refunded
from tests.services.pickup.world import World, balance, code_of, lines_of, offer_named, one


def _waiting(world: World, units: dict[str, int], point: int = 0) -> str:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, units, point)
    world.bring(campaign)
    return order


def _picture(world: World, by: Actor, purpose: str = "broken") -> str:
    with world.unit(by) as ctx:
        made = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, made, purpose, "image/jpeg")
        return made


def _refuse(world: World, by: Actor, order: str, units: int = 1, name: str = "草莓") -> None:
    picture = _picture(world, by)
    with world.unit(by) as ctx:
        line = lines_of(ctx, order)[name].public_id
        refuse(ctx, RefuseUnits(order, {line: units}, (picture,), "压烂了"))


def test_a_broken_unit_is_refunded_and_not_owed_to_its_merchant(world: World) -> None:
    staff = world.staff()
    order = _waiting(world, {"草莓": 3, "纸巾": 1})
    _refuse(world, staff, order)
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"]
        assert (line.arrived_units, line.refunded_units, line.refunded_fen) == (2, 1, 1999)
        assert balance(ctx, Account.GOODS_ON_HAND) == 2 * 1500 + 700
        assert balance(ctx, Account.MERCHANT_PAYABLE, world.merchant_id) == -(2 * 1500 + 700)
        assert ctx.session.scalars(select(RefundLine.reason)).all() == ["broken"]
        redeem(ctx.acting_as(staff), Redeem((order,), "code"))
        assert one(ctx, Order, order).state == "collected"
    assert refunded(world.unit) == 1999


def test_with_the_last_unit_the_order_ends(world: World) -> None:
    staff = world.staff()
    order = _waiting(world, {"草莓": 2})
    _refuse(world, staff, order)
    _refuse(world, staff, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.counted, code_of(ctx, order).state) == ("ready", False, "voided")
        assert balance(ctx, Account.GOODS_ON_HAND) == 0
    assert refunded(world.unit) == 2 * 1999
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "refunded"


def test_when_the_rest_is_broken_the_order_is_collected_and_an_undo_gives_a_code_again(world: World) -> None:
    staff = world.staff()
    order = _waiting(world, {"草莓": 2})
    with world.unit(staff) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
        redemption = redeem(ctx, Redeem((order,), "code", {line: 1}))[0].public_id
    _refuse(world, staff, order)
    with world.unit(staff) as ctx:
        assert one(ctx, Order, order).state == "collected"
        undo(ctx, Undo(redemption, "拿错了"))
        assert code_of(ctx, order).state == "issued"
        assert redeem(ctx, Redeem((order,), "code"))


def test_an_order_to_be_paid_on_pickup_costs_less(world: World) -> None:
    campaign, buyer, staff = world.campaign(), world.resident(), world.staff()
    with world.unit(buyer) as ctx:
        ctx.session.execute(update(Campaign).values(payment_policy="on_pickup"))
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 2),)
        order = ordering.place(ctx, ordering.PlaceOrder(campaign, world.point_ids[0], lines)).public_id
    world.bring(campaign)
    _refuse(world, staff, order)
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"]
        assert (line.refunded_fen, line.waived_fen) == (1999, 1999)
        told = ctx.session.scalars(select(Notification.title).where(Notification.resident_id == buyer.resident_id))
        assert "坏果已退" in told.all()
    _refuse(world, staff, order)
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "cancelled"


def test_nothing_is_refused_while_it_is_being_paid(world: World) -> None:
    campaign, buyer, staff = world.campaign(), world.resident(), world.staff()
    with world.unit(buyer) as ctx:
        ctx.session.execute(update(Campaign).values(payment_policy="on_pickup"))
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 2),)
        order = ordering.place(ctx, ordering.PlaceOrder(campaign, world.point_ids[0], lines)).public_id
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        ctx.session.add(
            Payment(public_id=new_id("Payment", ctx.now), order_id=row.id, payer_id=row.resident_id, amount_fen=3998,
                    expires_at=ctx.now, asked_at=ctx.now, state="awaiting_payer", created_at=ctx.now)
        )  # fmt: skip
        ctx.session.flush()
        assert payments.live_numbers(ctx, row.id)
    with pytest.raises(WrongState):
        _refuse(world, staff, order)


def test_a_desk_refuses_within_a_daily_limit_and_then_the_leader_must(world: World) -> None:
    staff = world.staff()
    order = _waiting(world, {"草莓": 30})
    _refuse(world, staff, order, 19)
    with pytest.raises(BrokenLimitReached):
        _refuse(world, staff, order, 2)
    _refuse(world, staff, order)
    with pytest.raises(BrokenLimitReached):
        _refuse(world, world.staff("小李"), order)
    _refuse(world, world.leader, order, 2)
    elsewhere = _waiting(world, {"草莓": 21}, point=1)
    with pytest.raises(BrokenLimitReached):
        _refuse(world, world.staff(point=1), elsewhere, 21)
    _refuse(world, world.staff(point=1), elsewhere, 20)
    world.clock.set(world.clock.now().replace(hour=16, minute=0, second=0))  # midnight in Shanghai
    _refuse(world, staff, order)


def test_four_desks_at_once_stay_within_the_limit(world: World) -> None:
    orders = [_waiting(world, {"草莓": 6}) for _ in range(4)]
    desks = [world.staff(name) for name in "甲乙丙丁"]

    def one_desk(number: int) -> bool:
        try:
            _refuse(world, desks[number], orders[number], 6)
        except BrokenLimitReached:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one_desk, range(4))) == 3
    with world.unit(CLOCK) as ctx:
        assert sum(lines_of(ctx, order)["草莓"].refunded_units for order in orders) == 18


def test_only_what_waits_here_is_refused_and_only_with_an_own_picture(world: World) -> None:
    staff = world.staff()
    order = _waiting(world, {"草莓": 2})
    with world.unit(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
    foreign = _picture(world, world.staff("小李"))
    for pictures in ((), (foreign,), (_picture(world, world.leader, "door"),)):
        with world.unit(staff) as ctx, pytest.raises(Invalid):
            refuse(ctx, RefuseUnits(order, {line: 1}, pictures))
    with pytest.raises(Invalid):
        _refuse(world, staff, order, 3)
    with pytest.raises(NotFound):
        _refuse(world, world.staff(point=1), order)
    with world.unit(staff) as ctx:
        redeem(ctx, Redeem((order,), "code"))
    with pytest.raises(WrongState):
        _refuse(world, staff, order)


def test_the_leader_hears_of_what_a_desk_refused(world: World) -> None:
    order = _waiting(world, {"草莓": 2})
    _refuse(world, world.staff(), order)
    _refuse(world, world.leader, order)
    with world.unit(CLOCK) as ctx:
        mine = select(Notification.title).where(Notification.resident_id == world.leader.resident_id)
        assert ctx.session.scalars(mine).all() == ["取货点退了坏果"]


def test_without_the_limit_a_desk_would_refuse_any_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "_count", lambda *_: None)
    _refuse(world, world.staff(), _waiting(world, {"草莓": 21}), 21)
