"""The pickup page of an order: its owner's code and QR, where and until when, or who handed it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import Order, PickupCode, PickupPoint
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import evidence, qr


@dataclass(frozen=True)
class OwnPickup:
    """`code` and `qr` are "" unless goods wait; `collected_by` and `collected_at` are "" until a hand-over."""

    order_id: str
    state: str
    code: str
    qr: str
    point: str
    address: str
    hours: str
    pickup_deadline: datetime | None
    collected_by: str
    collected_at: str


def own_pickup(ctx: Ctx, order_id: str) -> OwnPickup:
    """The pickup of the acting resident's own order (public id): three statements; raises `NotFound`."""
    order = by_public_id(ctx, Order, order_id, Order.resident_id == ctx.resident_id)
    statement = (
        select(PickupPoint, PickupCode)
        .outerjoin(PickupCode, (PickupCode.order_id == order.id) & (PickupCode.state == "issued"))
        .where(PickupPoint.id == order.point_id)
    )
    row = ctx.session.execute(statement, execution_options={"populate_existing": True}).one()
    point: PickupPoint = row[0]
    code: PickupCode | None = row[1]
    last = evidence.last_hand_over(ctx, order)
    return OwnPickup(
        order_id=order.public_id,
        state=order.state,
        code=code.code if code else "",
        qr=qr.make(ctx, code.public_id, point.public_id) if code else "",
        point=point.name,
        address=point.address,
        hours=point.hours,
        pickup_deadline=order.pickup_deadline,
        collected_by=last.by_name if last else "",
        collected_at=last.at if last else "",
    )
