"""Drawers: who keeps one, what it took and from which orders, and what became of the cash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select

from domain.actors import Role
from domain.content import Subject
from domain.privacy import masked_name
from models import Campaign, Order, Payment, PickupPoint, Resident, Shift
from services.content_safety import rows as held_words
from services.content_safety.rows import SEEN, OwnWords
from services.context import Ctx
from services.desk_money.shifts import seen_by
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced

READERS = (Role.STAFF, Role.LEADER, Role.OPERATOR)
_RECEIVED_BY = {"": "", "leader": "团长", "operator": "平台"}


@dataclass(frozen=True)
class ShiftShown:
    """One drawer; sums in fen, `difference_fen` is what was missing when it was counted (negative: too much).

    `reason_check` says where the check of the keeper's own reason stands that others do not see, "" once they do.
    """

    id: str
    point_id: str
    point: str
    by: str
    state: str
    taken_fen: int
    counted_fen: int
    difference_fen: int
    difference_reason: str
    received_by: str
    opened_at: datetime
    closed_at: datetime | None
    handed_over_at: datetime | None
    reason_check: str = ""


@dataclass(frozen=True)
class CashTaken:
    """One payment in a drawer; the owner of its order is masked."""

    payment: str
    order: str
    campaign: str
    roster_number: int | None
    owner: str
    amount_fen: int
    at: datetime | None


@dataclass(frozen=True)
class ShiftStatement:
    """A drawer and every payment in it, oldest first: they sum to what it took."""

    shift: ShiftShown
    payments: list[CashTaken]


def listed(ctx: Ctx, page: Page, *, point: str = "", state: str = "") -> Slice[ShiftShown]:
    """The drawers that the actor may see, newest first: one's own, those of own points, or all."""
    statement = _rows().where(older(Shift.id, page), *seen_by(ctx, *READERS))
    if point:
        statement = statement.where(PickupPoint.public_id == point)
    if state:
        statement = statement.where(Shift.state == state)
    rows = ctx.session.execute(statement.order_by(Shift.id.desc()).limit(page.limit + 1)).all()
    own = held_words.own(ctx, Subject.SHIFT, [row[0].id for row in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _show(row, own))


def one(ctx: Ctx, shift_id: str) -> ShiftShown:
    """One drawer as its keeper, the point's leader or an operator sees it; raises `NotFound`."""
    shift = by_public_id(ctx, Shift, shift_id, *seen_by(ctx, *READERS))
    own = held_words.own(ctx, Subject.SHIFT, [shift.id])
    return _show(ctx.session.execute(_rows().where(Shift.id == shift.id)).one(), own)


def statement(ctx: Ctx, shift_id: str) -> ShiftStatement:
    """A drawer with its payments: as many as one person takes between opening and closing; raises `NotFound`."""
    shift = by_public_id(ctx, Shift, shift_id, *seen_by(ctx, *READERS))
    taken = (
        select(Payment, Order.public_id, Campaign.title, Order.roster_number, Resident.nickname, Resident.anonymous)
        .join(Order, Order.id == Payment.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Payment.shift_id == shift.id)
        .order_by(Payment.id)
    )
    payments = [
        CashTaken(payment.public_id, order, title, number, masked_name(name, anonymous), payment.received_fen,
                  payment.succeeded_at)
        for payment, order, title, number, name, anonymous in ctx.session.execute(taken)
    ]  # fmt: skip
    return ShiftStatement(one(ctx, shift_id), payments)


def _rows() -> Select[Shift, PickupPoint]:
    return select(Shift, PickupPoint).join(PickupPoint, PickupPoint.id == Shift.point_id)


def _show(row: Row[Shift, PickupPoint], own: Mapping[int, OwnWords]) -> ShiftShown:
    shift, point = row
    waits = own.get(shift.id, SEEN)
    reason = waits.words.get("difference_reason", shift.difference_reason)
    short = shift.taken_fen - shift.counted_fen if shift.state != "open" else 0
    return ShiftShown(
        shift.public_id, point.public_id, point.name, shift.by_name, shift.state, shift.taken_fen, shift.counted_fen,
        short, reason, _RECEIVED_BY[shift.handed_to.partition(":")[0]], shift.opened_at,
        shift.closed_at, shift.handed_over_at, waits.state,
    )  # fmt: skip
