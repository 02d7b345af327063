"""What a leader packs: confirmed units by SKU for the supplier, by pickup point for the driver."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from models import Offer, Order, OrderLine, PickupPoint, Sku
from services.campaigns.finding import own
from services.context import Ctx

_PACKED = ("confirmed", "ready", "collected", "completed")


@dataclass(frozen=True)
class PickLine:
    """Units of one offer that are to be handed over."""

    offer_id: str
    sku_id: str
    name: str
    spec: str
    unit: str
    units: int


@dataclass(frozen=True)
class PointLines:
    """What goes to one pickup point."""

    point_id: str
    point: str
    lines: list[PickLine]


@dataclass(frozen=True)
class PickList:
    """The same units twice: in all by SKU, and by pickup point."""

    by_sku: list[PickLine]
    by_point: list[PointLines]


def pick_list(ctx: Ctx, campaign_id: str) -> PickList:
    """Units of an own campaign that were confirmed and not refunded; empty before settling.

    Two statements; raises `NotFound`. As large as offers times points, so it has no pages.
    """
    return of_orders(ctx, Order.campaign_id == own(ctx, campaign_id).id)


def of_orders(ctx: Ctx, *conditions: ColumnElement[bool]) -> PickList:
    """The same of whichever orders meet `conditions`: one statement."""
    left = OrderLine.ordered_units - OrderLine.refunded_units
    wanted = case((OrderLine.confirmed_units < left, OrderLine.confirmed_units), else_=left)
    statement = (
        select(
            PickupPoint.public_id.label("point_id"), PickupPoint.name.label("point"), Offer.public_id,
            Sku.public_id.label("sku_id"), Offer.name, Sku.spec, Sku.unit, func.sum(wanted).label("units"),
        )
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .join(Offer, Offer.id == OrderLine.offer_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .where(*conditions, Order.state.in_(_PACKED), wanted > 0)
        .group_by(PickupPoint.id, Offer.id, Sku.id)
        .order_by(PickupPoint.id, Offer.campaign_id, Offer.position)
    )  # fmt: skip
    by_point: dict[str, PointLines] = {}
    in_all: dict[str, PickLine] = {}
    for row in ctx.session.execute(statement):
        line = PickLine(row.public_id, row.sku_id, row.name, row.spec, row.unit, int(row.units))
        by_point.setdefault(row.point_id, PointLines(row.point_id, row.point, [])).lines.append(line)
        before = in_all.get(line.offer_id)
        in_all[line.offer_id] = PickLine(
            line.offer_id, line.sku_id, line.name, line.spec, line.unit, line.units + (before.units if before else 0)
        )
    return PickList(list(in_all.values()), list(by_point.values()))
