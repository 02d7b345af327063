"""The books as the operator reads them: payments, refunds, suspense cases, account balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.actors import Role
from domain.privacy import masked_name
from models import GatewayEvent, Order, Payment, Posting, Refund, Resident, SuspenseCase
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import sliced


@dataclass(frozen=True)
class PaymentRow:
    """A payment in fen; `id` is the gateway's `out_trade_no`. `notices` is how often its success was told."""

    id: str
    order: str
    state: str
    counted: bool
    transaction_id: str | None
    amount_fen: int
    received_fen: int
    settled_fen: int
    refund_decided_fen: int
    notices: int
    succeeded_at: datetime | None


@dataclass(frozen=True)
class RefundRow:
    """A refund in fen; `id` is the gateway's `out_refund_no`, `waiting` why it has not gone (e.g. waiting_funds).

    `channel` is gateway, or how two people paid it.
    """

    id: str
    payment: str
    state: str
    amount_fen: int
    settled_fen: int
    reason: str
    waiting: str
    channel: str


@dataclass(frozen=True)
class SuspenseRow:
    """Money that fits nothing, in fen, with its evidence: `notices` is how often the gateway told of it.

    `payment`, `order` and `payer` (masked) are known when the payment is ours. `resolution` is refunded or by_hand.
    """

    id: str
    state: str
    out_trade_no: str
    transaction_id: str
    received_fen: int
    settled_fen: int
    reason: str
    detail: str
    payment: str | None
    order: str | None
    payer: str | None
    notices: int
    resolution: str
    resolved_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Balance:
    """What stands on an account for one owner ("" is the house), debit positive."""

    account: str
    owner: str
    amount_fen: int


def payments(ctx: Ctx, page: Page) -> Slice[PaymentRow]:
    """All payments, oldest first: two statements."""
    ctx.require(Role.OPERATOR)
    statement = (
        select(Payment, Order.public_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Payment.id > (page.after[0] if page.after else 0))
        .order_by(Payment.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    told = _deliveries(ctx, [row[0].public_id for row in rows])
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _payment(row[0], row[1], told))


def _deliveries(ctx: Ctx, numbers: list[str]) -> dict[str, int]:
    statement = (
        select(GatewayEvent.number, func.sum(GatewayEvent.deliveries))
        .where(GatewayEvent.number.in_(numbers))
        .group_by(GatewayEvent.number)
    )
    return {number: int(count) for number, count in ctx.session.execute(statement)}


def _payment(payment: Payment, order: str, told: dict[str, int]) -> PaymentRow:
    return PaymentRow(
        payment.public_id, order, payment.state, payment.counted, payment.transaction_id, payment.amount_fen,
        payment.received_fen, payment.settled_fen, payment.refunded_fen, told.get(payment.public_id, 0),
        payment.succeeded_at,
    )  # fmt: skip


def refunds(ctx: Ctx, page: Page) -> Slice[RefundRow]:
    """All refunds, oldest first: one statement."""
    ctx.require(Role.OPERATOR)
    statement = (
        select(Refund, Payment.public_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.id > (page.after[0] if page.after else 0))
        .order_by(Refund.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _refund(row[0], row[1]))


def _refund(refund: Refund, payment: str) -> RefundRow:
    return RefundRow(
        refund.public_id, payment, refund.state, refund.amount_fen, refund.settled_fen, refund.reason, refund.waiting,
        refund.channel,
    )  # fmt: skip


def suspense(ctx: Ctx, page: Page) -> Slice[SuspenseRow]:
    """All suspense cases, oldest first: two statements."""
    ctx.require(Role.OPERATOR)
    statement = (
        select(SuspenseCase, Payment.public_id, Order.public_id, Resident)
        .outerjoin(Payment, Payment.id == SuspenseCase.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .outerjoin(Resident, Resident.id == Payment.payer_id)
        .where(SuspenseCase.id > (page.after[0] if page.after else 0))
        .order_by(SuspenseCase.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    told = _deliveries(ctx, [row[0].out_trade_no for row in rows])
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _suspense(*row, told))


def _suspense(
    case: SuspenseCase, payment: str | None, order: str | None, payer: Resident | None, told: dict[str, int]
) -> SuspenseRow:
    return SuspenseRow(
        case.public_id, case.state, case.out_trade_no, case.transaction_id, case.received_fen, case.settled_fen,
        case.reason, case.detail, payment, order, masked_name(payer.nickname, payer.anonymous) if payer else None,
        told.get(case.out_trade_no, 0), case.resolution, case.resolved_at, case.created_at,
    )  # fmt: skip


def balances(ctx: Ctx) -> list[Balance]:
    """Every account's balance by owner; they sum to zero."""
    ctx.require(Role.OPERATOR, Role.SYSTEM)
    statement = (
        select(Posting.account, Posting.owner, func.sum(Posting.amount_fen))
        .group_by(Posting.account, Posting.owner)
        .order_by(Posting.account, Posting.owner)
    )
    return [Balance(account, owner, int(fen)) for account, owner, fen in ctx.session.execute(statement)]
