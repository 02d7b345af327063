"""Shipping information as the operator reads it: where each upload stands, what is late, and whose money is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from domain.actors import Role
from domain.errors import NotFound
from models import Campaign, Order, Payment, Refund, ShippingUpload
from services import shipping_watch
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced
from services.refund_results import TAKEN


@dataclass(frozen=True)
class ShippingView:
    """The upload of one payment (numbers are public ids); `trouble` is why it was not taken or not needed."""

    payment: str
    order: str
    campaign: str
    state: str
    logistics: str
    item_desc: str
    tracking_number: str
    express_company: str
    attempts: int
    trouble: str
    due_at: datetime | None
    reminded_at: datetime | None
    uploaded_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True)
class LateShipping:
    """A payment that the platform has reason to remind of, and did at `reminded_at`; `waits_for` is goods or upload."""

    payment: str
    order: str
    campaign: str
    waits_for: str
    received_fen: int
    paid_at: datetime
    reminded_at: datetime | None


@dataclass(frozen=True)
class HeldFunds:
    """What payers paid through the gateway less what went back through it (fen, before the gateway's fee).

    By our own knowledge: released is what the platform was heard to let go of, frozen is all the rest.
    """

    released_fen: int
    frozen_fen: int
    frozen_payments: int


def uploads(ctx: Ctx, page: Page, state: str | None = None) -> Slice[ShippingView]:
    """Uploads, newest first; only those in `state` when it is given: one statement."""
    ctx.require(Role.OPERATOR)
    statement = _joined(select(ShippingUpload, Payment.public_id, Order.public_id, Campaign.public_id), outer=False)
    statement = statement.where(older(ShippingUpload.id, page)).order_by(ShippingUpload.id.desc())
    if state is not None:
        statement = statement.where(ShippingUpload.state == state)
    rows = ctx.session.execute(statement.limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _view(*row))


def upload(ctx: Ctx, payment_id: str) -> ShippingView:
    """The upload of a payment (public id). Raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    statement = _joined(select(ShippingUpload, Payment.public_id, Order.public_id, Campaign.public_id), outer=False)
    row = ctx.session.execute(statement.where(Payment.public_id == payment_id)).one_or_none()
    if row is None:
        raise NotFound
    return _view(*row)


def late(ctx: Ctx, page: Page) -> Slice[LateShipping]:
    """Payments of running campaigns that are older than the platform's patience, newest first: one statement."""
    ctx.require(Role.OPERATOR)
    columns = select(Payment, Order.public_id, Campaign.public_id, ShippingUpload)
    statement = _joined(columns, outer=True).where(shipping_watch.late(ctx), older(Payment.id, page))
    rows = ctx.session.execute(statement.order_by(Payment.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _late(*row))


def held_funds(ctx: Ctx) -> HeldFunds:
    """How much of the gateway's money may be paid out, as far as we were told: one statement."""
    ctx.require(Role.OPERATOR)
    back = (
        select(Refund.payment_id, func.sum(Refund.settled_fen).label("fen"))
        .where(TAKEN)
        .group_by(Refund.payment_id)
        .subquery()
    )
    left = Payment.settled_fen - func.coalesce(back.c.fen, 0)
    free = ShippingUpload.released_at.is_not(None)
    statement = (
        select(
            func.coalesce(func.sum(left).filter(free), 0),
            func.coalesce(func.sum(left).filter(ShippingUpload.released_at.is_(None)), 0),
            func.count().filter(ShippingUpload.released_at.is_(None)),
        )
        .select_from(Payment)
        .outerjoin(back, back.c.payment_id == Payment.id)
        .outerjoin(ShippingUpload, ShippingUpload.payment_id == Payment.id)
        .where(Payment.state == "succeeded", Payment.method == "wechat", left > 0)
    )
    released, frozen, payments = ctx.session.execute(statement).one()
    return HeldFunds(int(released), int(frozen), int(payments))


def _joined(columns: Any, *, outer: bool) -> Select[Any]:
    joined: Select[Any] = (
        columns.select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(ShippingUpload, ShippingUpload.payment_id == Payment.id, isouter=outer)
    )
    return joined


def _view(row: ShippingUpload, payment: str, order: str, campaign: str) -> ShippingView:
    return ShippingView(
        payment, order, campaign, row.state, row.logistics, row.item_desc, row.tracking_number, row.express_company,
        row.attempts, row.trouble, row.due_at, row.reminded_at, row.uploaded_at, row.released_at,
    )  # fmt: skip


def _late(payment: Payment, order: str, campaign: str, row: ShippingUpload | None) -> LateShipping:
    waits_for = "goods" if row is None or row.state == "waiting" else "upload"
    paid_at = payment.succeeded_at or payment.created_at
    reminded_at = row.reminded_at if row else None
    return LateShipping(payment.public_id, order, campaign, waits_for, payment.received_fen, paid_at, reminded_at)
