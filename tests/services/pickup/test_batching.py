"""A batch at the desk: each order by itself, and one that is refused holds nobody up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from domain.actors import Actor
from models import Order
from services.pickup.batching import Batched, OneOfBatch, redeem_each
from tests.services.pickup.world import World, lines_of, one


def _batch(world: World, by: Actor, *wanted: OneOfBatch) -> list[Batched]:
    with world.unit(by) as ctx:
        return redeem_each(ctx, wanted)


def _orders(world: World, count: int, units: int = 1) -> list[str]:
    campaign = world.campaign()
    made = [world.order(world.resident(), campaign, {"草莓": units}) for _ in range(count)]
    world.bring(campaign)
    return made


def test_each_order_is_told_apart_and_the_refused_changes_nothing(world: World) -> None:
    first, second, third = _orders(world, 3, units=2)
    by = world.staff()
    _batch(world, by, OneOfBatch(second))
    with world.unit.reading() as ctx:
        line = lines_of(ctx, third)["草莓"].public_id
    nobody = "ord_" + "0" * 26
    told = _batch(
        world,
        by,
        OneOfBatch(third, {line: 1}),
        OneOfBatch(second),
        OneOfBatch(nobody),
        OneOfBatch(first),
    )
    assert [(each.order_id, each.result, each.code) for each in told] == [
        (third, "done", ""), (second, "refused", "already_collected"), (nobody, "refused", "not_found"),
        (first, "done", ""),
    ]  # fmt: skip
    assert "小张" in told[1].detail
    assert told[0].redemption is not None
    assert [item.units for item in told[0].redemption.items] == [1]
    with world.unit.reading() as ctx:
        assert [one(ctx, Order, each).state for each in (first, third)] == ["collected", "ready"]


def test_a_batch_at_another_point_hands_nothing_over(world: World) -> None:
    (order,) = _orders(world, 1)
    (told,) = _batch(world, world.staff(point=1), OneOfBatch(order))
    assert (told.result, told.code) == ("refused", "not_found")


def test_two_batches_that_name_the_same_orders_the_other_way_round_share_them(world: World) -> None:
    for _ in range(3):
        orders = _orders(world, 4)
        rivals = [(world.staff("甲"), orders), (world.staff("乙"), orders[::-1])]
        gate = Barrier(2)

        def attempt(of: tuple[Actor, list[str]], gate: Barrier = gate) -> list[str]:
            gate.wait()
            return [each.order_id for each in _batch(world, of[0], *map(OneOfBatch, of[1])) if each.result == "done"]

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(attempt, rivals))
        assert sorted(done[0] + done[1]) == sorted(orders)
