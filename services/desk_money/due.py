"""What an order that is paid on pickup costs at its hand-over, and the one write that pays it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update

from domain.errors import AlreadyPaid, NotReady, PaymentDue, StillToCome, WrongState
from domain.money import yuan
from models import Order, OrderLine
from services import counting
from services.context import Ctx
from services.pickup.units import to_come, waiting
from services.writing import changed


def due_fen(order: Order, lines: Iterable[OrderLine]) -> int:
    """What is still to be paid (fen) of a counted order: all that was not taken off it, 0 once it is paid."""
    if order.paid_at is not None or not order.counted:
        return 0
    own = sum(line.amount_fen - line.refunded_fen for line in lines if line.order_id == order.id)
    return own + order.delivery_fee_fen - order.fee_refunded_fen


def payable(order: Order, lines: Iterable[OrderLine]) -> bool:
    """Whether all of it waits and may be paid and handed over in one act."""
    own = [line for line in lines if line.order_id == order.id]
    waits = order.state == "ready" and any(map(waiting, own)) and not any(map(to_come, own))
    return waits and due_fen(order, own) > 0


def whole(ctx: Ctx, order: Order) -> int:
    """What a held order that waits costs now: always all of it, so that one payment pays it exactly.

    Raises `AlreadyPaid`, `NotReady`, `StillToCome`, or `WrongState` when there is nothing to pay.
    """
    lines = counting.lines_of(ctx, order)
    fen = due_fen(order, lines)
    if payable(order, lines):
        return fen
    if order.paid_at is not None:
        raise AlreadyPaid
    if order.state in ("confirmed", "ready") and not any(map(waiting, lines)):
        raise NotReady(order=order.public_id, state=order.state)
    if order.state == "ready" and any(map(to_come, lines)):
        raise StillToCome(order=order.public_id)
    raise WrongState(state=order.state, event="pay")


def refuse_unpaid(orders: Iterable[Order], lines: Iterable[OrderLine]) -> None:
    """Raise `PaymentDue` for the first of these orders that costs something and was not paid."""
    every = list(lines)
    for order in orders:
        fen = due_fen(order, every)
        if fen:
            raise PaymentDue(order=order.public_id, due_fen=fen, due=yuan(fen))


def paid(ctx: Ctx, order: Order, fen: int) -> None:
    """The held order is paid with `fen`; raises `AlreadyPaid` when it was before."""
    unpaid = update(Order).where(Order.id == order.id, Order.paid_at.is_(None))
    if not changed(ctx.session, unpaid.values(paid_fen=fen, paid_at=ctx.now)):
        raise AlreadyPaid
    ctx.session.refresh(order, ["paid_fen", "paid_at"])
