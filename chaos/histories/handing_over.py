"""Steps after settling: on the way, arriving, being handed over, taken back."""

from __future__ import annotations

from sqlalchemy import select

from chaos.histories.steps import settled, step, with_orders, with_things
from chaos.histories.world import Choices, World
from domain.errors import NotReady
from models import Delivery, DeliveryLine, Offer, Redemption
from services.pickup import deliveries
from services.pickup.arriving import Arrive, arrive
from services.pickup.redeeming import Redeem, redeem
from services.pickup.undoing import Undo, undo


@step(settled(24, "formed"))
def dispatch(world: World, choose: Choices) -> None:
    """The leader plans, picks and ships."""
    with world.unit(world.scene.leader) as ctx:
        for delivery in deliveries.dispatch(ctx, world.scene.campaign):
            deliveries.pick(ctx, delivery.public_id)
            deliveries.ship(ctx, delivery.public_id)


@step(with_things(24, "deliveries in_transit"))
def goods_arrive(world: World, choose: Choices) -> None:
    """Staff count a delivery in; some histories lack a few units."""
    waiting = world.rows(Delivery, Delivery.state == "in_transit")
    if not waiting:
        raise NotReady
    short = choose.one_of((0, 0, 0, 1, 2))
    with world.unit(world.staff) as ctx:
        planned = ctx.session.execute(
            select(Offer.public_id, DeliveryLine.planned_units)
            .join(DeliveryLine, DeliveryLine.offer_id == Offer.id)
            .where(DeliveryLine.delivery_id == waiting[0].id)
        ).all()
        counts = {offer: max(0, units - short) for offer, units in planned}
        arrive(ctx, Arrive(waiting[0].public_id, counts))


@step(with_orders(8, "ready"))
def hand_over(world: World, choose: Choices) -> None:
    """Staff hand an order over, sometimes only a part."""
    ready = world.orders("ready")
    if not ready:
        raise NotReady
    with world.unit(world.staff) as ctx:
        redeem(ctx, Redeem((choose.one_of(ready).public_id,), "code"))


@step(with_orders(14, "ready"))
def hand_everything_over(world: World, choose: Choices) -> None:
    """A good evening: everybody who is ready fetches."""
    ready = world.orders("ready")
    if not ready:
        raise NotReady
    with world.unit(world.staff) as ctx:
        redeem(ctx, Redeem(tuple(order.public_id for order in ready), "batch"))


@step(lambda at: 2 if at.campaign == "fulfilling" and at.any("collected", "ready") else 0)
def take_back(world: World, choose: Choices) -> None:
    """A mistaken hand-over is undone."""
    made = world.rows(Redemption, Redemption.reverses_id.is_(None))
    if not made:
        raise NotReady
    with world.unit(choose.one_of((world.staff, world.scene.leader))) as ctx:
        undo(ctx, Undo(choose.one_of(made).public_id, "点错了"))
