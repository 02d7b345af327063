"""Whose orders a paper is about, and those orders with all that papers say of them: two statements a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from domain.actors import Role
from domain.places import Place, place
from domain.privacy import masked_phone
from models import CampaignPoint, Order, OrderAddress, OrderLine, PickupPoint, Resident
from services.campaigns.finding import own
from services.context import Ctx
from services.desk_money.due import due_fen
from services.finding import by_public_id
from services.pickup.units import handed, live

PACKED = ("confirmed", "ready", "collected", "completed")
WAITED_FOR = ("confirmed", "ready")


@dataclass(frozen=True)
class Scope:
    """Which orders: those of one campaign for its leader (of one point, if named), those of a desk for its staff."""

    title: str
    conditions: tuple[ColumnElement[bool], ...]
    all_told: bool


@dataclass(frozen=True)
class Portion:
    """Units of one offer in an order: ordered, of these not given back, to be packed in all, and still to hand over."""

    offer: int
    name: str
    spec: str
    unit: str
    fresh: bool
    ordered: int
    wanted: int
    packed: int
    left: int


@dataclass(frozen=True)
class Bought:
    """One order; `due_fen` is to be paid at its hand-over. `phone` is masked, and "" unless it was asked for."""

    order: int
    person: int
    number: int | None
    counted: bool
    name: str
    anonymous: bool
    phone: str
    recipient: str
    note: str
    point: int
    point_name: str
    place: Place
    state: str
    total_fen: int
    refunded_fen: int
    due_fen: int
    portions: tuple[Portion, ...]


def scope(ctx: Ctx, campaign_id: str = "", point_id: str = "") -> Scope:
    """The leader's own campaign, of one of its points if named; or all that waits at the acting staff's desk.

    Raises `NotFound`, and `Forbidden` for anybody else.
    """
    ctx.require(Role.LEADER, Role.STAFF)
    if ctx.actor.role is Role.STAFF:
        desk = ctx.session.get_one(PickupPoint, ctx.actor.point_id)
        return Scope(desk.name, (Order.point_id == desk.id, Order.state.in_(WAITED_FOR)), all_told=False)
    campaign = own(ctx, campaign_id)
    conditions = [Order.campaign_id == campaign.id]
    if point_id:
        of_campaign = select(CampaignPoint.point_id).where(CampaignPoint.campaign_id == campaign.id)
        point = by_public_id(ctx, PickupPoint, point_id, PickupPoint.id.in_(of_campaign))
        conditions.append(Order.point_id == point.id)
    return Scope(campaign.title, tuple(conditions), all_told=True)


def how_many(ctx: Ctx, of: Scope, *narrower: ColumnElement[bool]) -> int:
    """How many orders there are."""
    return ctx.session.scalar(select(func.count()).select_from(Order).where(*of.conditions, *narrower)) or 0


def bought(
    ctx: Ctx, of: Scope, *narrower: ColumnElement[bool], after: int = 0, limit: int, phones: bool = False
) -> list[Bought]:
    """Up to `limit` orders by rising id behind the order `after`, so that batches meet each of them once."""
    rows = ctx.session.execute(
        select(Order, Resident, PickupPoint.name, OrderAddress.building, OrderAddress.room)
        .join(Resident, Resident.id == Order.resident_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .outerjoin(OrderAddress, OrderAddress.order_id == Order.id)
        .where(*of.conditions, *narrower, Order.id > after)
        .order_by(Order.id)
        .limit(limit)
    ).all()
    lines = _lines(ctx, [row[0].id for row in rows])
    return [_bought(ctx, row, lines.get(row[0].id, ()), phones) for row in rows]


def _lines(ctx: Ctx, orders: Sequence[int]) -> dict[int, list[OrderLine]]:
    found: dict[int, list[OrderLine]] = {}
    wanted = select(OrderLine).where(OrderLine.order_id.in_(orders)).order_by(OrderLine.offer_id)
    for line in ctx.session.scalars(wanted):
        found.setdefault(line.order_id, []).append(line)
    return found


def _bought(ctx: Ctx, row: Any, lines: Sequence[OrderLine], phones: bool) -> Bought:
    order, person, point, building, room = row
    known = phones and person.phone_enc
    return Bought(
        order=order.id, person=order.resident_id, number=order.roster_number, counted=order.counted,
        name=person.nickname, anonymous=person.anonymous,
        phone=masked_phone(ctx.vault.decrypt(person.phone_enc)) if known else "",
        recipient=order.recipient, note=order.note, point=order.point_id, point_name=point,
        place=place(building or "", room or ""), state=order.state, total_fen=order.total_fen,
        refunded_fen=order.refunded_fen, due_fen=due_fen(order, lines),
        portions=tuple(_portion(line) for line in lines),
    )  # fmt: skip


def _portion(line: OrderLine) -> Portion:
    wanted = line.ordered_units - line.refunded_units - line.refunded_after_units
    return Portion(
        line.offer_id, line.offer_name, line.spec, line.unit, line.fresh, line.ordered_units, wanted, live(line),
        max(0, live(line) - handed(line)),
    )  # fmt: skip
