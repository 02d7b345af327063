"""Deciding that money goes back: one conditional write on the payment, one refund that gathers all decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from domain.campaigns import MONEY_BACK_WORDS, CancelReason
from domain.errors import WrongState
from domain.ids import new_id
from domain.money import yuan
from domain.posting_rules import Event
from models import Order, OrderLine, Payment, Refund, RefundLine
from services import audit, ledger, notices
from services.context import Ctx
from services.pricing import price_of
from services.writing import changed

STAFF_TASK = "staff_task"  # a refund that no gateway can make: two people pay it by hand


def give_back(ctx: Ctx, order: Order, units: Mapping[OrderLine, int], reason: CancelReason) -> int:
    """Decide the refund of `units` (line -> units not yet collected) of a counted order; returns the fen decided.

    Books it, and puts it into the payment's waiting refund or a new one; with the last unit the delivery fee goes too.
    What was never paid is only taken off. Raises `WrongState` when the units are not there to give.
    """
    payment = counted_payment(ctx, order)
    parts = [
        _give_back_line(ctx, order, payment, line, units[line], reason)
        for line in sorted(units, key=lambda line: line.id)
    ]
    parts.append(_give_back_fee(ctx, order, payment, reason))
    made = [part for part in parts if part is not None]
    total = sum(part.amount_fen for part in made)
    if total:
        notices.tell(ctx, order, "refund", f"refund:part:{made[0].id}", "退款处理中",
                     f"{MONEY_BACK_WORDS[reason]}，{yuan(total)} {_way_back(payment)}")  # fmt: skip
    return total


def _give_back_line(ctx: Ctx, order: Order, payment: Payment | None, line: OrderLine, units: int,
                    reason: CancelReason) -> RefundLine | None:  # fmt: skip
    price = price_of(line)
    amount = price.of_first(line.refunded_units + units) - price.of_first(line.refunded_units)
    taken = (
        update(OrderLine)
        .where(
            OrderLine.id == line.id, OrderLine.refunded_units == line.refunded_units,
            OrderLine.refunded_units + OrderLine.collected_units + OrderLine.lapsed_units + units
            <= OrderLine.ordered_units,
        )
        .values(refunded_units=OrderLine.refunded_units + units, **_taken_off(payment, amount))
    )  # fmt: skip
    if not changed(ctx.session, taken):
        raise WrongState(state="handed over", event="refund")
    ctx.session.refresh(line)
    return _decide(ctx, order, payment, amount, reason, kind="units", line=line, units=units)


def _taken_off(payment: Payment | None, amount: int) -> dict[str, Any]:
    """What leaves a line; without a payment it had never been paid."""
    waived = amount if payment is None else 0
    return {"refunded_fen": OrderLine.refunded_fen + amount, "waived_fen": OrderLine.waived_fen + waived}


def _give_back_fee(ctx: Ctx, order: Order, payment: Payment | None, reason: CancelReason) -> RefundLine | None:
    """The delivery fee of an order of which nothing is left to deliver."""
    something_left = select(OrderLine.id).where(
        OrderLine.order_id == order.id, OrderLine.refunded_units < OrderLine.ordered_units
    )
    fee = Order.delivery_fee_fen - Order.fee_earned_fen
    mine = update(Order).where(Order.id == order.id, Order.fee_refunded_fen < fee, ~something_left.exists())
    if order.delivery_fee_fen == 0 or not changed(ctx.session, mine.values(fee_refunded_fen=fee)):
        return None
    ctx.session.refresh(order, ["fee_refunded_fen"])
    return _decide(ctx, order, payment, order.fee_refunded_fen, reason, kind="fee")


def rebate(ctx: Ctx, order: Order, line: OrderLine, unit_fen: int) -> int:
    """Give `unit_fen` back on each confirmed unit, since the group reached a lower price; returns the fen decided.

    Once per line, in the transaction that confirms it. The caller tells the buyer, with the price.
    """
    amount = unit_fen * line.confirmed_units
    if not amount:
        return 0
    payment = counted_payment(ctx, order)
    given = update(OrderLine).where(OrderLine.id == line.id, OrderLine.rebate_unit_fen == 0)
    values = _taken_off(payment, amount)
    if not changed(ctx.session, given.values(rebate_unit_fen=unit_fen, rebate_fen=amount, **values)):
        raise WrongState(state="rebated", event="rebate")
    ctx.session.refresh(line)
    _decide(ctx, order, payment, amount, CancelReason.REBATE, kind="rebate", line=line)
    return amount


def return_after(ctx: Ctx, order: Order, line: OrderLine, units: int, amount_fen: int,
                 reason: CancelReason = CancelReason.AFTER_SALES) -> RefundLine:  # fmt: skip
    """Decide a refund of `amount_fen` for `units` handed over (0 for a compensation of quality).

    Never more than the line was sold for; the caller rebases the commission.
    Raises `WrongState` when there is nothing (left) to give back.
    """
    payment = counted_payment(ctx, order)
    given = update(OrderLine).where(
        OrderLine.id == line.id, OrderLine.refunded_after_units + units <= OrderLine.collected_units,
        OrderLine.aftersales_fen + amount_fen <= OrderLine.sales_fen,
    )  # fmt: skip
    values = {
        "refunded_after_units": OrderLine.refunded_after_units + units,
        "aftersales_fen": OrderLine.aftersales_fen + amount_fen,
    }
    if (
        payment is None
        or amount_fen < 1
        or not changed(ctx.session, given.values(**values, **_taken_off(payment, amount_fen)))
    ):
        raise WrongState(state="refunded", event="refund")
    ctx.session.refresh(line)
    part = _add_part(ctx, payment, amount_fen, reason, kind="aftersales", line=line, units=units)
    ledger.post(ctx, Event.REFUND_AFTER_SALES, f"refund_line:{part.id}", {"amount": amount_fen}, order=order)
    words = f"{MONEY_BACK_WORDS[reason]}，{yuan(amount_fen)} {_way_back(payment)}"
    notices.tell(ctx, order, "refund", f"refund:part:{part.id}", "退款处理中", words)
    return part


def _way_back(payment: Payment | None) -> str:
    """How the money comes back: cash went through no gateway, so people transfer it."""
    return "由平台人工转账退回" if payment and payment.method == "cash" else "将原路退回付款人"


def _decide(ctx: Ctx, order: Order, payment: Payment | None, amount: int, reason: CancelReason, *, kind: str,
            line: OrderLine | None = None, units: int = 0) -> RefundLine | None:  # fmt: skip
    """Owe `amount` of escrow to the payer; nothing for what costs nothing or was never paid."""
    if amount == 0 or payment is None:
        return None
    part = _add_part(ctx, payment, amount, reason, kind=kind, line=line, units=units)
    ledger.post(ctx, Event.REFUND_DECIDED, f"refund_line:{part.id}", {"amount": amount}, order=order)
    return part


def return_unwanted(ctx: Ctx, order: Order, payment: Payment, reason: CancelReason) -> None:
    """Send a whole payment back that pays no order; its money is booked as owed. Owner and payer hear it."""
    _add_part(ctx, payment, payment.received_fen, reason, kind="whole")
    words = f"{MONEY_BACK_WORDS[reason]}，{yuan(payment.received_fen)} 将原路退回付款人"
    for who in sorted({order.resident_id, payment.payer_id}):
        notices.tell(ctx, order, "refund", f"refund:payment:{payment.id}:{who}", "退款处理中", words, to=who)


def counted_payment(ctx: Ctx, order: Order) -> Payment | None:
    """The payment that paid this order; None for a free one."""
    ctx.session.flush()
    statement = select(Payment).where(Payment.order_id == order.id, Payment.counted)
    return ctx.session.scalars(statement).one_or_none()


def _add_part(ctx: Ctx, payment: Payment, amount: int, reason: CancelReason, *, kind: str,
              line: OrderLine | None = None, units: int = 0) -> RefundLine:  # fmt: skip
    enough = update(Payment).where(Payment.id == payment.id, Payment.refunded_fen + amount <= Payment.received_fen)
    if not changed(ctx.session, enough.values(refunded_fen=Payment.refunded_fen + amount)):
        raise WrongState(state="refunded", event="refund")
    ctx.session.refresh(payment)
    refund_id = _grow_waiting(ctx, payment, amount) or _new(ctx, payment, amount, reason)
    part = RefundLine(
        refund_id=refund_id, order_line_id=line.id if line else None, kind=kind, units=units, amount_fen=amount,
        reason=reason, created_at=ctx.now,
    )  # fmt: skip
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
        reason=reason, due_at=ctx.now, created_at=ctx.now, waiting=STAFF_TASK if payment.method == "cash" else "",
    )  # fmt: skip
    ctx.session.add(refund)
    ctx.session.flush()
    if refund.waiting:
        detail = f"现金付款要当面退 {yuan(amount)}，退款单 {refund.public_id}。"
        audit.alert(ctx, STAFF_TASK, f"refund:{refund.id}", detail)
    return refund.id
