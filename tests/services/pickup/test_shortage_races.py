"""A commit beside other people's work: one leader's device wins, and nothing slips in between look and deed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import event, func, select

from domain.actors import CLOCK
from domain.campaigns import CancelReason
from domain.errors import PlanChanged
from models import Campaign, Order, PickupCode, Refund
from services import returning, transitions
from services.context import Ctx
from services.pickup import sharing_out, shortages
from services.pickup.reckoning import reckon
from tests.services.pickup.test_shortage import arrived, plan, short_by_two
from tests.services.pickup.world import World, lines_of, one


def test_of_two_devices_that_commit_at_once_one_wins(world: World) -> None:
    for _ in range(3):
        campaign, orders = short_by_two(world)
        command = shortages.CommitShortage(campaign, plan(world, campaign).digest)
        gate = Barrier(2)

        def attempt(_: int, command: shortages.CommitShortage = command, gate: Barrier = gate) -> str:
            gate.wait()
            try:
                with world.unit(world.leader) as ctx:
                    shortages.commit(ctx, command)
            except PlanChanged as refusal:
                return refusal.code()
            return ""

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, range(2))) == ["", "plan_changed"]
        assert arrived(world, orders) == [(2, 2), (2, 0), (1, 0)]


def _give_one_back(ctx: Ctx, order_id: str) -> None:
    """The leader refunds one unit of an order on other grounds."""
    order = one(ctx, Order, order_id)
    transitions.lock(ctx, order)
    returning.take_off(ctx, order, {lines_of(ctx, order_id)["草莓"]: 1}, CancelReason.LEADER)


def test_a_refund_beside_the_commit_comes_before_it_or_after_it(world: World) -> None:
    for _ in range(3):
        campaign, orders = short_by_two(world)
        command = shortages.CommitShortage(campaign, plan(world, campaign).digest)
        gate = Barrier(2)

        def refund(order: str = orders[0], gate: Barrier = gate) -> None:
            gate.wait()
            with world.unit(world.leader) as ctx:
                _give_one_back(ctx, order)

        def say(command: shortages.CommitShortage = command, gate: Barrier = gate) -> bool:
            gate.wait()
            try:
                with world.unit(world.leader) as ctx:
                    shortages.commit(ctx, command)
            except PlanChanged:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            refunded, committed = pool.submit(refund), pool.submit(say)
            refunded.result()
            first = committed.result()
        assert arrived(world, orders)[0] == ((2, 3) if first else (0, 1))


def test_without_looking_again_a_neighbour_would_lose_a_unit_that_came(world: World) -> None:
    campaign, orders = short_by_two(world, shortage_mode="first_come")
    with world.unit(world.leader) as ctx:
        row = one(ctx, Campaign, campaign)
        seen = reckon(ctx, row)
        _give_one_back(ctx, orders[1])
        assert reckon(ctx, row).digest != seen.digest
        sharing_out.carry_out(ctx, row, seen)  # what `commit` must not do
    assert arrived(world, orders) == [(4, 0), (1, 2), (0, 1)]  # a unit came for the second, and both went back


def test_dying_at_any_statement_of_a_commit_changes_nothing(world: World) -> None:
    campaign, orders = short_by_two(world, shortage_mode="first_come")
    command = shortages.CommitShortage(campaign, plan(world, campaign).digest)
    survived = 0
    while survived < 400 and _dies_at(world, command, survived):
        if survived % 10 == 0:
            assert arrived(world, orders) == [(0, 0)] * 3
            with world.unit(CLOCK) as ctx:
                assert ctx.session.scalar(select(func.count()).select_from(PickupCode)) == 0
                assert ctx.session.scalar(select(func.count()).select_from(Refund)) == 0
        survived += 7
    assert 50 < survived < 400
    assert arrived(world, orders) == [(4, 0), (1, 1), (0, 1)]


class Killed(Exception):
    """The process died here."""


def _dies_at(world: World, command: shortages.CommitShortage, statement: int) -> bool:
    """Commit and die before the statement of this number; False when there are fewer."""
    left = iter(range(statement))

    def kill(*_: object) -> None:
        if next(left, None) is None:
            raise Killed

    event.listen(world.unit.engine, "before_cursor_execute", kill)
    try:
        with world.unit(world.leader) as ctx:
            shortages.commit(ctx, command)
    except Killed:
        return True
    finally:
        event.remove(world.unit.engine, "before_cursor_execute", kill)
    return False
