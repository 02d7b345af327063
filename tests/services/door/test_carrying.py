"""Goods carried to the door: building and room, the leader's list, a code or a picture, and no deadline."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.actors import CLOCK, Actor
from domain.errors import (
    AddressNeeded,
    AlreadyCollected,
    BelowDeliveryMinimum,
    Forbidden,
    Invalid,
    NotFound,
    PaymentDue,
    WrongState,
)
from domain.ids import new_id
from domain.ledger import Account
from models import Evidence, Notification, Order, PickupPoint, Redemption
from services import evidence_pictures, giving_back
from services.door import carrying, reminding
from services.paging import Page
from services.pickup import desks, lapsing
from services.pickup.finding import redeem_by_code
from services.pickup.undoing import Undo, undo
from services.queries import bringing, orders
from tests.builders.campaigns import refunded
from tests.services.desk_money.drawer import open_shift, take, taken
from tests.services.pickup.world import World, balance, code_of, lines_of, one


def _campaign(world: World, **values: Any) -> str:
    with world.unit(CLOCK) as ctx:
        ctx.session.get_one(PickupPoint, world.points[0]).fee_fen = 50
    return world.campaign(delivery_method="door", **values)


def _order(world: World, campaign: str, who: Actor | None = None, building: str = "3栋", room: str = "502",
           **said: Any) -> str:  # fmt: skip
    return world.order(who or world.resident(), campaign, {"草莓": 2}, building=building, room=room, **said)


def _waiting(world: World, who: Actor | None = None, **values: Any) -> str:
    campaign = _campaign(world, **values)
    order = _order(world, campaign, who)
    world.bring(campaign)
    return order


def _picture(world: World, by: Actor) -> str:
    with world.unit(by) as ctx:
        made = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, made, "door", "image/jpeg")
        return made


def _leave(world: World, order: str, by: Actor | None = None) -> str:
    who = by or world.leader
    picture = _picture(world, who)
    with world.unit(who) as ctx:
        return carrying.leave(ctx, carrying.LeaveAtDoor(order, (picture,))).public_id


@pytest.mark.parametrize("said", [{}, {"building": "3栋"}, {"building": "3栋", "room": "  "}])
def test_an_order_to_the_door_needs_building_and_room(world: World, said: dict[str, Any]) -> None:
    campaign = _campaign(world)
    with pytest.raises(AddressNeeded):
        world.order(world.resident(), campaign, {"草莓": 1}, **said)
    with pytest.raises(Invalid):
        world.order(world.resident(), campaign, {"草莓": 1}, building="3栋", room="502", phone="13800001234")


def test_goods_that_are_fetched_ask_for_no_address(world: World) -> None:
    with pytest.raises(Invalid):
        world.order(world.resident(), world.campaign(), {"草莓": 1}, building="3栋", room="502")


def test_minimum_and_fee_are_judged_once_when_ordering(world: World) -> None:
    campaign = _campaign(world, delivery_fee_fen=300, delivery_minimum_fen=3000)
    with pytest.raises(BelowDeliveryMinimum):
        world.order(world.resident(), campaign, {"草莓": 1}, building="3栋", room="502")
    order = _order(world, campaign)
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        line = lines_of(ctx, order)["草莓"]
        giving_back.give_back(ctx, giving_back.GiveBack(order, "坏了", units={line.public_id: 1}))
    _leave(world, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.total_fen, row.fee_earned_fen, row.fee_refunded_fen) == (2 * 1999 + 300, 300, 0)
        assert balance(ctx, Account.DELIVERY_INCOME) == -300
    assert refunded(world.unit) == 1999


def test_left_at_the_door_with_a_picture_it_is_collected_and_no_point_is_owed(world: World) -> None:
    who = world.resident()
    order = _waiting(world, who)
    _leave(world, order)
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.point_fee_fen) == ("collected", 0)
        made = ctx.session.scalars(select(Redemption)).one()
        assert (made.found_by, made.by_name) == ("photo", "王团长")
        assert ctx.session.scalars(select(Evidence.order_id)).one() == row.id
        assert balance(ctx, Account.SALES) == -2 * 1999
        assert "已送到家门口" in ctx.session.scalars(select(Notification.title)).all()
    with world.unit(who) as ctx:
        page = orders.mine(ctx, order)
        assert (page.delivery_method, page.building, page.room) == ("door", "3栋", "502")


def test_against_the_buyers_code_it_is_handed_over_and_no_point_is_owed(world: World) -> None:
    order = _waiting(world)
    with world.unit(world.leader) as ctx:
        redeem_by_code(desks.leader_at(ctx, world.point_ids[0]), code_of(ctx, order).code)
        row = one(ctx, Order, order)
        assert (row.state, row.point_fee_fen) == ("collected", 0)


def test_the_same_point_is_owed_its_fee_for_what_is_fetched_there(world: World) -> None:
    campaign = _campaign(world)
    fetched = world.campaign()
    order = world.order(world.resident(), fetched, {"草莓": 1})
    world.bring(fetched)
    assert campaign != fetched
    with world.unit(world.staff()) as ctx:
        redeem_by_code(ctx, code_of(ctx, order).code)
        assert one(ctx, Order, order).point_fee_fen == 50


def test_a_picture_proves_once_and_must_be_ones_own(world: World) -> None:
    first, second = _waiting(world), _waiting(world)
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        carrying.leave(ctx, carrying.LeaveAtDoor(first, ()))
    picture = _picture(world, world.leader)
    with world.unit(world.leader) as ctx:
        carrying.leave(ctx, carrying.LeaveAtDoor(first, (picture,)))
    with pytest.raises(Invalid), world.unit(world.leader) as ctx:
        carrying.leave(ctx, carrying.LeaveAtDoor(second, (picture,)))
    with pytest.raises(AlreadyCollected):
        _leave(world, first)


def test_only_the_leader_leaves_things_at_doors_and_only_of_door_campaigns(world: World) -> None:
    order, staff = _waiting(world), world.staff()
    with pytest.raises(Forbidden):
        _leave(world, order, staff)
    fetched = world.campaign()
    other = world.order(world.resident(), fetched, {"草莓": 1})
    world.bring(fetched)
    with pytest.raises(NotFound):
        _leave(world, other)


def test_what_is_paid_at_the_door_is_paid_before_it_is_handed_over(world: World) -> None:
    campaign = _campaign(world, payment_policy="on_pickup", delivery_fee_fen=300)
    order = _order(world, campaign)
    world.bring(campaign)
    with pytest.raises(PaymentDue):
        _leave(world, order)
    with world.unit(world.leader) as ctx:
        at_depot = desks.leader_at(ctx, world.point_ids[0]).actor
        assert bringing.carry_list(ctx, campaign, Page()).items[0].due_fen == 2 * 1999 + 300
    shift = open_shift(world, at_depot)
    take(world, at_depot, order)
    assert taken(world, shift) == 2 * 1999 + 300
    with world.unit(CLOCK) as ctx:
        assert balance(ctx, Account.DELIVERY_INCOME) == -300
        assert one(ctx, Order, order).point_fee_fen == 0


def test_the_list_runs_by_building_and_room_with_names_masked(world: World) -> None:
    campaign = _campaign(world)
    for building, room in (("B", "2"), ("A", "9"), ("B", "1"), ("A", "1")):
        _order(world, campaign, world.resident("李小花"), building, room, recipient="老妈")
    _order(world, campaign, world.resident(), "C", "1")
    world.bring(campaign)
    with world.unit(world.leader) as ctx:
        page = bringing.carry_list(ctx, campaign, Page(limit=2))
        rest = bringing.carry_list(ctx, campaign, Page(limit=3, after=page.next_key))
        shown = [*page.items, *rest.items]
        assert [row.building + row.room for row in shown] == ["A1", "A9", "B1", "B2", "C1"]
        assert (shown[0].owner, shown[0].recipient, shown[0].lines[0].waiting) == ("李**", "老**", 2)
    with pytest.raises(NotFound), world.unit(Actor(world.leader.role, 999, 999)) as ctx:
        bringing.carry_list(ctx, campaign, Page())
    plain = world.campaign()
    with pytest.raises(WrongState), world.unit(world.leader) as ctx:
        bringing.carry_list(ctx, plain, Page())


def test_nothing_lapses_and_the_leader_is_reminded_once_a_day(world: World) -> None:
    order = _waiting(world)

    def remind() -> int:
        with world.unit(CLOCK) as ctx:
            return sum(reminding.remind(ctx, campaign) for campaign in reminding.due(ctx, 9))

    assert remind() == 0
    world.clock.advance(days=1)
    assert [remind(), remind()] == [1, 0]
    world.clock.advance(days=30)
    with world.unit(CLOCK) as ctx:
        assert lapsing.lapse_due(ctx) == lapsing.remind_due(ctx) == 0
        assert one(ctx, Order, order).pickup_deadline is None
    assert remind() == 1
    _leave(world, order)
    world.clock.advance(days=1)
    assert remind() == 0


def test_the_leader_takes_a_mistake_back_and_no_deadline_appears(world: World) -> None:
    order = _waiting(world, delivery_fee_fen=300)
    wrong = _leave(world, order)
    with world.unit(world.leader) as ctx:
        undo(ctx, Undo(wrong, "放错门口"))
    with world.unit(CLOCK) as ctx:
        row = one(ctx, Order, order)
        assert (row.state, row.pickup_deadline, row.fee_earned_fen) == ("ready", None, 0)
    _leave(world, order)
