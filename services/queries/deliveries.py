"""Deliveries as the leader and the desk see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select

from models import Campaign, Delivery, DeliveryLine, Offer, PickupPoint, Sku
from services.campaigns.finding import own
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup.desks import within_reach
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class DeliveryLineShown:
    """Units of one offer: planned from confirmed orders, counted on arrival, and of these nobody's (余货).

    The lines of a `short` offer wait until the leader commits who gets what.
    """

    offer_id: str
    name: str
    spec: str
    unit: str
    planned_units: int
    arrived_units: int
    surplus_units: int
    short: bool


@dataclass(frozen=True)
class DeliveryShown:
    """One batch of a campaign for a point."""

    id: str
    campaign_id: str
    campaign: str
    point_id: str
    point: str
    batch: int
    state: str
    arrived_at: datetime | None
    lines: list[DeliveryLineShown]


def one(ctx: Ctx, delivery: Delivery) -> DeliveryShown:
    """A delivery the caller holds: two statements."""
    ctx.session.flush()
    return _show(ctx, ctx.session.execute(_rows().where(Delivery.id == delivery.id)).all())[0]


def of_campaign(ctx: Ctx, campaign_id: str) -> list[DeliveryShown]:
    """The deliveries of an own campaign (public id), one per point; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    ctx.session.flush()
    mine = _rows().where(Delivery.campaign_id == campaign.id).order_by(Delivery.id)
    return _show(ctx, ctx.session.execute(mine).all())


def at_desk(ctx: Ctx, page: Page) -> Slice[DeliveryShown]:
    """The deliveries for the actor's desk, newest first: two statements."""
    statement = _rows().where(older(Delivery.id, page), *within_reach(ctx, Delivery)).order_by(Delivery.id.desc())
    rows = ctx.session.execute(statement.limit(page.limit + 1)).all()
    shown = {delivery.id: delivery for delivery in _show(ctx, rows)}
    return sliced(rows, page, lambda row: row[0].id, lambda row: shown[row[0].public_id])


def _rows() -> Select[Delivery, str, str, str, str]:
    return (
        select(Delivery, Campaign.public_id, Campaign.title, PickupPoint.public_id, PickupPoint.name)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .join(PickupPoint, PickupPoint.id == Delivery.point_id)
    )


def _show(ctx: Ctx, rows: Sequence[Row[Delivery, str, str, str, str]]) -> list[DeliveryShown]:
    statement = (
        select(DeliveryLine, Offer.public_id, Offer.name, Sku.spec, Sku.unit)
        .join(Offer, Offer.id == DeliveryLine.offer_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .where(DeliveryLine.delivery_id.in_([row[0].id for row in rows]))
        .order_by(Offer.position)
    )
    lines: dict[int, list[DeliveryLineShown]] = {}
    for line, offer_id, name, spec, unit in ctx.session.execute(statement):
        shown = DeliveryLineShown(
            offer_id, name, spec, unit, line.planned_units, line.arrived_units, line.surplus_units, line.short
        )
        lines.setdefault(line.delivery_id, []).append(shown)
    return [
        DeliveryShown(delivery.public_id, campaign_id, title, point_id, point, delivery.batch, delivery.state,
                      delivery.arrived_at, lines.get(delivery.id, []))
        for delivery, campaign_id, title, point_id, point in rows
    ]  # fmt: skip
