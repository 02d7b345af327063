"""A shortage that nobody commits: the leader is told again, once per period, and the operator sees it until then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from domain.actors import CLOCK
from models import Alert, Campaign, Delivery, Notification
from services import closing
from services.pickup import shortages_waiting
from tests.services.pickup.test_shortage import arrived, commit, short_by_two
from tests.services.pickup.world import World, one


def _remind(world: World) -> int:
    with world.unit.reading(CLOCK) as ctx:
        ids = shortages_waiting.due(ctx, 9)
    reminded = 0
    for delivery_id in ids:
        with world.unit(CLOCK) as ctx:
            reminded += shortages_waiting.remind(ctx, delivery_id)
    return reminded


def _told(world: World) -> list[str]:
    with world.unit.reading(CLOCK) as ctx:
        rows = select(Notification).where(Notification.cause.startswith("shortage_waits:")).order_by(Notification.id)
        told = ctx.session.scalars(rows).all()
        assert {row.resident_id for row in told} <= {world.leader.resident_id}
        return [row.body for row in told]


def _alerts(world: World) -> list[str]:
    with world.unit.reading(CLOCK) as ctx:
        mine = select(Alert.detail).where(Alert.kind == "shortage_waits", Alert.done_at.is_(None))
        return list(ctx.session.scalars(mine))


def test_the_leader_is_told_again_once_per_period_until_it_is_shared_out(world: World) -> None:
    campaign, orders = short_by_two(world)
    world.clock.advance(hours=5, minutes=59)
    assert (_remind(world), _alerts(world)) == (0, [])
    world.clock.advance(minutes=1)
    assert [_remind(world), _remind(world)] == [1, 0]
    assert _told(world) == ["「周五水果」东门到货不足，还没有确认分配，3 单在等。请尽快确认。"]
    assert _alerts(world) == ["「周五水果」到货不足，3 单在等团长分配。"]
    world.clock.advance(hours=5)
    assert _remind(world) == 0
    world.clock.advance(days=3)
    assert [_remind(world), _remind(world)] == [1, 0], "an outage is made up for by one reminder"
    assert arrived(world, orders) == [(0, 0)] * 3, "nothing is shared out without the leader's word"
    commit(world, campaign)
    assert _alerts(world) == []
    world.clock.advance(days=1)
    assert (_remind(world), len(_told(world))) == (0, 2)


def test_a_campaign_given_up_has_nothing_to_share_out_any_more(world: World) -> None:
    campaign, _ = short_by_two(world)
    world.clock.advance(hours=6)
    assert (_remind(world), len(_alerts(world))) == (1, 1)
    with world.unit(world.leader) as ctx:
        closing.cancel(ctx, one(ctx, Campaign, campaign), "供货商断货")
    assert _alerts(world) == []
    world.clock.advance(days=1)
    assert _remind(world) == 0


def test_two_sweeps_at_once_remind_once(world: World) -> None:
    short_by_two(world)
    world.clock.advance(hours=6)
    with world.unit.reading(CLOCK) as ctx:
        (delivery_id,) = shortages_waiting.due(ctx, 9)
    gate = Barrier(2)

    def sweep(_: int) -> bool:
        gate.wait()
        with world.unit(CLOCK) as ctx:
            return shortages_waiting.remind(ctx, delivery_id)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [False, True]
    assert len(_told(world)) == len(_alerts(world)) == 1


def test_a_point_that_must_be_counted_first_is_named(world: World) -> None:
    campaign = world.campaign()
    for point in (0, 1):
        world.order(world.resident(), campaign, {"草莓": 3}, point=point)
    world.settle(campaign)
    first, _ = world.dispatch(campaign)
    world.count(world.leader, first, 草莓=1)
    world.clock.advance(hours=6)
    assert _remind(world) == 1
    assert _told(world) == ["「周五水果」东门到货不足，还没有确认分配，1 单在等。请先清点西门，再确认。"]


def test_what_came_in_full_or_was_committed_meanwhile_or_given_up_reminds_nobody(world: World) -> None:
    full = world.campaign()
    world.order(world.resident(), full, {"草莓": 1})
    world.bring(full)
    campaign, _ = short_by_two(world)
    given_up, _ = short_by_two(world)
    with world.unit(world.leader) as ctx:
        closing.cancel(ctx, one(ctx, Campaign, given_up), "供货商断货")
    world.clock.advance(hours=6)
    with world.unit.reading(CLOCK) as ctx:
        (delivery_id,) = shortages_waiting.due(ctx, 9)
        assert ctx.session.get_one(Delivery, delivery_id).campaign_id == one(ctx, Campaign, campaign).id
    commit(world, campaign)
    with world.unit(CLOCK) as ctx:
        assert shortages_waiting.remind(ctx, delivery_id) is False
    assert (_told(world), _alerts(world)) == ([], [])
