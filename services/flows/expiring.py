"""Unpaid orders whose hold is over: close at the gateway, look, and only then give the stock back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import exists, select

from domain.actors import CLOCK, GATEWAY
from models import Order, Payment
from services import audit, cancelling, payments
from services.context import Ctx, Unit
from services.flows.paying import book_if_captured
from services.ports import Outside, OutsideError, Refused

PAUSE = timedelta(seconds=10)
PATIENCE = 3  # silent answers after which a sweep leaves the gateway alone until its next turn


def expire_due(unit: Unit, outside: Outside, limit: int = 100) -> int:
    """Expire orders whose hold has ended; returns how many expired.

    While the gateway cannot confirm a close the order waits, and after ten minutes an operator is alerted.
    """
    with unit.reading(CLOCK) as ctx:
        due = select(Order.id).where(Order.state == "pending_payment", Order.hold_until <= ctx.now)
        asked = exists().where(Payment.order_id == Order.id, Payment.state.in_(("created", "awaiting_payer")))
        # Those that need no gateway go first: a silent one must not keep their stock.
        order_ids = list(ctx.session.scalars(due.order_by(asked, Order.hold_until, Order.id).limit(limit)))
    expired = silent = 0
    for order_id in order_ids:
        with unit.reading(CLOCK) as ctx:
            numbers = payments.live_numbers(ctx, order_id)
        silent += sum(not _close_mine(unit, outside, *number) for number in numbers)
        with unit(CLOCK) as ctx:
            expired += cancelling.expire(ctx, order_id)
        if silent >= PATIENCE:
            break
    return expired


def _close_mine(unit: Unit, outside: Outside, payment_id: int, number: str) -> bool:
    """Close a payment at the gateway unless another scheduler is just doing so; False when the gateway was silent."""
    with unit(CLOCK) as ctx:
        won = payments.claim_look(ctx, payment_id, ctx.now - PAUSE)
    return not won or close_at_gateway(unit, outside, payment_id, number)


def close_at_gateway(unit: Unit, outside: Outside, payment_id: int, number: str) -> bool:
    """Close one payment: ask the gateway to close, then look; a capture found there counts, a closed one is closed.

    A payment that the gateway has never heard of cannot be paid any more once its time is over; before that, its prepay
    may still be on its way. Whatever is neither captured nor surely closed is trouble, and remembered as such.
    False when the gateway gave no answer.
    """
    try:
        with suppress(Refused):  # paid, or unknown there: the query below says which
            outside.gateway.close(number)
        trade = book_if_captured(unit, outside, number)
    except OutsideError:
        _trouble(unit, payment_id)
        return False
    if trade is None:
        with unit(GATEWAY) as ctx:
            payments.close_unheard(ctx, payment_id)
    elif trade.state == "CLOSED":
        with unit(GATEWAY) as ctx:
            payments.close(ctx, payment_id)
    elif trade.state not in payments.CAPTURED:
        _trouble(unit, payment_id)
    return True


def _trouble(unit: Unit, payment_id: int) -> None:
    with unit(CLOCK) as ctx:
        payments.note_trouble(ctx, payment_id)
        _alert_when_long(ctx, payment_id)


def _alert_when_long(ctx: Ctx, payment_id: int) -> None:
    payment = ctx.session.get_one(Payment, payment_id, populate_existing=True)
    patience = timedelta(minutes=ctx.policy.gateway_alert_minutes)
    if payment.trouble_since and ctx.now - payment.trouble_since >= patience:
        detail = f"网关一直没有确认关闭付款 {payment.public_id}，它的团还不能结算。"
        audit.alert(ctx, "gateway_silent", f"payment:{payment_id}", detail)


def close_abandoned(unit: Unit, outside: Outside, limit: int = 50) -> int:
    """Close payments at the gateway that belong to cancelled, expired or otherwise paid orders; returns how many.

    What a desk has opened stays open for its minutes, as long as its order waits to be paid.
    """
    with unit.reading(CLOCK) as ctx:
        in_time = (Payment.expires_at > ctx.now) & (Order.state == "ready") & Order.paid_at.is_(None)
        statement = (
            select(Payment.id, Payment.public_id)
            .join(Order, Order.id == Payment.order_id)
            .where(Payment.state.in_(("created", "awaiting_payer")), Order.state != "pending_payment", ~in_time)
            .order_by(Payment.state, Payment.id)  # those a payer may come to before those only intended
            .limit(limit)
        )
        rows = ctx.session.execute(statement).all()
    silent = 0
    for payment_id, number in rows:
        silent += not _close_mine(unit, outside, payment_id, number)
        if silent >= PATIENCE:
            break
    return len(rows)
