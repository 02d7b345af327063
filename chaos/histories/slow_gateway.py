"""Steps in which the gateway is slow: a payment is told of long after, and refunds end late."""

from __future__ import annotations

from chaos.histories.inner_sandbox import Declined
from chaos.histories.steps import Scenery, step, with_orders
from chaos.histories.world import Choices, World
from domain.errors import NotReady, WrongState
from services import counting, giving_back
from services.flows import paying
from services.giving_back import GiveBack


@step(with_orders(2, "pending_payment"))
def pay_at_the_last_minute(world: World, choose: Choices) -> None:
    """Somebody pays within the hold, and nobody hears of it until the hold is over."""
    waiting = world.orders("pending_payment")
    if not waiting:
        raise NotReady
    chosen = choose.one_of(waiting)
    asked = paying.ask_to_pay(world.unit, world.stage.outside, world.buyer(chosen.resident_id), chosen.public_id)
    world.stage.sandbox.control("knobs", lose_notices=1)
    try:
        world.stage.sandbox.control("pay", params=asked.params, person=world.names[chosen.resident_id])
    except Declined as no:
        raise WrongState(state=str(no), event="pay") from no
    world.stage.clock.advance(minutes=choose.one_of((31, 40)))
    world.sweep(choose)


def _worth_two(at: Scenery) -> int:
    return 3 if at.settled and at.any("confirmed", "ready") else 0


@step(_worth_two)
def give_back_twice(world: World, choose: Choices) -> None:
    """The leader gives a unit back and soon another, while the gateway has not ended the first refund."""
    chosen = max(world.orders("confirmed", "ready"), key=lambda row: row.total_fen - row.refunded_fen)
    for _ in range(2):
        with world.unit(world.scene.leader) as ctx:
            lines = counting.lines_of(ctx, chosen)
            line = max(lines, key=lambda row: row.ordered_units - row.refunded_units - row.collected_units)
            giving_back.give_back(ctx, GiveBack(chosen.public_id, "缺一份", units={line.public_id: 1}))
        world.sweep(choose)
        world.stage.clock.advance(seconds=61)
    world.sweep(choose)
