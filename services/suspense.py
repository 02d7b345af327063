"""Verified money that fits nothing: kept with its evidence until two people, or a rule, say where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from domain.actors import Role
from domain.campaigns import CancelReason
from domain.errors import WrongState
from domain.ids import new_id
from domain.money import yuan
from domain.posting_rules import Event
from models import Order, Payment, Proposal, SuspenseCase
from services import audit, ledger, refunds, transitions, two_people
from services.context import Ctx
from services.finding import by_public_id
from services.ports import Trade
from services.writing import insert_ignoring

REFUND = "suspense_refund"
BY_HAND = "suspense_by_hand"


@dataclass(frozen=True)
class ResolveByHand:
    """The money of a case (public id) went back by bank; `reference` is the bank's number of the transfer."""

    case_id: str
    reference: str
    reason: str


def unknown_number(ctx: Ctx, trade: Trade) -> None:
    """A verified payment carries a number that is not ours; one case per transaction, however often it is told."""
    total = trade.total_fen or 0
    settled = total if trade.payer_fen is None else trade.payer_fen
    detail = "我方没有这个单号"
    open_case(ctx, trade.transaction_id or "", trade.out_trade_no, total, settled, "unknown_number", detail)


def wrong_amount(ctx: Ctx, payment: Payment, trade: Trade) -> None:
    """A verified payment has another sum than was asked; the caller has booked it as unmatched."""
    detail = f"应付 {yuan(payment.amount_fen)}，实收 {yuan(payment.received_fen)}"
    received, settled = payment.received_fen, payment.settled_fen
    open_case(ctx, trade.transaction_id or "", trade.out_trade_no, received, settled, "wrong_amount", detail,
              book=False, payment_id=payment.id)  # fmt: skip


def open_case(ctx: Ctx, transaction_id: str, out_trade_no: str, received: int, settled: int, reason: str, detail: str,
              book: bool = True, payment_id: int | None = None) -> bool:  # fmt: skip
    """Keep `received` fen (`settled` of it from the payer's pocket) of one transaction; True when it is new.

    `book` puts it into the books as unmatched; a caller that has booked it already passes False. Staff are alerted
    until it is resolved.
    """
    opened = insert_ignoring(
        ctx.session, SuspenseCase, ["transaction_id"], public_id=new_id("SuspenseCase", ctx.now), state="open",
        out_trade_no=out_trade_no, transaction_id=transaction_id, payment_id=payment_id, received_fen=received,
        settled_fen=settled, reason=reason, detail=detail[:255], created_at=ctx.now,
    )  # fmt: skip
    if opened and book:
        amounts = {"settled": settled, "promotion": received - settled}
        ledger.post(ctx, Event.PAYMENT_UNMATCHED, f"transaction:{transaction_id}", amounts)
    if opened:
        audit.alert(ctx, "suspense", _cause(transaction_id), f"{yuan(received)}（单号 {out_trade_no}）：{detail}")
    return opened


def propose_refund(ctx: Ctx, case_id: str, reason: str) -> Proposal:
    """Propose to send the money of a case (public id) back through the gateway, before the clock does it.

    Raises `NotFound`, or `WrongState` when it is resolved or has no payment of ours to refund.
    """
    case = _open_case(ctx, case_id)
    if case.payment_id is None:
        raise WrongState(state=case.reason, event="refund")
    return two_people.propose(ctx, REFUND, case.id, _plan(case), reason)


def propose_by_hand(ctx: Ctx, command: ResolveByHand) -> Proposal:
    """Propose that the money of an unknown number went back by bank.

    Raises `NotFound`, or `WrongState` when it is resolved or its payment is ours and is refunded through the gateway.
    """
    case = _open_case(ctx, command.case_id)
    if case.payment_id is not None:
        raise WrongState(state=case.reason, event="pay_by_hand")
    plan = {**_plan(case), "reference": command.reference}
    return two_people.propose(ctx, BY_HAND, case.id, plan, command.reason)


def due(ctx: Ctx, limit: int = 100) -> list[int]:
    """Open cases of our own payments that waited for `policy.suspense_days`."""
    before = ctx.now - timedelta(days=ctx.policy.suspense_days)
    statement = select(SuspenseCase.id).where(
        SuspenseCase.state == "open", SuspenseCase.payment_id.is_not(None), SuspenseCase.created_at <= before
    )
    return list(ctx.session.scalars(statement.order_by(SuspenseCase.id).limit(limit)))


def refund_overdue(ctx: Ctx, case_id: int) -> bool:
    """By the rule, what nobody resolved in time goes back to its payer; raises `WrongState` when it was resolved."""
    _refund(ctx, ctx.session.get_one(SuspenseCase, case_id))
    return True


@two_people.carries_out(REFUND)
def _refund_as_proposed(ctx: Ctx, proposal: Proposal) -> None:
    _refund(ctx, _as_planned(ctx, proposal))


@two_people.carries_out(BY_HAND)
def _paid_by_hand(ctx: Ctx, proposal: Proposal) -> None:
    """The bank paid it; what the gateway captured stays there as its own row of the bill."""
    case = _as_planned(ctx, proposal)
    _resolve(ctx, case, "by_hand")
    ledger.post(ctx, Event.SUSPENSE_BY_HAND, f"suspense:{case.id}", {"amount": case.received_fen})


def _refund(ctx: Ctx, case: SuspenseCase) -> None:
    payment = ctx.session.get_one(Payment, case.payment_id)
    order = ctx.session.get_one(Order, payment.order_id)
    transitions.lock(ctx, order)
    transitions.lock(ctx, payment)
    _resolve(ctx, case, "refunded")
    ledger.post(ctx, Event.SUSPENSE_REFUNDED, f"suspense:{case.id}", {"amount": case.received_fen}, order=order)
    refunds.return_unwanted(ctx, order, payment, CancelReason.SUSPENSE)


def _resolve(ctx: Ctx, case: SuspenseCase, resolution: str) -> None:
    transitions.move(ctx, case, "resolve", resolution=resolution, resolved_at=ctx.now)
    audit.clear(ctx, _cause(case.transaction_id))


def _open_case(ctx: Ctx, case_id: str) -> SuspenseCase:
    ctx.require(Role.OPERATOR)
    case = by_public_id(ctx, SuspenseCase, case_id)
    if case.state != "open":
        raise WrongState(state=case.state, event="resolve")
    return case


def _plan(case: SuspenseCase) -> dict[str, int | str]:
    return {"case": case.public_id, "amount_fen": case.received_fen, "state": case.state}


def _as_planned(ctx: Ctx, proposal: Proposal) -> SuspenseCase:
    case = ctx.session.get_one(SuspenseCase, proposal.subject_id, populate_existing=True)
    two_people.hold_to(proposal, amount_fen=case.received_fen, state=case.state)
    return case


def _cause(transaction_id: str) -> str:
    return f"suspense:{transaction_id}"
