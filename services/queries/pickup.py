"""What the desk sees: what waits, who is found, what was handed over; names masked, no phones, no codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, exists, select

from domain.privacy import masked_name
from models import Campaign, Order, OrderLine, Resident
from services.context import Ctx
from services.desk_money.due import due_fen
from services.paging import Page, Slice
from services.pickup.desks import within_reach
from services.pickup.finding import Found
from services.pickup.units import WAITING, to_come, waiting
from services.queries.pages import sliced


@dataclass(frozen=True)
class DeskLine:
    """A line at the desk, in units: waiting here now, still to come, collected before."""

    id: str
    name: str
    spec: str
    unit: str
    waiting: int
    to_come: int
    collected: int


@dataclass(frozen=True)
class DeskOrder:
    """An order at the desk; `owner` and `recipient` are masked, `due_fen` is to be paid before it is handed over."""

    id: str
    campaign: str
    roster_number: int | None
    owner: str
    recipient: str
    state: str
    pickup_deadline: datetime | None
    due_fen: int
    lines: list[DeskLine]


@dataclass(frozen=True)
class Hit:
    """One of several owners that a proof fits: enough to tell them apart, nothing to hand over by."""

    order_id: str
    owner: str
    campaign: str
    roster_number: int | None


@dataclass(frozen=True)
class SearchResult:
    """Everything of the one owner found; when several fit, only `hits` to ask further with.

    `fetched_by` is who fetches by a pass: what was found is that one order.
    """

    found_by: str
    ambiguous: bool
    orders: list[DeskOrder]
    hits: list[Hit]
    fetched_by: str = ""


def found(ctx: Ctx, result: Found) -> SearchResult:
    """What a search shows: two statements."""
    ids = [order.id for orders in result.owners.values() for order in orders]
    shown = _orders(ctx, ctx.session.execute(_with_names().where(Order.id.in_(ids)).order_by(Order.id)).all())
    if len(result.owners) == 1:
        return SearchResult(result.found_by, False, shown, [], result.fetched_by)
    hits = [Hit(order.id, order.owner, order.campaign, order.roster_number) for order in shown]
    return SearchResult(result.found_by, True, [], hits)


def waiting_list(ctx: Ctx, page: Page) -> Slice[DeskOrder]:
    """待取: orders with units waiting at the actor's desk, the oldest first: two statements."""
    there = exists().where(OrderLine.order_id == Order.id, WAITING)
    after = page.after[0] if page.after else 0
    statement = (
        _with_names()
        .where(Order.state == "ready", there, Order.id > after, *within_reach(ctx, Order))
        .order_by(Order.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    shown = {order.id: order for order in _orders(ctx, rows)}
    return sliced(rows, page, lambda row: row[0].id, lambda row: shown[row[0].public_id])


def _with_names() -> Select[Order, str, str, bool]:
    return (
        select(Order, Campaign.title, Resident.nickname, Resident.anonymous)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Resident, Resident.id == Order.resident_id)
    )


def _orders(ctx: Ctx, rows: Sequence[Row[Order, str, str, bool]]) -> list[DeskOrder]:
    ids = [order.id for order, *_ in rows]
    lines = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.offer_id)).all()
    return [
        DeskOrder(
            order.public_id, title, order.roster_number, masked_name(name, anonymous),
            masked_name(order.recipient) if order.recipient else "", order.state, order.pickup_deadline,
            due_fen(order, lines), desk_lines(order, lines),
        )
        for order, title, name, anonymous in rows
    ]  # fmt: skip


def desk_lines(order: Order, lines: Iterable[OrderLine]) -> list[DeskLine]:
    """Those of `lines` in this order that have something here, to come or collected."""
    return [
        DeskLine(line.public_id, line.offer_name, line.spec, line.unit, waiting(line), to_come(line),
                 line.collected_units)
        for line in lines
        if line.order_id == order.id and line.confirmed_units > 0
    ]  # fmt: skip
