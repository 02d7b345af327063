"""Goods that are on their way to a point, and their arrival in full as one word in a chat records it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.actors import Role
from domain.errors import NotFound
from models import Campaign, Delivery, DeliveryLine, Offer, Order, OrderLine, PickupPoint
from services.context import Ctx
from services.pickup import arriving, deliveries
from services.pickup.arriving import Arrive
from services.pickup.desks import within_reach
from services.pickup.units import LIVE

Line = tuple[str, str, str, str, str, str, int]
"""Campaign, its title, point, its name, state, offer, units."""
ON_THE_WAY = ("planned", "picking", "in_transit")


@dataclass(frozen=True)
class Expected:
    """What a point waits for from a campaign: (offer's name, units); `campaign` and `point` are public ids.

    `state` is the delivery's, or "formed" before the leader has dispatched the campaign.
    """

    campaign: str
    title: str
    point: str
    point_name: str
    state: str
    items: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """`草莓×2、纸巾×1`."""
        return "、".join(f"{name}×{units}" for name, units in self.items)


def expected(ctx: Ctx, campaigns: Sequence[int] | None = None) -> list[Expected]:
    """What the actor's points wait for, the oldest campaign first; of these campaigns only, or (None) of all."""
    statement = (
        select(Campaign.public_id, Campaign.title, PickupPoint.public_id, PickupPoint.name, Delivery.state,
               Offer.name, DeliveryLine.planned_units)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .join(PickupPoint, PickupPoint.id == Delivery.point_id)
        .join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .where(Delivery.state.in_(ON_THE_WAY), Campaign.state == "fulfilling", *within_reach(ctx, Delivery))
        .order_by(Campaign.id, PickupPoint.id, Offer.position)
    )  # fmt: skip
    if campaigns is not None:
        statement = statement.where(Campaign.id.in_(campaigns))
    rows: list[Line] = [(*row,) for row in ctx.session.execute(statement)]
    if ctx.actor.role is Role.LEADER and ctx.actor.point_id is None:
        rows += _undispatched(ctx, campaigns)
    return _gathered(rows)


def record(ctx: Ctx, campaign_id: str, point_id: str) -> None:
    """Everything that this point waits for has come; a leader's word also says that it was picked and shipped.

    Raises `NotFound` when nothing is on its way there, and `WrongState` when staff say so before it was shipped.
    """
    campaign = ctx.session.scalars(select(Campaign).where(Campaign.public_id == campaign_id)).one()
    leads = ctx.actor.role is Role.LEADER and campaign.leader_id == ctx.actor.id
    if leads and campaign.state == "formed":
        deliveries.dispatch(ctx, campaign_id)
    coming = (
        select(Delivery)
        .join(PickupPoint, PickupPoint.id == Delivery.point_id)
        .where(Delivery.campaign_id == campaign.id, PickupPoint.public_id == point_id, Delivery.state.in_(ON_THE_WAY))
        .where(*within_reach(ctx, Delivery))
    )
    delivery = ctx.session.scalars(coming, execution_options={"populate_existing": True}).one_or_none()
    if delivery is None:
        raise NotFound
    if leads and delivery.state == "planned":
        deliveries.pick(ctx, delivery.public_id)
    if leads and delivery.state == "picking":
        deliveries.ship(ctx, delivery.public_id)
    lines = select(Offer.public_id, DeliveryLine.planned_units).join(Offer, Offer.id == DeliveryLine.offer_id)
    counts = dict(ctx.session.execute(lines.where(DeliveryLine.delivery_id == delivery.id)).all())
    arriving.arrive(ctx, Arrive(delivery.public_id, counts))


def _undispatched(ctx: Ctx, campaigns: Sequence[int] | None) -> list[Line]:
    """What the confirmed orders of the leader's settled campaigns need, before anybody has dispatched them."""
    statement = (
        select(Campaign.public_id, Campaign.title, PickupPoint.public_id, PickupPoint.name, Campaign.state,
               Offer.name, func.sum(LIVE))
        .join(Order, Order.campaign_id == Campaign.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Offer, Offer.id == OrderLine.offer_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .where(Campaign.leader_id == ctx.actor.id, Campaign.state == "formed", Campaign.settled_at.is_not(None),
               Order.state == "confirmed", LIVE > 0)
        .group_by(Campaign.id, Campaign.public_id, Campaign.title, Campaign.state, PickupPoint.id,
                  PickupPoint.public_id, PickupPoint.name, Offer.id, Offer.name, Offer.position)
        .order_by(Campaign.id, PickupPoint.id, Offer.position)
    )  # fmt: skip
    if campaigns is not None:
        statement = statement.where(Campaign.id.in_(campaigns))
    return [(*row,) for row in ctx.session.execute(statement)]


def _gathered(rows: Sequence[Line]) -> list[Expected]:
    items: dict[tuple[str, str, str, str, str], list[tuple[str, int]]] = {}
    for campaign, title, point, point_name, state, name, units in rows:
        items.setdefault((campaign, title, point, point_name, state), []).append((name, int(units)))
    return [
        Expected(campaign, title, point, point_name, state, tuple(found))
        for (campaign, title, point, point_name, state), found in items.items()
    ]
