"""Dispatch and arrival: planned from what was confirmed, counted once, everybody told."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from domain.actors import CLOCK
from domain.errors import Forbidden, Invalid, NotFound, NotReady, WrongState
from domain.ledger import Account
from domain.pickup import is_code
from models import Campaign, Delivery, JournalEntry, Notification, Order, OutboxMessage, PickupCode
from services.pickup import deliveries, lapsing
from services.pickup.arriving import Arrive, arrive
from services.pickup.redeeming import Redeem, redeem
from tests.services.pickup.world import World, balance, code_of, counted, lines_of, one, planned


def test_dispatch_plans_a_delivery_per_point_with_what_its_orders_need(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.order(world.resident(), campaign, {"草莓": 3}, point=1)
    world.settle(campaign)
    east, west = world.dispatch(campaign)
    with world.unit(CLOCK) as ctx:
        assert sorted(planned(ctx, east).values()) == [1, 2]
        assert list(planned(ctx, west).values()) == [3]
        assert one(ctx, Campaign, campaign).state == "fulfilling"


def test_dispatch_waits_for_settling_and_happens_once(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 1})
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        deliveries.dispatch(ctx, campaign)
    world.settle(campaign)
    world.dispatch(campaign)
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        deliveries.dispatch(ctx, campaign)


def test_arrival_makes_orders_ready_with_a_code_and_owes_the_merchant(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert row.state == "ready"
        assert row.pickup_deadline is not None
        assert is_code(code_of(ctx, order).code)
        assert [line.arrived_units for line in lines_of(ctx, order).values()] == [2, 1]
        assert balance(ctx, Account.GOODS_ON_HAND) == 2 * 1500 + 700
        assert balance(ctx, Account.MERCHANT_PAYABLE, world.merchant_id) == -3700


def test_fresh_goods_wait_until_the_evening_and_others_for_days(world: World) -> None:
    campaign = world.campaign()
    fresh = world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 1})
    lasting = world.order(world.resident(), campaign, {"纸巾": 1})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        deadlines = [one(ctx, Order, order).pickup_deadline for order in (fresh, lasting)]
        assert deadlines[0] is not None
        assert deadlines[1] is not None
        assert deadlines[0].isoformat() == "2026-11-26T13:00:00+00:00"
        assert (deadlines[1] - world.clock.now()).days == 3


def test_the_notice_of_arrival_holds_no_code(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    with world.unit(CLOCK) as ctx:
        code = code_of(ctx, order).code
        told = ctx.session.scalars(select(Notification).where(Notification.kind == "arrival")).one()
        assert code not in told.body + told.title
        assert all(code not in str(message.payload) for message in ctx.session.scalars(select(OutboxMessage)))
        assert told.public_id in [m.payload.get("notification") for m in ctx.session.scalars(select(OutboxMessage))]


def test_a_second_arrival_is_refused_and_changes_nothing(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.arrive(world.leader, delivery)
    with pytest.raises(WrongState):
        world.arrive(world.leader, delivery)
    with world.unit(CLOCK) as ctx:
        entries = select(func.count()).select_from(JournalEntry).where(JournalEntry.event == "goods_arrived")
        assert ctx.session.scalar(entries) == 1


def test_what_came_in_full_is_ready_at_once_and_what_came_short_waits(world: World) -> None:
    campaign = world.campaign()
    both, short = (world.order(world.resident(), campaign, units) for units in ({"草莓": 2, "纸巾": 1}, {"草莓": 1}))
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.staff(), delivery, 草莓=2)
    with world.unit(CLOCK) as ctx:
        assert [one(ctx, Order, order).state for order in (both, short)] == ["ready", "confirmed"]
        assert {name: line.arrived_units for name, line in lines_of(ctx, both).items()} == {"草莓": 0, "纸巾": 1}
        assert {name: row.short for name, row in counted(ctx, delivery).items()} == {"草莓": True, "纸巾": False}
        assert balance(ctx, Account.GOODS_ON_HAND) == 700
        told = dict(
            ctx.session.execute(
                select(Notification.order_id, Notification.body).where(
                    Notification.cause.like("%:%"), Notification.kind != "formed"
                )
            ).all()
        )
        assert "草莓 正在清点分配，另行通知" in told[one(ctx, Order, both).id]
        assert "请先不要来取" in told[one(ctx, Order, short).id]
        assert "草莓 等您确认分配" in told[None]


def test_a_short_line_cannot_be_collected_before_the_leader_said_who_gets_it(world: World) -> None:
    campaign = world.campaign()
    both, short = (world.order(world.resident(), campaign, units) for units in ({"草莓": 2, "纸巾": 1}, {"草莓": 1}))
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.staff(), delivery, 草莓=2)
    with pytest.raises(NotReady), world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((short,), "roster"))
    with pytest.raises(NotReady), world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((both,), "code", {lines_of(ctx, both)["草莓"].public_id: 1}))
    with world.unit(world.staff()) as ctx:
        redeem(ctx, Redeem((both,), "code"))
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, both).state == "ready"
        assert {name: line.collected_units for name, line in lines_of(ctx, both).items()} == {"草莓": 0, "纸巾": 1}


def test_an_order_that_waits_for_the_leaders_word_does_not_lapse(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.staff(), delivery, 草莓=1)
    world.clock.advance(days=4)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == 0
        assert one(ctx, Order, order).state == "ready"


def test_more_than_ordered_is_nobodys_and_the_leader_hears_of_it(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 2})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    world.count(world.staff(), delivery, 草莓=5)
    with world.unit(CLOCK) as ctx:
        assert (counted(ctx, delivery)["草莓"].surplus_units, counted(ctx, delivery)["草莓"].short) == (3, False)
        assert lines_of(ctx, order)["草莓"].arrived_units == 2
        assert balance(ctx, Account.GOODS_ON_HAND) == 2 * 1500
        leader = ctx.session.scalars(select(Notification).where(Notification.order_id.is_(None))).one()
        assert leader.resident_id == world.leader.resident_id
        assert "余货 草莓×3" in leader.body


def test_every_line_must_be_counted(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        arrive(ctx, Arrive(delivery, {}))


def test_only_staff_of_that_point_take_a_delivery_in(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    with pytest.raises(NotFound):
        world.arrive(world.staff(point=1), delivery)
    with pytest.raises(Forbidden):
        world.arrive(world.resident(), delivery)
    world.arrive(world.staff(point=0), delivery)


def _statements_of_arrival(world: World, orders: int) -> int:
    campaign = world.campaign()
    who = world.resident()
    for _ in range(orders):
        world.order(who, campaign, {"草莓": 1, "纸巾": 1})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(world.unit.engine, "before_cursor_execute", note)
    world.arrive(world.leader, delivery)
    event.remove(world.unit.engine, "before_cursor_execute", note)
    with world.unit(CLOCK) as ctx:
        in_use = select(func.count()).where(PickupCode.state == "issued")
        assert (ctx.session.scalar(in_use) or 0) >= orders
    return len(statements)


def test_twenty_orders_arrive_in_as_many_statements_as_two(world: World) -> None:
    assert _statements_of_arrival(world, 2) == _statements_of_arrival(world, 20)


class Killed(Exception):
    """The process died here."""


def test_dying_at_any_statement_of_an_arrival_changes_nothing(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 2})
    world.settle(campaign)
    (delivery,) = world.dispatch(campaign)
    survived = 0
    while survived < 100:
        if not _dies_at(world, delivery, survived):
            break
        with world.unit(CLOCK) as ctx:
            assert one(ctx, Delivery, delivery).state == "in_transit"
            assert one(ctx, Order, order).state == "confirmed"
            assert ctx.session.scalar(select(func.count()).select_from(PickupCode)) == 0
            assert balance(ctx, Account.GOODS_ON_HAND) == 0
        survived += 1
    assert 10 < survived < 60
    with world.unit(CLOCK) as ctx:
        assert one(ctx, Order, order).state == "ready"


def _dies_at(world: World, delivery: str, statement: int) -> bool:
    """Take the delivery in and die before its statement of this number; False when there are fewer."""
    left = iter(range(statement))

    def kill(*_: object) -> None:
        if next(left, None) is None:
            raise Killed

    event.listen(world.unit.engine, "before_cursor_execute", kill)
    try:
        world.arrive(world.leader, delivery)
    except Killed:
        return True
    finally:
        event.remove(world.unit.engine, "before_cursor_execute", kill)
    return False
