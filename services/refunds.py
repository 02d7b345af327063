"""Deciding that money goes back: one conditional write on the payment, one refund that gathers all decisions."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from domain.campaigns import MONEY_BACK_WORDS, CancelReason
from domain.errors import WrongState
from domain.ids import new_id
from domain.money import yuan
from domain.posting_rules import Event
from models import Order, OrderLine, Payment, Refund, RefundLine
from services import ledger, notices
from services.context import Ctx
from services.writing import changed


def give_back(ctx: Ctx, order: Order, units: Mapping[OrderLine, int], reason: CancelReason) -> int:
    """Decide the refund of `units` (line -> units not yet collected) of a paid order; returns the fen decided.

    Books it, and puts it into the payment's waiting refund or a new one. A free order only gives its units back.
    Raises `WrongState` when the units are not there to give.
    """
    total = 0
    payment = counted_payment(ctx, order)
    for line in sorted(units, key=lambda line: line.id):
        total += _give_back_line(ctx, order, payment, line, units[line], reason)
    if total:
        cause = f"refund:{order.id}:{reason}:{min(line.id for line in units)}"  # a line goes back once, whole
        notices.tell(ctx, order, "refund", cause, "退款处理中",
                     f"{MONEY_BACK_WORDS[reason]}，{yuan(total)} 将原路退回付款人")  # fmt: skip
    return total


def _give_back_line(ctx: Ctx, order: Order, payment: Payment | None, line: OrderLine, units: int,
                    reason: CancelReason) -> int:  # fmt: skip
    amount = line.unit_price_fen * units
    taken = (
        update(OrderLine)
        .where(
            OrderLine.id == line.id,
            OrderLine.refunded_units + OrderLine.collected_units + OrderLine.lapsed_units + units
            <= OrderLine.ordered_units,
        )
        .values(refunded_units=OrderLine.refunded_units + units, refunded_fen=OrderLine.refunded_fen + amount)
    )
    if not changed(ctx.session, taken):
        raise WrongState(state="handed over", event="refund")
    ctx.session.refresh(line)
    if amount == 0 or payment is None:
        return 0
    part = _add_part(ctx, payment, amount, reason, line_id=line.id, units=units)
    ledger.post(ctx, Event.REFUND_DECIDED, f"refund_line:{part.id}", {"amount": amount}, order=order)
    return amount


def return_unwanted(ctx: Ctx, order: Order, payment: Payment, reason: CancelReason) -> None:
    """Send a whole late or second payment back; its money was booked as owed when it came. Owner and payer hear it."""
    _add_part(ctx, payment, payment.received_fen, reason, line_id=None, units=0)
    words = f"{MONEY_BACK_WORDS[reason]}，{yuan(payment.received_fen)} 将原路退回付款人"
    for who in sorted({order.resident_id, payment.payer_id}):
        notices.tell(ctx, order, "refund", f"refund:payment:{payment.id}:{who}", "退款处理中", words, to=who)


def counted_payment(ctx: Ctx, order: Order) -> Payment | None:
    """The payment that paid this order; None for a free one."""
    ctx.session.flush()
    statement = select(Payment).where(Payment.order_id == order.id, Payment.counted)
    return ctx.session.scalars(statement).one_or_none()


def _add_part(ctx: Ctx, payment: Payment, amount: int, reason: CancelReason, *, line_id: int | None,
              units: int) -> RefundLine:  # fmt: skip
    enough = update(Payment).where(Payment.id == payment.id, Payment.refunded_fen + amount <= Payment.received_fen)
    if not changed(ctx.session, enough.values(refunded_fen=Payment.refunded_fen + amount)):
        raise WrongState(state="refunded", event="refund")
    ctx.session.refresh(payment)
    refund_id = _grow_waiting(ctx, payment, amount) or _new(ctx, payment, amount, reason)
    part = RefundLine(
        refund_id=refund_id, order_line_id=line_id, units=units, amount_fen=amount, reason=reason, created_at=ctx.now
    )
    ctx.session.add(part)
    ctx.session.flush()
    return part


def _grow_waiting(ctx: Ctx, payment: Payment, amount: int) -> int | None:
    """Add to the refund of this payment that has never been sent, if there is one.

    The successor of a closed refund repeats that one's lines and never grows, so at most one row is meant.
    """
    unsent = (Refund.state == "requested", Refund.first_sent_at.is_(None), Refund.replaces_id.is_(None))
    statement = (
        update(Refund)
        .where(Refund.payment_id == payment.id, *unsent)
        .values(amount_fen=Refund.amount_fen + amount)
        .returning(Refund.id)
    )
    return ctx.session.execute(statement, execution_options={"synchronize_session": False}).scalar_one_or_none()


def _new(ctx: Ctx, payment: Payment, amount: int, reason: CancelReason) -> int:
    refund = Refund(
        public_id=new_id("Refund", ctx.now), state="requested", payment_id=payment.id, amount_fen=amount,
        reason=reason, due_at=ctx.now, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(refund)
    ctx.session.flush()
    return refund.id
