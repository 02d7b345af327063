"""The roster for its leader: searched, tagged, by number and by door, with notes that nobody else reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from domain.actors import CLOCK, Actor, Role
from domain.errors import Forbidden, NotFound
from models import Order, OrderAddress, OrderRemark, OrderTag, Resident
from services import cancelling, ordering, remarks
from services.ordering import PlaceOrder
from services.paging import Page
from services.queries.leader_rosters import RosterOrder, Wanted, roster
from services.remarks import Remark
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, offer_named, one


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood."""
    return World(unit, clock)


@pytest.fixture
def campaign(world: World) -> str:
    """A campaign in which four neighbours ordered, who live in different houses."""
    made = world.campaign()
    homes = (("赵大爷", "10号楼1单元", "101"), ("钱阿姨", "2号楼", "二单元 1101"), ("孙小妹", "2号楼", "二单元 301"),
             ("李四", "", ""))  # fmt: skip
    for name, building, room in homes:
        order = world.order(world.resident(name, "1234" if name == "李四" else "8888"), made, {"草莓": 1})
        with world.unit(CLOCK) as ctx:
            row = one(ctx, Order, order)
            if building:
                ctx.session.add(OrderAddress(order_id=row.id, building=building, room=room))
    return made


def _rows(world: World, campaign: str, **wanted: str) -> list[RosterOrder]:
    with world.unit(world.leader) as ctx:
        return roster(ctx, campaign, Page(), Wanted(**wanted)).items


def _names(world: World, campaign: str, **wanted: str) -> list[str]:
    return [row.name for row in _rows(world, campaign, **wanted)]


def _walk(world: World, campaign: str, order: str) -> list[str]:
    names: list[str] = []
    page = Page(limit=1)
    while True:
        with world.unit(world.leader) as ctx:
            part = roster(ctx, campaign, page, Wanted(order=order))
        names += [row.name for row in part.items]
        if part.next_key is None:
            return names
        page = Page(limit=1, after=part.next_key)


def test_the_roster_runs_by_number_and_by_the_way_one_walks(world: World, campaign: str) -> None:
    assert _names(world, campaign) == ["赵大爷", "钱阿姨", "孙小妹", "李四"]
    assert _names(world, campaign, order="place") == ["孙小妹", "钱阿姨", "赵大爷", "李四"]
    first = _rows(world, campaign, order="place")[0]
    assert first.place is not None
    assert (first.place.building, first.place.unit, first.place.room) == ("2号楼", "二单元", "301")
    assert _rows(world, campaign)[3].place is None


@pytest.mark.parametrize("order", ["number", "place"])
def test_pages_of_one_meet_everybody_once_in_order(world: World, campaign: str, order: str) -> None:
    assert _walk(world, campaign, order) == _names(world, campaign, order=order)


def test_who_has_not_paid_stands_behind_those_with_a_number(world: World, campaign: str) -> None:
    with world.unit(world.resident("周五")) as ctx:
        offer = offer_named(ctx, campaign, "草莓").public_id
        ordering.place(ctx, PlaceOrder(campaign, world.point_ids[0], ((offer, 1),)))
    last = _rows(world, campaign)[-1]
    assert (last.name, last.number, last.state) == ("周五", None, "pending_payment")
    assert _walk(world, campaign, "number")[-1] == "周五"


@pytest.mark.parametrize(
    ("search", "found"),
    [("钱", ["钱阿姨"]), ("3", ["孙小妹"]), ("#3", ["孙小妹"]), ("1234", ["李四"]), ("10号楼", ["赵大爷"]), ("%", []),
     ("13800001234", ["李四"]), ("1380000", [])],
)  # fmt: skip
def test_a_text_is_looked_for_in_names_places_numbers_and_whole_phones(
    world: World, campaign: str, search: str, found: list[str]
) -> None:
    with world.unit(CLOCK) as ctx:
        person = ctx.session.scalars(select(Resident).where(Resident.nickname == "李四")).one()
        person.phone_hash = ctx.vault.digest("phone", "13800001234")
        person.phone_enc = ctx.vault.encrypt("13800001234")
    rows = [row for row in _rows(world, campaign, search=search) if search != "3" or row.number == 3]
    assert [row.name for row in rows] == found
    assert {row.phone for row in rows} <= {"", "138****1234"}


def test_an_order_that_was_cancelled_still_says_what_it_was(world: World, campaign: str) -> None:
    mine = world.resident("周五")
    order = world.order(mine, campaign, {"草莓": 2})
    with world.unit(mine) as ctx:
        cancelling.cancel(ctx, order)
    row = _rows(world, campaign, search="周五")[0]
    assert (row.state, row.total_fen) == ("cancelled", 2 * 1999)
    assert [(item.name, item.units, item.units_back) for item in row.items] == [("草莓", 0, 2)]
    assert [(item.units, item.units_back) for item in _rows(world, campaign, search="李四")[0].items] == [(1, 0)]


def _remark(world: World, order: str, note: str, *tags: str, by: Actor | None = None) -> Remark:
    with world.unit(by or world.leader) as ctx:
        return remarks.remark(ctx, Remark(order, note, tags))


def test_a_note_and_tags_are_kept_written_anew_and_found(world: World, campaign: str) -> None:
    order = _rows(world, campaign)[1].order_id
    assert _remark(world, order, " 要熟一点 ", "老客户", "老客户", " ").tags == ["老客户"]
    _remark(world, order, "放门口", "上门", "老客户")
    row = _rows(world, campaign, tag="上门")[0]
    assert (row.name, row.leader_note, row.tags) == ("钱阿姨", "放门口", ["上门", "老客户"])
    assert _names(world, campaign, search="门口") == ["钱阿姨"]
    _remark(world, order, "")
    assert _rows(world, campaign, tag="上门") == []
    with world.unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(OrderRemark)) == 1
        assert ctx.session.scalar(select(func.count()).select_from(OrderTag)) == 0


def test_nobody_else_writes_or_reads_them(world: World, campaign: str) -> None:
    order = _rows(world, campaign)[0].order_id
    with pytest.raises(NotFound):
        _remark(world, order, "别人的", by=replace(world.leader, id=0))
    for who in (world.resident(), world.staff()):
        with pytest.raises(Forbidden):
            _remark(world, order, "不是我的", by=who)
    with pytest.raises(NotFound), world.unit(Actor(Role.LEADER, 0)) as ctx:
        roster(ctx, campaign, Page(), Wanted())
