"""Payments: asking for one, and the one place where captured money finds its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.campaigns import CancelReason
from domain.errors import NotFound, TooLateToPay, WrongState
from domain.ids import is_id, new_id
from domain.payments import Arrival, classify
from domain.posting_rules import Event
from models import Campaign, Order, Payment, Resident
from services import ledger, paid_orders, refunds, shipping, suspense, transitions
from services.context import Ctx
from services.desk_money import wechat
from services.finding import by_public_id
from services.ports import PrepayRequest, Trade
from services.writing import changed

LIVE = ("created", "awaiting_payer")
CAPTURED = ("SUCCESS", "REFUND")  # the gateway says REFUND for a captured trade of which a part went back


@dataclass(frozen=True)
class Asked:
    """A payment to be prepaid at the gateway; `prepay_id` stands when that was done before."""

    payment: int
    request: PrepayRequest
    prepay_id: str | None


def ask(ctx: Ctx, order_public_id: str) -> Asked:
    """Begin, or find again, the actor's payment for an order; anyone with the link may pay.

    An order that is paid on pickup can be paid while a desk has opened that. Raises `NotFound`, `AlreadyPaid`,
    `WrongState`, or `TooLateToPay` when the hold ends too soon.
    """
    order = by_public_id(ctx, Order, order_public_id)
    transitions.lock(ctx, order)
    at_desk = None if order.state == "pending_payment" else wechat.of_payer(ctx, order)
    until = at_desk.expires_at if at_desk else order.hold_until
    if (until - ctx.now).total_seconds() < ctx.policy.least_prepay_seconds:
        raise TooLateToPay
    payment = at_desk or _live(ctx, order)
    payer = ctx.session.get_one(Resident, ctx.resident_id)
    title = ctx.session.scalars(select(Campaign.title).where(Campaign.id == order.campaign_id)).one()
    request = PrepayRequest(payment.public_id, payment.amount_fen, f"邻团 {title}"[:60], payer.openid, until)
    return Asked(payment.id, request, payment.prepay_id)


def _live(ctx: Ctx, order: Order) -> Payment:
    mine = select(Payment).where(
        Payment.order_id == order.id, Payment.payer_id == ctx.resident_id,
        Payment.state.in_(LIVE),
    )  # fmt: skip
    payment = ctx.session.scalars(mine).one_or_none()
    if payment is None:
        payment = Payment(
            public_id=new_id("Payment", ctx.now), state="created", order_id=order.id, payer_id=ctx.resident_id,
            amount_fen=order.total_fen, expires_at=order.hold_until, asked_at=ctx.now, created_at=ctx.now,
        )  # fmt: skip
        ctx.session.add(payment)
        ctx.session.flush()
    return payment


def prepaid(ctx: Ctx, payment_id: int, prepay_id: str) -> None:
    """The gateway gave a prepay id: from now on a payer may come.

    Raises `WrongState` when the payment was closed meanwhile, since its order is gone; asking twice is no error.
    """
    payment = ctx.session.get_one(Payment, payment_id)
    if not transitions.try_move(ctx, payment, "prepay", prepay_id=prepay_id) and payment.state == "closed":
        raise WrongState(state=payment.state, event="pay")


def book_trade(ctx: Ctx, trade: Trade) -> Arrival | None:
    """Give a verified trade its one effect; None when nothing was captured. The actor is the gateway.

    Every captured fen ends in a live order, a refund or a suspense case (table in domain/payments.py).
    """
    if trade.state not in CAPTURED:
        return None
    payment = _payment_of(ctx, trade.out_trade_no)
    if payment is None:
        suspense.unknown_number(ctx, trade)
        return Arrival.SUSPEND
    order = ctx.session.get_one(Order, payment.order_id)
    transitions.lock(ctx, order)
    transitions.lock(ctx, payment)
    total = trade.total_fen or 0
    at_desk = wechat.hands_over(ctx, order, payment)
    arrival = classify(payment.state, order.state, payment.amount_fen, total, at_desk=at_desk)
    if arrival is not Arrival.ALREADY_BOOKED:
        _capture(ctx, payment, trade, counted=arrival in (Arrival.COUNT, Arrival.HAND_OVER))
        _carry_out(ctx, arrival, order, payment, trade)
    return arrival


def _payment_of(ctx: Ctx, out_trade_no: str) -> Payment | None:
    if not is_id("Payment", out_trade_no):
        return None
    return ctx.session.scalars(select(Payment).where(Payment.public_id == out_trade_no)).one_or_none()


def settled_fen(trade: Trade) -> int:
    """What of a success left the payer's pocket: the gateway's coupons pay the rest."""
    return (trade.total_fen or 0) if trade.payer_fen is None else trade.payer_fen


def _capture(ctx: Ctx, payment: Payment, trade: Trade, *, counted: bool) -> None:
    transitions.move(
        ctx, payment, "succeed_late" if payment.state == "closed" else "succeed", counted=counted,
        transaction_id=trade.transaction_id, received_fen=trade.total_fen or 0, settled_fen=settled_fen(trade),
        succeeded_at=trade.success_at or ctx.now, trouble_since=None,
    )  # fmt: skip


def _carry_out(ctx: Ctx, arrival: Arrival, order: Order, payment: Payment, trade: Trade) -> None:
    amounts = {"settled": payment.settled_fen, "promotion": payment.received_fen - payment.settled_fen}
    cause = f"payment:{payment.id}"
    if arrival is Arrival.COUNT:
        ledger.post(ctx, Event.PAYMENT_SUCCEEDED, cause, amounts, order=order)
        campaign = ctx.session.get_one(Campaign, order.campaign_id)
        paid_orders.start_counting(ctx, order, campaign, payment.received_fen)
    elif arrival is Arrival.HAND_OVER:
        ledger.post(ctx, Event.PAYMENT_SUCCEEDED, cause, amounts, order=order)
        wechat.hand_over(ctx, order, payment)
        shipping.enqueue_ready(ctx, [order])
    elif arrival is Arrival.SUSPEND:
        ledger.post(ctx, Event.PAYMENT_UNMATCHED, cause, amounts, order=order)
        suspense.wrong_amount(ctx, payment, trade)
    else:
        ledger.post(ctx, Event.PAYMENT_UNWANTED, cause, amounts, order=order)
        late = arrival is Arrival.REFUND_LATE or order.paid_at is None
        refunds.return_unwanted(ctx, order, payment, CancelReason.LATE_PAYMENT if late else CancelReason.SECOND_PAYMENT)


def close(ctx: Ctx, payment_id: int) -> None:
    """The gateway has confirmed that nobody can pay this any more."""
    transitions.try_move(ctx, ctx.session.get_one(Payment, payment_id), "close", trouble_since=None)


def claim_look(ctx: Ctx, payment_id: int, before: datetime) -> bool:
    """Be the one who asks the gateway about a live payment that nobody has asked about since `before`."""
    mine = update(Payment).where(Payment.id == payment_id, Payment.state.in_(LIVE), Payment.asked_at <= before)
    return changed(ctx.session, mine.values(asked_at=ctx.now)) == 1


def close_unheard(ctx: Ctx, payment_id: int) -> None:
    """The gateway knows nothing of it: over once its time has passed, for until then a prepay may yet arrive there."""
    transitions.try_move(
        ctx, ctx.session.get_one(Payment, payment_id), "close", where=Payment.expires_at <= ctx.now, trouble_since=None
    )


def live_numbers(ctx: Ctx, order_id: int) -> list[tuple[int, str]]:
    """Id and gateway number of every payment of an order that somebody might still pay."""
    statement = select(Payment.id, Payment.public_id).where(Payment.order_id == order_id, Payment.state.in_(LIVE))
    return [(row.id, row.public_id) for row in ctx.session.execute(statement)]


def note_trouble(ctx: Ctx, payment_id: int) -> None:
    """The gateway could not say; remembered once, so that the alert knows how long it has been silent."""
    changed(
        ctx.session,
        update(Payment).where(Payment.id == payment_id, Payment.trouble_since.is_(None)).values(trouble_since=ctx.now),
    )


def order_for_payer(ctx: Ctx, public_id: str) -> Order:
    """The order behind an order's or a payment's public id (WeChat's order centre opens it by the latter)."""
    if is_id("Payment", public_id):
        payment = by_public_id(ctx, Payment, public_id)
        return ctx.session.get_one(Order, payment.order_id)
    if not is_id("Order", public_id):
        raise NotFound
    return by_public_id(ctx, Order, public_id)
