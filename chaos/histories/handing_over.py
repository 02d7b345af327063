"""Steps after settling: on the way, arriving, being handed over, taken back."""

from __future__ import annotations

from sqlalchemy import select

from chaos.histories.steps import Likely, settled, step
from chaos.histories.world import Choices, World
from domain.errors import NotReady
from models import Delivery, DeliveryLine, Offer, OfflineHandOver, Order, Redemption
from services import counting
from services.pickup import deliveries, leases, reporting
from services.pickup.arriving import Arrive, arrive
from services.pickup.leases import TakeLease
from services.pickup.redeeming import Redeem, redeem
from services.pickup.reporting import HandedOut
from services.pickup.undoing import Undo, undo
from services.pickup.units import waiting


@step(settled(24, "formed"))
def dispatch(world: World, choose: Choices) -> None:
    """The leader plans, picks and ships."""
    with world.unit(world.scene.leader) as ctx:
        for delivery in deliveries.dispatch(ctx, world.scene.campaign):
            deliveries.pick(ctx, delivery.public_id)
            deliveries.ship(ctx, delivery.public_id)


@step(lambda at: 0 if not at.things["deliveries in_transit"] else 24 if at.campaign == "fulfilling" else 1)
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


def _fetched(weight: int) -> Likely:
    """While somebody may fetch; what is not paid yet, or is to be brought, is seldom tried."""
    return lambda at: 0 if not at.any("ready") else 1 if at.things["unpaid"] or at.method != "pickup" else weight


@step(_fetched(8))
def hand_over(world: World, choose: Choices) -> None:
    """Staff hand an order over: all that waits, or only a part."""
    chosen = choose.one_of(_at_hand(world))
    with world.unit(world.staff) as ctx:
        lines = [line for line in counting.lines_of(ctx, chosen) if waiting(line)]
        some = {choose.one_of(lines).public_id: 1} if choose.chance(30) else {}
        redeem(ctx, Redeem((chosen.public_id,), "code", some))


@step(_fetched(14))
def hand_everything_over(world: World, choose: Choices) -> None:
    """A good evening: everybody who is ready fetches."""
    ready = tuple(order.public_id for order in _at_hand(world))
    with world.unit(world.staff) as ctx:
        redeem(ctx, Redeem(ready, "batch"))


@step(_fetched(6))
def hand_over_without_a_network(world: World, choose: Choices) -> None:
    """A desk that leased its point hands out and reports it later; sometimes a colleague was faster."""
    chosen = choose.one_of(_at_hand(world))
    with world.unit(world.staff) as ctx:
        lease = leases.take(ctx, TakeLease("柜台手机", take_over=True)).public_id
        units = {line.public_id: waiting(line) for line in counting.lines_of(ctx, chosen) if waiting(line)}
    name = f"note-{len(world.rows(OfflineHandOver)):08d}"
    if choose.chance(30):
        with world.unit(world.staff) as ctx:
            redeem(ctx, Redeem((chosen.public_id,), "code"))
    with world.unit(world.staff) as ctx:
        reporting.report(ctx, lease, HandedOut(name, chosen.public_id, units, None, ctx.now))


def _at_hand(world: World) -> list[Order]:
    ready = world.at_hand()
    if not ready:
        raise NotReady
    return ready


@step(lambda at: 4 if at.campaign == "fulfilling" and at.any("collected") else 0)
def take_back(world: World, choose: Choices) -> None:
    """A mistaken hand-over is undone."""
    undone = {row.reverses_id for row in world.rows(Redemption)}
    made = [
        row
        for row in world.rows(Redemption, Redemption.reverses_id.is_(None), Redemption.found_by != "courier")
        if row.id not in undone
    ]
    if not made:
        raise NotReady
    with world.unit(choose.one_of((world.staff, world.scene.leader, world.scene.leader))) as ctx:
        undo(ctx, Undo(choose.one_of(made).public_id, "点错了"))
