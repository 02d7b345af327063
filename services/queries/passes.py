"""A pass as the neighbour who fetches sees it: where, which number, what, and for whom, masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.pickup import pass_text
from domain.privacy import masked_name
from models import Order, OrderLine, PickupPoint, Resident
from services.context import Ctx
from services.pickup import passes
from services.pickup.units import live
from services.queries.campaigns import PointView


@dataclass(frozen=True)
class PassItem:
    """Units of one offer to be fetched."""

    name: str
    unit: str
    units: int


@dataclass(frozen=True)
class PassShown:
    """`code_token` is the text of the QR, "" once it was used; `ready` says whether the goods stand there already."""

    point: PointView
    number: int | None
    items: list[PassItem]
    owner: str
    ready: bool
    code_token: str
    expires_at: datetime
    used: bool


def shown(ctx: Ctx, token: str) -> PassShown:
    """What the token opens for any neighbour: four statements; raises `NotFound`, `PassOver`."""
    found, order = passes.behind(ctx, token)
    point = ctx.session.get_one(PickupPoint, order.point_id)
    owner = ctx.session.get_one(Resident, order.resident_id)
    used = passes.is_used(found, order)
    return PassShown(
        point=PointView(point.public_id, point.name, point.address, point.hours), number=order.roster_number,
        items=_items(ctx, order), owner=masked_name(owner.nickname, owner.anonymous), ready=order.state == "ready",
        code_token="" if used else pass_text(token), expires_at=found.expires_at, used=used,
    )  # fmt: skip


def _items(ctx: Ctx, order: Order) -> list[PassItem]:
    """What is not refunded and not handed over; before settling nothing is confirmed yet."""
    lines = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.offer_id))
    left = [(line, _left(order, line)) for line in lines]
    return [PassItem(line.offer_name, line.unit, units) for line, units in left if units > 0]


def _left(order: Order, line: OrderLine) -> int:
    units = line.ordered_units - line.refunded_units if order.state == "paid" else live(line)
    return units - line.collected_units - line.lapsed_units
