"""Refunds that wait for people or for funds, as the operator reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from domain.actors import Role
from domain.privacy import masked_name
from models import Order, Payment, Proposal, Refund, Resident
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import sliced
from services.refund_results import REFUSED, WAITING_FUNDS
from services.refund_tasks import KIND, WAITS_FOR_PEOPLE
from services.refunds import STAFF_TASK


@dataclass(frozen=True)
class RefundTask:
    """A refund that people must pay, in fen; `proposal` is the one that waits for a second operator.

    `why` is abnormal (the money could not go back), refused, exhausted (parts or days) or cash.
    """

    id: str
    payment: str
    order: str
    state: str
    why: str
    amount_fen: int
    reason: str
    payer: str
    proposal: str | None
    created_at: datetime


@dataclass(frozen=True)
class Funds:
    """What to top up (fen) so that every decided refund can go; 0 while nothing waits for funds."""

    top_up_fen: int
    refunds: int


def tasks(ctx: Ctx, page: Page) -> Slice[RefundTask]:
    """Refunds that wait for people, oldest first: one statement."""
    ctx.require(Role.OPERATOR)
    live = and_(Proposal.kind == KIND, Proposal.subject_id == Refund.id, Proposal.state == "proposed")
    statement = (
        select(Refund, Payment, Order.public_id, Resident, Proposal.public_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .join(Resident, Resident.id == Payment.payer_id)
        .outerjoin(Proposal, live)
        .where(WAITS_FOR_PEOPLE, Refund.id > (page.after[0] if page.after else 0))
        .order_by(Refund.id)
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _task(*row))


def _task(refund: Refund, payment: Payment, order: str, payer: Resident, proposal: str | None) -> RefundTask:
    return RefundTask(
        refund.public_id, payment.public_id, order, refund.state, _why(refund, payment), refund.amount_fen,
        refund.reason, masked_name(payer.nickname, payer.anonymous), proposal, refund.created_at,
    )  # fmt: skip


def _why(refund: Refund, payment: Payment) -> str:
    if refund.state == "abnormal":
        return "abnormal"
    if payment.method == "cash":
        return "cash"
    return "refused" if refund.waiting == REFUSED or refund.attempts else "exhausted"


def funds(ctx: Ctx) -> Funds:
    """The sum of all refunds that go through the gateway, while the account lacks funds for the oldest of them."""
    ctx.require(Role.OPERATOR)
    lacking = select(Refund.id).where(Refund.state == "requested", Refund.waiting == WAITING_FUNDS)
    statement = select(func.coalesce(func.sum(Refund.amount_fen), 0), func.count()).where(
        Refund.state == "requested", Refund.waiting != STAFF_TASK, lacking.exists()
    )
    fen, count = ctx.session.execute(statement).one()
    return Funds(int(fen), int(count))
