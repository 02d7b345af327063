"""Refunds that no gateway makes: abnormal, exhausted, refused or paid in cash; two people pay them by bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from domain.actors import Role
from domain.errors import PlanIsStale, WrongState
from domain.money import yuan
from domain.posting_rules import Event
from models import Order, Payment, Proposal, Refund
from services import ledger, refund_results, transitions, two_people
from services.context import Ctx
from services.finding import by_public_id
from services.ports import RefundRequest
from services.refunds import STAFF_TASK

KIND = "refund_by_hand"
CHANNELS = ("bank",)
WAITS_FOR_PEOPLE: ColumnElement[bool] = or_(
    Refund.state == "abnormal",
    and_(
        Refund.state == "requested", Refund.waiting.in_((STAFF_TASK, refund_results.REFUSED)),
        Refund.lease_until.is_(None),
    ),
)  # fmt: skip
"""The gateway has said no or was never asked, and is not being asked now."""


@dataclass(frozen=True)
class PayByHand:
    """Pay a refund (public id) outside the gateway; `reference` is the bank's number of the transfer."""

    refund_id: str
    channel: str
    reference: str
    reason: str


def propose(ctx: Ctx, command: PayByHand) -> Proposal:
    """Propose to pay a refund by bank; a second operator accepts it.

    Raises `NotFound`, `WrongState` for a refund that the gateway still makes, or for which a proposal waits.
    """
    ctx.require(Role.OPERATOR)
    refund = by_public_id(ctx, Refund, command.refund_id)
    waits = select(Refund.id).where(Refund.id == refund.id, WAITS_FOR_PEOPLE)
    if ctx.session.scalars(waits).first() is None:
        raise WrongState(state=refund.state, event="pay_by_hand")
    return two_people.propose(ctx, KIND, refund.id, {
        "refund": refund.public_id, "amount_fen": refund.amount_fen, "state": refund.state,
        "channel": command.channel, "reference": command.reference,
    }, command.reason)  # fmt: skip


@two_people.carries_out(KIND)
def _pay(ctx: Ctx, proposal: Proposal) -> None:
    """Book the money as gone from the bank; what the gateway had taken for it is owed by the gateway again."""
    refund = ctx.session.get_one(Refund, proposal.subject_id)
    payment = ctx.session.get_one(Payment, refund.payment_id)
    order = ctx.session.get_one(Order, payment.order_id)
    refund_results.hold(ctx, order, payment, refund)
    two_people.hold_to(proposal, amount_fen=refund.amount_fen, state=refund.state)
    kept = refund.state == "abnormal"
    channel = proposal.plan["channel"]
    paid = {"channel": channel, "succeeded_at": ctx.now, "waiting": ""}
    if not transitions.try_move(ctx, refund, "pay_by_hand", where=WAITS_FOR_PEOPLE, **paid):
        raise PlanIsStale(state=refund.state)
    amounts = {channel: refund.amount_fen}
    if kept:
        amounts |= {"settled": refund.settled_fen, "promotion": refund.amount_fen - refund.settled_fen}
    ledger.post(ctx, Event.REFUND_BY_HAND, f"refund:{refund.id}", amounts, order=order)
    refund_results.finish(ctx, order, payment, refund, f"{yuan(refund.amount_fen)} 已由平台人工转账退回付款人")


def retry(ctx: Ctx, refund_id: str) -> RefundRequest:
    """Put an abnormal refund (public id) back on its way; ask the gateway again under the same number.

    Raises `NotFound`, or `WrongState` when it is not abnormal or another refund of its payment is in flight, also
    one that was sent and has no answer yet.
    """
    ctx.require(Role.OPERATOR)
    refund = by_public_id(ctx, Refund, refund_id)
    payment = ctx.session.get_one(Payment, refund.payment_id)
    transitions.lock(ctx, payment)
    other = aliased(Refund)
    perhaps_there = and_(other.state == "requested", other.first_sent_at.is_not(None), other.waiting == "")
    in_flight = select(other.id).where(other.payment_id == payment.id, or_(other.state == "submitted", perhaps_there))
    due_at = ctx.now + timedelta(seconds=20)
    transitions.move(ctx, refund, "retry", where=~in_flight.exists(), due_at=due_at)
    return refund_results.request_of(refund, payment)
