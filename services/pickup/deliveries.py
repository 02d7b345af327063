"""The way of the goods to the points: planned at dispatch, picked and shipped by the leader."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import func, select

from domain.actors import Role
from domain.errors import WrongState
from domain.ids import new_id
from domain.state_tables import DELIVERY
from models import Campaign, Delivery, DeliveryLine, Order, OrderLine
from services import audit
from services.closing import lock_offers
from services.context import Ctx
from services.finding import by_public_id
from services.pickup.units import LIVE
from services.transitions import move

FIRST_BATCH = 1


def dispatch(ctx: Ctx, campaign_id: str) -> list[Delivery]:
    """Start fulfilling a settled campaign: one delivery per point with the units that its orders need.

    Raises `NotFound`, `WrongState` (not formed, not settled yet, or dispatched before).
    """
    ctx.require(Role.LEADER)
    campaign = by_public_id(ctx, Campaign, campaign_id, Campaign.leader_id == ctx.actor.id)
    if campaign.state == "formed" and campaign.settled_at is None:
        raise WrongState("The campaign is still being settled.", state="settling", event="dispatch")
    lock_offers(ctx, campaign)  # before the campaign's own row, as everybody does
    move(ctx, campaign, "dispatch", where=Campaign.settled_at.is_not(None), revision=Campaign.revision + 1)
    deliveries = []
    for point_id, rows in groupby(_needs(ctx, campaign), key=lambda row: row[0]):
        delivery = _plan(ctx, campaign, point_id, {offer_id: units for _, offer_id, units in rows})
        deliveries.append(delivery)
    return deliveries


def pick(ctx: Ctx, delivery_id: str) -> Delivery:
    """The leader gathers the goods of a delivery."""
    return _advance(ctx, delivery_id, "pick")


def ship(ctx: Ctx, delivery_id: str) -> Delivery:
    """The goods leave for the point."""
    return _advance(ctx, delivery_id, "ship")


def _advance(ctx: Ctx, delivery_id: str, event: str) -> Delivery:
    ctx.require(Role.LEADER)
    own = select(Campaign.id).where(Campaign.leader_id == ctx.actor.id, Campaign.state == "fulfilling")
    mine = Delivery.campaign_id.in_(select(Campaign.id).where(Campaign.leader_id == ctx.actor.id))
    delivery = by_public_id(ctx, Delivery, delivery_id, mine)
    move(ctx, delivery, event, where=Delivery.campaign_id.in_(own))
    return delivery


def _needs(ctx: Ctx, campaign: Campaign) -> list[tuple[int, int, int]]:
    """(point, offer, units) of what confirmed orders need, in that order."""
    ctx.session.flush()
    statement = (
        select(Order.point_id, OrderLine.offer_id, func.sum(LIVE))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.campaign_id == campaign.id, Order.state == "confirmed", LIVE > 0)
        .group_by(Order.point_id, OrderLine.offer_id)
        .order_by(Order.point_id, OrderLine.offer_id)
    )
    return [(point_id, offer_id, int(units)) for point_id, offer_id, units in ctx.session.execute(statement)]


def _plan(ctx: Ctx, campaign: Campaign, point_id: int, units: dict[int, int]) -> Delivery:
    delivery = Delivery(
        public_id=new_id("Delivery", ctx.now), campaign_id=campaign.id, point_id=point_id, batch=FIRST_BATCH,
        state=DELIVERY.initial, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(delivery)
    ctx.session.flush()
    ctx.session.add_all(
        DeliveryLine(delivery_id=delivery.id, offer_id=offer_id, planned_units=planned)
        for offer_id, planned in units.items()
    )
    audit.record(ctx, DELIVERY.name, delivery.id, "plan", states=("", DELIVERY.initial))
    return delivery
