"""WeChat Pay at the desk: staff opens it, the buyer pays standing there, and the gateway's word hands over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from domain.actors import Actor, Role
from domain.errors import AlreadyPaid, WrongState
from domain.ids import new_id
from models import Leader, Order, Payment, PickupStaff
from services import counting, transitions
from services.context import Ctx
from services.desk_money import due
from services.finding import by_public_id
from services.pickup import desks, redeeming
from services.writing import changed

LIVE = ("created", "awaiting_payer")
AT_DESK: ColumnElement[bool] = Payment.state.in_(LIVE) & (Payment.desk_by != "")
"""Payments opened at a desk that may still be paid."""


def begin(ctx: Ctx, order_id: str) -> Payment:
    """Let the buyer of an order (public id) at this desk pay now, for `policy.desk_payment_minutes`.

    A colleague who asks for the same again takes it over. Raises `NotFound`, what `due.whole` raises, and `WrongState`
    while an attempt is just ending.
    """
    order = by_public_id(ctx, Order, order_id, *desks.within_reach(ctx, Order))
    transitions.lock(ctx, order)
    fen = due.whole(ctx, order)
    mine = select(Payment).where(Payment.order_id == order.id, Payment.payer_id == order.resident_id)
    payment = ctx.session.scalars(mine.where(Payment.state.in_(LIVE))).one_or_none()
    if payment is None:
        until = ctx.now + timedelta(minutes=ctx.policy.desk_payment_minutes)
        return _new(ctx, order, order.resident_id, fen, ctx.actor.label, until)
    soon = ctx.now + timedelta(seconds=ctx.policy.least_prepay_seconds)
    same = AT_DESK & (Payment.id == payment.id) & (Payment.amount_fen == fen) & (Payment.expires_at > soon)
    if not changed(ctx.session, update(Payment).where(same).values(desk_by=ctx.actor.label)):
        raise WrongState("The last attempt is just ending; try again in a moment.", state="paying", event="pay")
    ctx.session.refresh(payment)
    return payment


def of_payer(ctx: Ctx, order: Order) -> Payment:
    """The acting payer's own payment of a held order that a desk has opened, made now for a neighbour who pays.

    Raises `AlreadyPaid`, or `WrongState` when no desk has opened it.
    """
    if order.paid_at is not None:
        raise AlreadyPaid
    opened = open_for(ctx, order)
    if opened is None:
        raise WrongState(state=order.state, event="pay")
    if opened.payer_id == ctx.resident_id:
        return opened
    own = select(Payment).where(Payment.order_id == order.id, Payment.payer_id == ctx.resident_id, AT_DESK)
    found = ctx.session.scalars(own).one_or_none()
    return found or _new(ctx, order, ctx.resident_id, opened.amount_fen, opened.desk_by, opened.expires_at)


def open_for(ctx: Ctx, order: Order) -> Payment | None:
    """The payment that a desk has opened for the owner of `order` and that may still be paid."""
    if order.state != "ready" or order.paid_at is not None:
        return None
    opened = (Payment.order_id == order.id, Payment.payer_id == order.resident_id, Payment.expires_at > ctx.now)
    return ctx.session.scalars(select(Payment).where(AT_DESK, *opened)).one_or_none()


def hands_over(ctx: Ctx, order: Order, payment: Payment) -> bool:
    """Whether a success of this payment pays for the goods that wait: else it goes back to its payer."""
    if not payment.desk_by or payment.state not in LIVE or order.paid_at is not None:
        return False
    lines = counting.lines_of(ctx, order)
    return due.payable(order, lines) and due.due_fen(order, lines) == payment.amount_fen


def hand_over(ctx: Ctx, order: Order, payment: Payment) -> None:
    """The payment succeeded: the goods change hands in the name of whoever opened it, in the same transaction."""
    due.paid(ctx, order, payment.received_fen)
    desk = ctx.acting_as(_who(ctx, payment.desk_by))
    redeeming.redeem(desk, redeeming.Redeem((order.public_id,), "payment"))


def _new(ctx: Ctx, order: Order, payer_id: int, fen: int, desk_by: str, until: datetime) -> Payment:
    payment = Payment(
        public_id=new_id("Payment", ctx.now), state="created", order_id=order.id, payer_id=payer_id, amount_fen=fen,
        desk_by=desk_by, expires_at=until, asked_at=ctx.now, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(payment)
    ctx.session.flush()
    return payment


def _who(ctx: Ctx, label: str) -> Actor:
    role, _, number = label.partition(":")
    if role == Role.STAFF:
        staff = ctx.session.get_one(PickupStaff, int(number))
        return Actor(Role.STAFF, staff.id, staff.resident_id, staff.point_id)
    leader = ctx.session.get_one(Leader, int(number))
    return Actor(Role.LEADER, leader.id, leader.resident_id)
