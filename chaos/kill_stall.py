"""What the load of a killed product stands on: an open campaign, buyers with tokens, and goods that wait at a desk."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM
from models import Campaign, Delivery, DeliveryLine, Leader, Offer, Order
from services import closing
from services.pickup import arriving, deliveries
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms

QUOTA = 1_000_000


@dataclass(frozen=True)
class Stall:
    """An open campaign, its buyers' tokens, and the desk of another one with orders (public ids) to be handed over."""

    scene: Scene
    tokens: list[str]
    desk: str
    leader_token: str
    waiting: list[str]


def set_up(unit: Transactions, openids: list[str], waiting: int) -> Stall:
    """A stall with one buyer per openid and `waiting` orders that can be collected."""
    with unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, Terms(quota=QUOTA), buyers=0)
        buyers = [people.resident(ctx, openid=openid) for openid in openids]
        scene.buyers += [buyer.id for buyer in buyers]
        tokens = [people.token(ctx, buyer) for buyer in buyers]
        desk = campaigns.scene(ctx, Terms("丑橘"), buyers=1)
        leader_token = people.token(ctx, ctx.session.get_one(Leader, desk.leader_id))
    for _ in range(waiting):
        campaigns.buy(unit, desk, 0, again=True)
    _bring(unit, desk)
    with unit.reading() as ctx:
        ready = select(Order.public_id).where(Order.campaign_id == desk.campaign_id, Order.state == "ready")
        orders = list(ctx.session.scalars(ready))
    return Stall(scene, tokens, desk.point, leader_token, orders)


def _bring(unit: Transactions, of: Scene) -> None:
    """Close and settle it now, and count in what was ordered."""
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Campaign, of.campaign_id).closes_at = ctx.now
    with unit(CLOCK) as ctx:
        closing.close_overdue(ctx, of.campaign_id)
    campaigns.settle(unit, of, batch=100)
    with unit(of.leader) as ctx:
        for delivery in deliveries.dispatch(ctx, of.campaign):
            deliveries.pick(ctx, delivery.public_id)
            deliveries.ship(ctx, delivery.public_id)
            planned = select(Offer.public_id, DeliveryLine.planned_units).join(Offer, Offer.id == DeliveryLine.offer_id)
            mine = planned.join(Delivery, Delivery.id == DeliveryLine.delivery_id).where(Delivery.id == delivery.id)
            counts = {row.public_id: row.planned_units for row in ctx.session.execute(mine)}
            arriving.arrive(ctx, arriving.Arrive(delivery.public_id, counts))


def placed(unit: Transactions, stall: Stall) -> int:
    """How many orders its open campaign has."""
    with unit.reading() as ctx:
        return len(ctx.session.scalars(select(Order.id).where(Order.campaign_id == stall.scene.campaign_id)).all())
