"""Steps of goods that are brought: to the door by code or picture, or by courier with a number to confirm."""

from __future__ import annotations

from chaos.histories.steps import Scenery, step
from chaos.histories.world import Choices, World
from domain.couriers import COURIERS
from domain.errors import NotReady
from domain.ids import new_id
from models import Order, Parcel
from services import evidence_pictures
from services.door import carrying, parcels
from services.door.carrying import LeaveAtDoor
from services.door.parcels import SendParcel
from services.pickup.redeeming import Redeem, redeem


@step(lambda at: 14 if at.method == "door" and at.orders["ready"] else 0)
def carry_to_the_door(world: World, choose: Choices) -> None:
    """The leader rings with what waits: against the code, or left at the door and shown in a picture."""
    chosen = _waiting(world, choose)
    with world.unit(world.scene.leader) as ctx:
        if choose.chance(50):
            redeem(ctx, Redeem((chosen.public_id,), "code"))
            return
        picture = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, picture, "door", "image/jpeg")
        carrying.leave(ctx, LeaveAtDoor(chosen.public_id, (picture,)))


@step(lambda at: 16 if at.method == "courier" and at.orders["ready"] > at.things["parcels"] else 0)
def send_a_parcel(world: World, choose: Choices) -> None:
    """The leader enters the number of a parcel."""
    sent = {row.order_id for row in world.rows(Parcel)}
    left = [order for order in world.at_hand() if order.id not in sent]
    if not left:
        raise NotReady
    with world.unit(world.scene.leader) as ctx:
        parcels.send(ctx, _parcel(choose, choose.one_of(left)))


def _parcels_travel(at: Scenery) -> bool:
    return at.method == "courier" and bool(at.things["parcels"])


@step(lambda at: 2 if _parcels_travel(at) else 0)
def correct_a_parcel(world: World, choose: Choices) -> None:
    """The leader mistyped it; the platform takes one correction."""
    with world.unit(world.scene.leader) as ctx:
        parcels.correct(ctx, _parcel(choose, _travelling(world, choose)))


@step(lambda at: 8 if _parcels_travel(at) else 0)
def parcel_arrives(world: World, choose: Choices) -> None:
    """The buyer confirms receipt, or the clock does after its days."""
    chosen = _travelling(world, choose)
    if choose.chance(30):
        world.stage.clock.advance(days=11)
        world.sweep(choose)
        return
    with world.unit(world.buyer(chosen.resident_id)) as ctx:
        parcels.confirm(ctx, chosen.public_id)


def _parcel(choose: Choices, order: Order) -> SendParcel:
    return SendParcel(order.public_id, choose.one_of(list(COURIERS)), f"YT{choose.number(10**9, 10**10)}")


def _waiting(world: World, choose: Choices) -> Order:
    waiting = world.at_hand()
    if not waiting:
        raise NotReady
    return choose.one_of(waiting)


def _travelling(world: World, choose: Choices) -> Order:
    sent = {row.order_id for row in world.rows(Parcel)}
    found = [order for order in world.orders("ready") if order.id in sent]
    if not found:
        raise NotReady
    return choose.one_of(found)
