"""The offline lease: one device a point at a time, taken, taken over, given back, and over with its day."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, select

from domain.actors import CLOCK, Actor
from domain.errors import Forbidden, LeaseTaken, NotFound
from domain.tickets import code_mac, mac, read_ticket, tail_mac
from models import AuditRecord, DeskLease, Resident
from services.pickup import leases, qr
from services.pickup.leases import TakeLease
from services.pickup.redeeming import Redeem, redeem
from services.queries.leases import shown
from tests.builders import people
from tests.builders.shops import acting
from tests.services.pickup.offline import desk, device, noted, ready, report, take
from tests.services.pickup.world import World, code_of


def test_a_lease_brings_the_key_of_its_day_and_every_order_that_waits(world: World) -> None:
    who = world.resident("赵大爷")
    with world.unit(CLOCK) as ctx:
        ctx.session.get_one(Resident, who.id).phone_enc = ctx.vault.encrypt("13800008888")
    order = ready(world, {"草莓": 2, "纸巾": 1}, who)
    lease = take(world, desk(world))
    with world.unit(CLOCK) as ctx:
        code = code_of(ctx, order)
        ticket = read_ticket(qr.make(ctx, code.public_id, world.point_ids[0]))
    key = urlsafe_b64decode(lease.key + "=")
    assert (lease.point, lease.point_name, lease.day) == (world.point_ids[0], "东门", "20261126")
    assert ticket is not None
    assert (ticket.point_id, ticket.day, ticket.mac) == (lease.point, lease.day, mac(key, ticket.signed))
    (leased,) = lease.orders
    assert (leased.order_id, leased.number, leased.name, leased.code_id) == (order, 1, "赵**", code.public_id)
    assert (leased.code_hash, leased.tail_hash) == (code_mac(key, code.code), tail_mac(key, "8888"))
    assert [(item.name, item.units_left) for item in leased.items] == [("草莓", 2), ("纸巾", 1)]
    assert code.code not in str(lease)


def test_a_desk_without_the_network_sees_which_orders_are_one_persons(world: World) -> None:
    campaign, who = world.campaign(), world.resident()
    orders = [world.order(each, campaign, {"纸巾": 1}) for each in (who, world.resident(), who)]
    world.bring(campaign)
    lease = take(world, desk(world))
    owners = {leased.order_id: leased.owner_hash for leased in lease.orders}
    assert owners[orders[0]] == owners[orders[2]] != owners[orders[1]]
    with world.unit(CLOCK) as ctx:
        assert ctx.session.get_one(Resident, who.id).public_id not in str(lease)


def test_what_is_elsewhere_gone_or_over_is_not_in_the_list(world: World) -> None:
    campaign = world.campaign()
    here, gone, elsewhere = (world.order(world.resident(), campaign, {"纸巾": 1}, point=at) for at in (0, 0, 1))
    fresh = world.order(world.resident(), campaign, {"草莓": 1})
    world.bring(campaign)
    by = desk(world)
    with world.unit(by) as ctx:
        redeem(ctx, Redeem((gone,), "code"))
    assert {leased.order_id for leased in take(world, by).orders} == {here, fresh}
    world.clock.set(datetime(2026, 11, 26, 13, 0, tzinfo=UTC))  # nine in the evening: fresh goods are over
    assert [leased.order_id for leased in take(world, by).orders] == [here]
    assert elsewhere not in str(take(world, by))


def test_the_list_takes_as_many_statements_for_many_orders_as_for_one(world: World) -> None:
    def counted() -> int:
        said: list[str] = []

        def hear(*given: object) -> None:
            said.append(str(given[2]))

        with world.unit(by) as ctx:
            lease = leases.take(ctx, TakeLease("柜台手机"))
            event.listen(world.unit.engine, "before_cursor_execute", hear)
            shown(ctx, lease)
            event.remove(world.unit.engine, "before_cursor_execute", hear)
        return len(said)

    by = desk(world)
    ready(world, {"草莓": 1})
    few = counted()
    assert few == 3
    campaign = world.campaign()
    for _ in range(5):
        world.order(world.resident(), campaign, {"草莓": 1, "纸巾": 1})
    world.bring(campaign)
    assert counted() == few


def test_a_second_device_reads_who_has_it_and_may_take_it_over(world: World) -> None:
    first, second = desk(world, "小张"), desk(world, "小李")
    lease = take(world, first)
    assert take(world, first).id == lease.id
    with pytest.raises(LeaseTaken) as refusal:
        take(world, second)
    assert (refusal.value.facts["by"], refusal.value.facts["device"]) == ("小张", "柜台手机")
    assert refusal.value.facts["since"] == "2026-11-26T04:00:00Z"
    with pytest.raises(LeaseTaken):
        take(world, device(world, first))
    taken = take(world, second, take_over=True)
    assert taken.id != lease.id
    with pytest.raises(LeaseTaken):
        take(world, first)
    with world.unit.reading() as ctx:
        ends = ctx.session.execute(select(DeskLease.how_ended, DeskLease.ended_at).order_by(DeskLease.id)).all()
        assert [tuple(row) for row in ends] == [("taken_over", world.clock.now()), ("", None)]
        acts = select(AuditRecord.event).where(AuditRecord.subject == "desk_lease").order_by(AuditRecord.id)
        assert list(ctx.session.scalars(acts)) == ["take", "taken_over", "take"]


def test_each_point_has_a_lease_of_its_own(world: World) -> None:
    assert take(world, desk(world)).key != take(world, desk(world, point=1)).key


def test_a_lease_that_was_given_back_or_is_over_is_free_for_the_next(world: World) -> None:
    first, second = desk(world, "小张"), desk(world, "小李")
    take(world, first)
    with pytest.raises(NotFound), world.unit(second) as ctx:
        leases.give_back(ctx)
    with world.unit(first) as ctx:
        leases.give_back(ctx)
    with pytest.raises(NotFound), world.unit(first) as ctx:
        leases.give_back(ctx)
    lease = take(world, second)
    assert lease.until == world.clock.now() + timedelta(hours=12)
    world.clock.set(lease.until)
    assert take(world, first).day == "20261127"
    with world.unit.reading() as ctx:
        assert list(ctx.session.scalars(select(DeskLease.how_ended).order_by(DeskLease.id))) == [
            "given_back", "expired", "",
        ]  # fmt: skip


def test_a_lease_ends_with_its_day(world: World) -> None:
    world.clock.set(datetime(2026, 11, 26, 14, 0, tzinfo=UTC))
    lease = take(world, desk(world))
    assert lease.until == datetime(2026, 11, 26, 16, 0, tzinfo=UTC)


def test_of_two_devices_that_ask_at_once_one_has_it(world: World) -> None:
    for take_over in (False, True):
        rivals = [desk(world, "甲"), desk(world, "乙")]
        gate = Barrier(2)

        def attempt(by: Actor, gate: Barrier = gate, take_over: bool = take_over) -> str:
            gate.wait()
            try:
                return take(world, by, take_over=take_over).id
            except LeaseTaken:
                return ""

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(attempt, rivals))
        with world.unit.reading() as ctx:
            live = ctx.session.scalars(select(DeskLease).where(DeskLease.ended_at.is_(None))).all()
            assert len(live) == 1
            assert live[0].staff_id in {by.id for by in rivals}


def test_only_staff_of_the_point_take_it(world: World) -> None:
    for who in (world.leader, world.resident()):
        with pytest.raises(Forbidden), world.unit(who) as ctx:
            leases.take(ctx, TakeLease("手机"))


def test_a_leader_of_the_point_ends_the_lease_of_a_lost_device(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    lease = take(world, by)
    with world.unit(CLOCK) as ctx:
        other = acting(people.leader(ctx))
    with pytest.raises(NotFound), world.unit(other) as ctx:
        leases.take_away(ctx, world.point_ids[0])
    with world.unit(world.leader) as ctx:
        leases.take_away(ctx, world.point_ids[0])
    with pytest.raises(NotFound), world.unit(world.leader) as ctx:
        leases.take_away(ctx, world.point_ids[0])
    assert take(world, desk(world, "小李")).id != lease.id
    assert report(world, by, lease, noted(world, order, 草莓=1)).result == "done"
