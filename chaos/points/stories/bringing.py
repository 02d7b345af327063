"""Goods that are brought: to the door against a picture, and by courier, confirmed by the buyer or by time."""

from __future__ import annotations

from sqlalchemy import select

from chaos.points import scenes
from chaos.points.stories.fetching import LOST_PICTURE, picture
from chaos.points.world import World, story
from domain.actors import CLOCK
from models import Payment, ShippingUpload
from services import audit, shipping_uploads, transitions
from services.door import addresses, carrying, parcels
from services.door.carrying import LeaveAtDoor
from services.door.parcels import SendParcel
from services.flows import evidence


@story
def to_the_door(world: World) -> None:
    """Two orders stand at the depot."""
    made = scenes.scene(world, delivery_method="door", delivery_fee_fen=300)
    world.notes["whither"] = {"building": "3 号楼", "room": "501"}
    for place, who in enumerate(scenes.NAMES[:2]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1)
    scenes.arrived(world, made)


to_the_door.wakes("the leader is reminded", "door.remind_leaders", hours=25)


@to_the_door.may_repeat("evidence audit_records", LOST_PICTURE)
def the_door_is_pictured(world: World) -> None:
    """With the goods before it."""
    world.notes["picture"] = evidence.upload(world.theatre.product, world.actor("leader"), "door", picture())


to_the_door.asks("it is left there", "leader", lambda world, ctx: carrying.leave(
    ctx, LeaveAtDoor(world["order 0"], (world["picture"],))))  # fmt: skip


@story
def by_courier(world: World) -> None:
    """Two orders to be sent, of money that the platform freezes."""
    made = scenes.scene(world, delivery_method="courier", delivery_fee_fen=800, frozen=True)
    world.notes["whither"] = {"recipient": "王小明", "phone": "13800000000", "address": "杭州市西湖区文一路 1 号"}
    for place, who in enumerate(scenes.NAMES[:2]):
        scenes.ordered(world, made, f"order {place}", who, 草莓=1)
    scenes.arrived(world, made)


by_courier.asks("the address is shown", "leader",
                lambda world, ctx: addresses.reveal(ctx, world["order 0"], "寄件").recipient)  # fmt: skip
by_courier.asks("a parcel is sent", "leader",
                lambda world, ctx: parcels.send(ctx, SendParcel(world["order 0"], "YTO", "YT1234567890")))  # fmt: skip
by_courier.wakes("the platform is told", "shipping.upload_due", seconds=65)
by_courier.asks("its number is corrected", "leader", lambda world, ctx: parcels.correct(
    ctx, SendParcel(world["order 0"], "YTO", "YT1234567891")))  # fmt: skip
by_courier.wakes("the platform is told again", "shipping.upload_due", seconds=65)
by_courier.asks("another is sent", "leader",
                lambda world, ctx: parcels.send(ctx, SendParcel(world["order 1"], "YTO", "YT1234567892")))  # fmt: skip
by_courier.asks("the buyer has it", "王小明", lambda world, ctx: parcels.confirm(ctx, world["order 0"]))
by_courier.wakes("the other is taken as received", "door.confirm_parcels", days=11)
by_courier.wakes("the platform is asked", "shipping.watch", hours=60)


@story
def refused_by_the_platform(world: World) -> None:
    """Goods stand at their point, and the platform has refused to hear of it until it was given up."""
    made = scenes.scene(world, frozen=True)
    scenes.ordered(world, made, "order 0", "王小明", 草莓=1)
    scenes.arrived(world, made)
    with world.unit(CLOCK) as ctx:
        upload = ctx.session.scalars(select(ShippingUpload)).one()
        transitions.move(ctx, upload, "give_up", due_at=None, trouble="refused: 10060002")
        audit.alert(ctx, "shipping_failed", f"shipping:{upload.id}", "the platform refuses it")


refused_by_the_platform.asks("it is revived", "operator", lambda world, ctx: shipping_uploads.revive(
    ctx, world.rows(Payment)[0].public_id).payment_id)  # fmt: skip


@refused_by_the_platform.act
def it_is_refused_again(world: World) -> None:
    """The platform has never heard of the payment."""
    world.control("knobs", shipping_unknown_seconds=10**8)
    world.wake("shipping.upload_due")


@refused_by_the_platform.act
def it_is_taken(world: World) -> None:
    """By and by it has."""
    world.control("knobs", shipping_unknown_seconds=0)
    world.wait(minutes=2)
    world.wake("shipping.upload_due")
