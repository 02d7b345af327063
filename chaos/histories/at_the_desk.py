"""Steps of orders paid on pickup: cash and WeChat at the desk, drawers counted and handed over, nobody comes."""

from __future__ import annotations

from dataclasses import replace

from chaos.histories.inner_sandbox import Declined
from chaos.histories.steps import Scenery, step, with_things
from chaos.histories.world import Choices, World
from domain.actors import Actor
from domain.errors import NotReady, WrongState
from models import Order, Shift
from services.desk_money import cash, shifts, wechat
from services.desk_money.cash import TakeCash
from services.desk_money.shifts import CloseShift
from services.flows import paying


@step(lambda at: 20 if at.things["unpaid"] and not at.things["shifts open"] else 0)
def open_a_drawer(world: World, choose: Choices) -> None:
    """Staff, or the leader at the desk, open their drawer."""
    with world.unit(choose.one_of((world.staff, world.staff, _leader(world)))) as ctx:
        shifts.begin(ctx)


@step(lambda at: 14 if at.things["unpaid"] and at.things["shifts open"] else 1 if at.things["unpaid"] else 0)
def take_cash(world: World, choose: Choices) -> None:
    """A buyer pays cash and goes home with the goods; sometimes for a neighbour too."""
    unpaid = _unpaid(world)
    chosen = {choose.one_of(unpaid).public_id for _ in range(choose.one_of((1, 1, 2)))}
    opened = world.rows(Shift, Shift.state == "open")
    who = _keeper(world, choose.one_of(opened)) if opened and choose.chance(90) else world.staff
    with world.unit(who) as ctx:
        cash.take(ctx, TakeCash(tuple(sorted(chosen)), "code"))


@step(with_things(12, "unpaid"))
def pay_at_the_desk(world: World, choose: Choices) -> None:
    """Staff open it and the buyer, or a neighbour, pays by WeChat: in time, too late, or nobody is told."""
    chosen = choose.one_of(_unpaid(world))
    with world.unit(choose.one_of((world.staff, world.scene.leader))) as ctx:
        wechat.begin(ctx, chosen.public_id)
    payer = chosen.resident_id if choose.chance(80) else choose.one_of(world.scene.buyers)
    asked = paying.ask_to_pay(world.unit, world.stage.outside, world.buyer(payer), chosen.public_id)
    how = choose.number(1, 10)
    late = how == 1
    if late:
        world.stage.clock.advance(minutes=12)
        world.sweep(choose)
    if how == 2:  # what was opened is not paid
        return
    try:
        world.stage.sandbox.control("pay", params=asked.params, person=world.names[payer], late=late, silent=how == 3)
    except Declined as no:
        raise WrongState(state=str(no), event="pay") from no
    if how == 4:
        world.letters += world.stage.sandbox.letters()
    else:
        world.post()


@step(with_things(4, "shifts open"))
def count_a_drawer(world: World, choose: Choices) -> None:
    """A drawer is closed with a count: exact, short or over, sometimes at first without saying why."""
    shift = choose.one_of(world.rows(Shift, Shift.state == "open"))
    counted = max(0, shift.taken_fen + choose.one_of((0, 0, -1, -2000, 1, 700)))
    reason = "" if choose.chance(20) else "找错零钱"
    with world.unit(_keeper(world, shift)) as ctx:
        shifts.close(ctx, CloseShift(shift.public_id, counted, reason))


@step(with_things(6, "shifts closed"))
def receive_a_drawer(world: World, choose: Choices) -> None:
    """The leader or an operator gets what a closed drawer held; whoever kept it may not."""
    shift = choose.one_of(world.rows(Shift, Shift.state == "closed"))
    with world.unit(choose.one_of((world.scene.leader, world.operators[0]))) as ctx:
        shifts.receive(ctx, shift.public_id)


def _rarely(at: Scenery) -> int:
    return 2 if at.things["unpaid"] else 0


@step(_rarely)
def nobody_comes(world: World, choose: Choices) -> None:
    """The pickup deadline passes; what was not paid lapses and its goods stay at the point."""
    world.stage.clock.advance(days=choose.one_of((1, 4)))
    world.sweep(choose)
    world.post()


def _unpaid(world: World) -> list[Order]:
    found = [order for order in world.at_hand() if order.paid_at is None]
    if not found:
        raise NotReady
    return found


def _leader(world: World) -> Actor:
    return replace(world.scene.leader, point_id=world.scene.point_id)


def _keeper(world: World, shift: Shift) -> Actor:
    return world.staff if shift.by_label == world.staff.label else _leader(world)
