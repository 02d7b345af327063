"""Beginnings of stories: a campaign with its people, orders that are paid, goods that stand at their point."""

from __future__ import annotations

from typing import Any

from chaos.points.world import World
from domain.actors import CLOCK, SYSTEM, Actor, Role
from models import Community, Delivery, Order, PickupPoint, Resident
from services import closing
from services.pickup import deliveries
from services.pickup.arriving import Arrive, arrive
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms

NAMES = ("王小明", "李静", "陈晨", "赵敏", "周涛")
STRAWBERRY = Terms("草莓", 2990, quota=40, tiers=((6, 2690),), fresh=True)
TISSUE = Terms("纸巾", 1001, commission_bps=500)


def scene(world: World, *offers: Terms, frozen: bool = False, hours: float = 6, **terms: Any) -> Scene:
    """An open campaign of 李团长 with five residents whom the sandbox knows, staff, a helper and two operators."""
    world.control("knobs", reset=True, freeze="on" if frozen else "off")
    openids = {name: world.control("people", name=name)["openid"] for name in (*NAMES, "李团长", "帮卖", "店员")}
    with world.unit(SYSTEM) as ctx:
        made = campaigns.scene(ctx, *(offers or (STRAWBERRY, TISSUE)), buyers=0, hours=hours, help_sell_bps=5000,
                               leader_openid=openids["李团长"], **terms)  # fmt: skip
        residents = {name: people.resident(ctx, name, openid=openids[name]).id for name in NAMES}
        helper = people.leader(ctx, people.resident(ctx, "帮卖", openid=openids["帮卖"]),
                               ctx.session.get_one(Community, 1))  # fmt: skip
        point = ctx.session.get_one(PickupPoint, made.point_id)
        clerk = people.resident(ctx, "店员", openid=openids["店员"])
        staff = people.staff(ctx, point, clerk)
        operators = [people.operator(ctx, name) for name in ("甲", "乙")]
        boss = ctx.session.get_one(Resident, made.leader_resident_id)
        world.notes.update({
            "campaign": made.campaign, "campaign_id": made.campaign_id, "point": made.point, "offers": made.offers,
            "helper": helper.public_id, "residents": {**residents, "李团长": boss.id, "店员": clerk.id},
        })  # fmt: skip
        world.cast("leader", Actor(Role.LEADER, made.leader_id, made.leader_resident_id))
        world.cast("helper", Actor(Role.LEADER, helper.id, helper.resident_id))
        world.cast("staff", Actor(Role.STAFF, staff.id, clerk.id, made.point_id))
        world.cast("leader at the desk", Actor(Role.LEADER, made.leader_id, made.leader_resident_id, made.point_id))
        for name, operator in zip(("operator", "second operator"), operators, strict=True):
            world.cast(name, Actor(Role.OPERATOR, operator.id))
    made.buyers = list(residents.values())
    return made


def ordered(world: World, made: Scene, name: str, who: str, **units: int) -> str:
    """An order that is paid, or confirmed as it will be paid on pickup; noted under `name`."""
    buyer = NAMES.index(who)
    order = campaigns.place(world.unit, made, buyer, units, again=True, **world.notes.get("whither", {}))
    with world.unit.reading(SYSTEM) as ctx:
        pending = campaigns.order_row(ctx, order).state == "pending_payment"
    if pending:
        pay(world, who, order)
    world.notes[name] = order
    return order


def pay(world: World, who: str, order: str) -> None:
    """Through the gateway, notice and all."""
    from services.flows import paying

    asked = paying.ask_to_pay(world.unit, world.theatre.outside, world.buyer(who), order)
    world.pay(asked.params, who)
    world.post()


def settled(world: World, made: Scene) -> None:
    """The deadline passes and the campaign is formed."""
    world.clock.set(max(world.clock.now(), made.closes_at))
    with world.unit(CLOCK) as ctx:
        closing.close_overdue(ctx, made.campaign_id)
    world.wait(minutes=4)
    campaigns.settle(world.unit, made)


def arrived(world: World, made: Scene) -> None:
    """Everything ordered stands at the point."""
    settled(world, made)
    with world.unit(world.actor("leader")) as ctx:
        for row in deliveries.dispatch(ctx, made.campaign):
            deliveries.pick(ctx, row.public_id)
            deliveries.ship(ctx, row.public_id)
    with world.unit(world.actor("staff")) as ctx:
        arrive(ctx, Arrive(world.notes.get("delivery", _delivery(world)), counts(world)))


def _delivery(world: World) -> str:
    return world.rows(Delivery)[-1].public_id


def counts(world: World, short: int = 0) -> dict[str, int]:
    """What the delivery should hold, by offer; `short` units fewer of the first."""
    from sqlalchemy import select

    from models import DeliveryLine, Offer

    with world.unit.reading(SYSTEM) as ctx:
        planned = ctx.session.execute(
            select(Offer.public_id, DeliveryLine.planned_units).join(DeliveryLine, DeliveryLine.offer_id == Offer.id)
            .order_by(Offer.id)
        ).all()  # fmt: skip
    return {offer: units - (short if place == 0 else 0) for place, (offer, units) in enumerate(planned)}


def states(world: World) -> list[str]:
    """Where the orders stand."""
    return [row.state for row in world.rows(Order)]
