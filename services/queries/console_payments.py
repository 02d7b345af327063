"""Payments and refunds as operators find them, newest first, and one of each with its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from domain.actors import Role
from domain.privacy import masked_name
from models import Order, Payment, Refund, Resident
from services.context import Ctx
from services.explaining import subjects
from services.explaining.shapes import Explanation
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries import console_history
from services.queries.console_history import Done
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class PaymentLine:
    """A payment in the list, in fen; the payer is masked."""

    id: str
    order: str
    state: str
    method: str
    payer: str
    transaction_id: str
    amount_fen: int
    received_fen: int
    refunded_fen: int
    created_at: datetime
    succeeded_at: datetime | None


@dataclass(frozen=True)
class RefundLine:
    """A refund in the list, in fen; `waiting` says why it has not gone."""

    id: str
    payment: str
    order: str
    state: str
    channel: str
    amount_fen: int
    reason: str
    waiting: str
    created_at: datetime
    succeeded_at: datetime | None


@dataclass(frozen=True)
class PaymentFile:
    """All about one payment."""

    line: PaymentLine
    refunds: Sequence[RefundLine]
    history: list[Done]
    money: Explanation


@dataclass(frozen=True)
class RefundFile:
    """All about one refund."""

    line: RefundLine
    history: list[Done]


def payments(ctx: Ctx, page: Page, *, state: str = "", method: str = "", search: str = "") -> Slice[PaymentLine]:
    """Payments, newest first; `search` is the whole number of a payment, order or transaction: one statement."""
    ctx.require(Role.OPERATOR)
    wanted: list[Any] = [older(Payment.id, page)]
    wanted += [Payment.state == state] if state else []
    wanted += [Payment.method == method] if method else []
    if search:
        wanted.append(or_(Payment.public_id == search, Payment.transaction_id == search, Order.public_id == search))
    rows = ctx.session.execute(_payments().where(*wanted).order_by(Payment.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _payment(*row))


def refunds(ctx: Ctx, page: Page, *, state: str = "", search: str = "") -> Slice[RefundLine]:
    """Refunds, newest first; `search` is the whole number of a refund, payment or order: one statement."""
    ctx.require(Role.OPERATOR)
    wanted: list[Any] = [older(Refund.id, page)]
    wanted += [Refund.state == state] if state else []
    if search:
        wanted.append(or_(Refund.public_id == search, Payment.public_id == search, Order.public_id == search))
    rows = ctx.session.execute(_refunds().where(*wanted).order_by(Refund.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _refund(*row))


def payment(ctx: Ctx, public_id: str) -> PaymentFile:
    """One payment; its money is explained, so that who looked is on record. Raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, Payment, public_id)
    back = ctx.session.execute(_refunds().where(Refund.payment_id == row.id).order_by(Refund.id)).all()
    shown = _payment(*ctx.session.execute(_payments().where(Payment.id == row.id)).one())
    return PaymentFile(
        shown, [_refund(*each) for each in back],
        console_history.of(ctx, "payment", [row.id]), subjects.explain(ctx, "payment", public_id),
    )  # fmt: skip


def refund(ctx: Ctx, public_id: str) -> RefundFile:
    """One refund; raises `NotFound`. Four statements."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, Refund, public_id)
    shown = _refund(*ctx.session.execute(_refunds().where(Refund.id == row.id)).one())
    return RefundFile(shown, console_history.of(ctx, "refund", [row.id]))


def _payments() -> Any:
    return (
        select(Payment, Order.public_id, Resident)
        .join(Order, Order.id == Payment.order_id)
        .join(Resident, Resident.id == Payment.payer_id)
    )


def _refunds() -> Any:
    return (
        select(Refund, Payment.public_id, Order.public_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
    )


def _payment(row: Payment, order: str, payer: Resident) -> PaymentLine:
    return PaymentLine(
        row.public_id, order, row.state, row.method, masked_name(payer.nickname, payer.anonymous),
        row.transaction_id or "", row.amount_fen, row.received_fen, row.refunded_fen, row.created_at, row.succeeded_at,
    )  # fmt: skip


def _refund(row: Refund, payment: str, order: str) -> RefundLine:
    return RefundLine(
        row.public_id, payment, order, row.state, row.channel, row.amount_fen, row.reason, row.waiting, row.created_at,
        row.succeeded_at,
    )  # fmt: skip
