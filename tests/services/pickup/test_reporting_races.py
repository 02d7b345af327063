"""Hand-overs reported beside the clock, other desks and other connections: nothing is taken or booked twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from domain.actors import CLOCK, Actor
from domain.errors import AlreadyCollected
from models import Order
from services.pickup import lapsing, leases
from services.pickup.redeeming import Redeem, redeem
from services.pickup.reporting import HandedOut
from services.queries.leases import LeaseShown
from tests.services.pickup.offline import cases, desk, noted, ready, report, take
from tests.services.pickup.world import World, lines_of, one


def _state(world: World, order: str) -> str:
    with world.unit.reading() as ctx:
        return one(ctx, Order, order).state


def _redeem(world: World, by: Actor, order: str) -> None:
    with world.unit(by) as ctx:
        redeem(ctx, Redeem((order,), "code"))


def _sweep(world: World) -> int:
    with world.unit(CLOCK) as ctx:
        return lapsing.lapse_due(ctx)


def test_goods_that_may_have_been_handed_out_do_not_lapse_before_that_is_reported(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    lease = take(world, by)
    world.clock.advance(hours=9)  # past nine in the evening
    assert _sweep(world) == 0
    note = noted(world, order, 草莓=1)
    world.clock.advance(hours=10)
    assert _sweep(world) == 0
    assert report(world, by, lease, note).result == "done"
    assert _sweep(world) == 0


def test_they_lapse_once_the_lease_is_given_back_or_can_report_no_more(world: World) -> None:
    order, by = ready(world, {"草莓": 1}), desk(world)
    take(world, by)
    world.clock.advance(hours=9)
    with world.unit(by) as ctx:
        leases.give_back(ctx)
    assert (_sweep(world), _state(world, order)) == (1, "completed")
    other = ready(world, {"草莓": 1})
    lease = take(world, by)
    with world.unit.reading() as ctx:
        deadline = one(ctx, Order, other).pickup_deadline
    assert deadline is not None
    world.clock.set(max(deadline, lease.until + timedelta(hours=24)) - timedelta(seconds=1))
    assert _sweep(world) == 0
    world.clock.advance(seconds=1)
    assert _sweep(world) == 1
    assert report(world, by, lease, noted(world, other, 草莓=1)).result == "refused"
    assert cases(world) == [("草莓", 1, "too_late")]


def test_a_lease_taken_after_the_deadline_holds_no_lapse_up(world: World) -> None:
    ready(world, {"草莓": 1})
    world.clock.advance(hours=9)
    take(world, desk(world))
    assert _sweep(world) == 1


def test_of_a_report_and_a_desk_online_one_hands_over_and_the_other_is_a_loss(world: World) -> None:
    for number in range(4):
        order, by, online = ready(world, {"草莓": 2}), desk(world, "甲"), desk(world, "乙")
        lease = take(world, by, take_over=True)
        note = noted(world, order, f"note-000{number}", 草莓=2)
        gate = Barrier(2)

        def upload(by: Actor = by, lease: LeaseShown = lease, note: HandedOut = note, gate: Barrier = gate) -> str:
            gate.wait()
            return str(report(world, by, lease, note).result)

        def hand_over(order: str = order, online: Actor = online, gate: Barrier = gate) -> str:
            gate.wait()
            try:
                _redeem(world, online, order)
            except AlreadyCollected:
                return "refused"
            return "done"

        with ThreadPoolExecutor(2) as pool:
            one_of, other = pool.submit(upload), pool.submit(hand_over)
            assert (one_of.result(), other.result()) in {("done", "refused"), ("conflict", "done")}
        with world.unit.reading() as ctx:
            assert lines_of(ctx, order)["草莓"].collected_units == 2


def test_the_same_report_from_two_connections_at_once_is_booked_once(world: World) -> None:
    for number in range(4):
        order, by = ready(world, {"草莓": 2}), desk(world)
        lease = take(world, by, take_over=True)
        note = noted(world, order, f"note-000{number}", 草莓=2)
        gate = Barrier(2)

        def upload(
            _: int, by: Actor = by, lease: LeaseShown = lease, note: HandedOut = note, gate: Barrier = gate
        ) -> str:
            gate.wait()
            return str(report(world, by, lease, note).result)

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(upload, [gate] * 2)) == ["again", "done"]
    assert cases(world) == []
