"""Orders as operators find them: masked, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from domain.actors import Role
from domain.privacy import masked_name
from models import Campaign, Order, Payment, PickupPoint, Resident
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class OrderRow:
    """An order in the operators' list; its owner masked, sums in fen."""

    id: str
    state: str
    campaign_id: str
    campaign: str
    point: str
    owner: str
    roster_number: int | None
    total_fen: int
    paid_fen: int
    refunded_fen: int
    created_at: datetime


@dataclass(frozen=True)
class OrderFilter:
    """Which orders; `search` is the id of an order or payment or the gateway's number of one, whole."""

    state: str = ""
    campaign: str = ""
    point: str = ""
    search: str = ""


def listed(ctx: Ctx, page: Page, wanted: OrderFilter) -> Slice[OrderRow]:
    """Orders, newest first: one statement."""
    ctx.require(Role.OPERATOR)
    statement = (
        select(Order, Campaign, PickupPoint.name, Resident)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .join(Resident, Resident.id == Order.resident_id)
        .where(older(Order.id, page), *_conditions(wanted))
        .order_by(Order.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _row(*row))


def _conditions(wanted: OrderFilter) -> list[Any]:
    asked = [Order.state == wanted.state] if wanted.state else []
    asked += [Campaign.public_id == wanted.campaign] if wanted.campaign else []
    asked += [PickupPoint.public_id == wanted.point] if wanted.point else []
    if wanted.search:
        named = or_(Payment.public_id == wanted.search, Payment.transaction_id == wanted.search)
        by_payment = select(Payment.order_id).where(named)
        asked += [or_(Order.public_id == wanted.search, Order.id.in_(by_payment))]
    return asked


def _row(order: Order, campaign: Campaign, point: str, owner: Resident) -> OrderRow:
    return OrderRow(
        order.public_id, order.state, campaign.public_id, campaign.title, point,
        masked_name(owner.nickname, owner.anonymous), order.roster_number, order.total_fen, order.paid_fen,
        order.refunded_fen, order.created_at,
    )  # fmt: skip
