"""An upload becomes due once per payment, when the last goods of its order stand at their point."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, func, select

from domain.actors import CLOCK
from models import Order, Parcel, ShippingUpload
from services import shipping
from services.pickup.redeeming import Redeem, redeem
from services.pickup.undoing import Undo, undo
from tests.services.desk_money import drawer
from tests.services.pickup.test_shortage import commit
from tests.services.pickup.world import World, one
from tests.services.shipping.dock import STRAWBERRIES, TISSUES, Dock


def test_it_is_due_when_the_goods_stand_and_never_at_payment(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {STRAWBERRIES: 2, TISSUES: 1})
    world.settle(campaign)
    deliveries = world.dispatch(campaign)
    assert (dock.state(order), dock.watch()) == ("", 0)
    for delivery in deliveries:
        world.arrive(world.leader, delivery)
    assert dock.state(order) == "pending"


def test_it_waits_for_the_word_on_a_shortage(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    orders = [world.order(world.resident(), campaign, units) for units in ({STRAWBERRIES: 2, TISSUES: 1}, {TISSUES: 1})]
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=1)
    assert [dock.state(order) for order in orders] == ["", "pending"]
    commit(world, campaign)
    assert [dock.state(order) for order in orders] == ["pending", "pending"]
    row = dock.row(orders[0])
    assert row and row.item_desc == "草莓×1、纸巾×1"


def test_it_is_not_due_for_who_got_nothing(world: World, dock: Dock) -> None:
    campaign = world.campaign(shortage_mode="first_come")
    first, second = (world.order(world.resident(), campaign, {STRAWBERRIES: 2}) for _ in range(2))
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=2)
    commit(world, campaign)
    assert sorted([dock.state(first), dock.state(second)]) == ["", "pending"]


def test_giving_the_last_missing_units_back_makes_it_due_with_the_next_watch(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {STRAWBERRIES: 2, TISSUES: 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.leader, delivery, 草莓=1)
    dock.give_back(order, STRAWBERRIES)
    assert dock.watch() == 1
    assert dock.watch() == 0
    assert dock.state(order) == "pending"


@pytest.mark.parametrize(("method", "logistics"), [("pickup", "pickup"), ("door", "same_city")])
def test_it_tells_how_the_goods_travel(dock: Dock, method: str, logistics: str) -> None:
    order = dock.arrived(method=method)
    row = dock.row(order)
    assert row and (row.logistics, row.state) == (logistics, "pending")


def _parcel(world: World, order: str, number: str) -> int:
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        until = ctx.now
        ctx.session.merge(Parcel(order_id=row.id, company="ZTO", tracking_number=number, shipped_at=ctx.now,
                                 confirm_by=until))  # fmt: skip
        ctx.session.flush()
        return shipping.parcel_entered(ctx, row)


def test_what_goes_by_courier_waits_for_its_number_and_follows_a_correction(world: World, dock: Dock) -> None:
    order = dock.arrived(method="courier")
    assert (dock.watch(), dock.state(order)) == (0, "")
    assert [_parcel(world, order, number) for number in ("7301", "7302")] == [1, 0]
    dock.upload()
    told = dock.told(order)
    assert told and (told.logistics_type, told.express_company, told.tracking_no) == ("express", "ZTO", "7302")


def test_a_parcel_before_the_arrival_makes_nothing_due(world: World, dock: Dock) -> None:
    campaign = world.campaign()
    order = dock.paid(campaign, {STRAWBERRIES: 1})
    dock.goes_by(campaign, "courier")
    world.settle(campaign)
    assert _parcel(world, order, "7301") == 0


def test_cash_needs_none_and_wechat_at_the_desk_is_due_at_once(world: World, dock: Dock) -> None:
    buyer, staff = world.resident(), world.staff()
    by_cash, by_wechat = drawer.waiting(world), drawer.waiting(world, who=buyer)
    drawer.open_shift(world, staff)
    drawer.take(world, staff, by_cash)
    drawer.begin(world, staff, by_wechat)
    drawer.capture(world, drawer.ask(world, buyer, by_wechat))
    assert (dock.state(by_cash), dock.state(by_wechat), dock.watch()) == ("", "pending", 0)


def test_taking_goods_back_and_handing_them_over_again_makes_nothing_due_twice(world: World, dock: Dock) -> None:
    order, staff = dock.arrived(), world.staff()
    dock.upload()
    with world.unit(staff) as ctx:
        (made,) = redeem(ctx, Redeem((order,), "code"))
        number = made.public_id
    with world.unit(staff) as ctx:
        undo(ctx, Undo(number, "拿错了"))
    with world.unit(staff) as ctx:
        redeem(ctx, Redeem((order,), "code"))
        assert shipping.enqueue_ready(ctx, [one(ctx, Order, order)]) == 0
    assert (dock.watch(), dock.upload(), dock.state(order)) == (0, 0, "uploaded")


def _statements(world: World, orders: int) -> int:
    campaign = world.campaign()
    who = world.resident()
    for _ in range(orders):
        world.order(who, campaign, {STRAWBERRIES: 1, TISSUES: 1})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        ctx.session.query(ShippingUpload).delete()
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    with world.unit(CLOCK) as ctx:
        mine = list(ctx.session.scalars(select(Order).where(Order.state == "ready").order_by(Order.id.desc())))[:orders]
        event.listen(world.unit.engine, "before_cursor_execute", note)
        assert shipping.enqueue_ready(ctx, mine) == orders
        event.remove(world.unit.engine, "before_cursor_execute", note)
    with world.unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(ShippingUpload)) == orders
    return len(statements)


def test_forty_orders_become_due_in_three_statements(world: World) -> None:
    assert (_statements(world, 2), _statements(world, 40)) == (3, 3)
