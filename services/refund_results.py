"""Refunds at the gateway: claiming one to send, and giving each answer of the gateway its one effect."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from domain.ids import new_id
from domain.money import yuan
from domain.payments import split_settled
from domain.posting_rules import Event
from models import Order, OrderLine, Payment, Refund, RefundLine
from services import audit, ledger, notices, transitions
from services.context import Ctx
from services.ports import GatewayRefund, RefundRequest
from services.refunds import STAFF_TASK
from services.writing import changed

LEASE = timedelta(seconds=60)
WAITING_FUNDS = "waiting_funds"
REFUSED = "refused"
TAKEN: ColumnElement[bool] = and_(
    Refund.state.in_(("submitted", "succeeded", "abnormal")),
    or_(Refund.channel == "gateway", Refund.settled_fen > 0),
)
"""Whether the gateway took it, also when two people paid it by hand in the end."""


def claimable(ctx: Ctx, limit: int = 50) -> list[int]:
    """Refunds that may be sent now: due, unleased, oldest first, none of the same payment in flight or too recent.

    While the account lacks funds only the oldest waiting one is tried, once a minute.
    """
    rival = aliased(Refund)
    spacing = ctx.now - timedelta(seconds=ctx.policy.refund_spacing_seconds)
    in_the_way = select(rival.id).where(
        rival.payment_id == Refund.payment_id, rival.id != Refund.id,
        or_(rival.state == "submitted",
            (rival.state == "requested") & (rival.waiting != STAFF_TASK) & (rival.id < Refund.id),
            rival.first_sent_at > spacing),
    )  # fmt: skip
    older = aliased(Refund)
    probing = select(older.id).where(
        older.state == "requested", older.waiting == WAITING_FUNDS, older.id < Refund.id
    )  # fmt: skip
    statement = (
        select(Refund.id)
        .where(
            Refund.state == "requested", Refund.waiting != STAFF_TASK, Refund.due_at <= ctx.now,
            ~in_the_way.exists(), ~probing.exists(),
            or_(Refund.lease_until.is_(None), Refund.lease_until < ctx.now),
        )
        .order_by(Refund.id)
        .limit(limit)
    )  # fmt: skip
    return list(ctx.session.scalars(statement))


def claim(ctx: Ctx, refund_id: int) -> RefundRequest | None:
    """Lease one refund and freeze its sum; the number never changes.

    None when another process has it, or when the gateway takes no more refunds of this payment: then it is a task for
    staff. It has never been sent, so what is decided later still joins it. The payment's row is held, so that an
    operator's retry of an abnormal refund of the same payment cannot slip between.
    """
    transitions.lock(ctx, ctx.session.get_one(Payment, ctx.session.get_one(Refund, refund_id).payment_id))
    rival = aliased(Refund)
    in_flight = select(rival.id).where(rival.payment_id == Refund.payment_id, rival.state == "submitted")
    leased = (
        update(Refund)
        .where(
            Refund.id == refund_id, Refund.state == "requested", Refund.waiting != STAFF_TASK, ~in_flight.exists(),
            or_(Refund.lease_until.is_(None), Refund.lease_until < ctx.now),
        )
        .values(
            lease_until=ctx.now + LEASE, first_sent_at=func.coalesce(Refund.first_sent_at, ctx.now),
            attempts=Refund.attempts + 1,
        )
    )  # fmt: skip
    if not changed(ctx.session, leased):
        return None
    refund = ctx.session.get_one(Refund, refund_id, populate_existing=True)
    payment = ctx.session.get_one(Payment, refund.payment_id)
    if refund.attempts == 1 and _is_exhausted(ctx, payment):
        refund.waiting, refund.lease_until, refund.first_sent_at, refund.attempts = STAFF_TASK, None, None, 0
        detail = f"付款 {payment.public_id} 的 {yuan(refund.amount_fen)} 已不能原路退回。"
        audit.alert(ctx, "refund_exhausted", f"refund:{refund.id}", detail)
        return None
    return request_of(refund, payment)


def request_of(refund: Refund, payment: Payment) -> RefundRequest:
    """What the gateway is asked, the same each time."""
    words = f"邻团退款 {yuan(refund.amount_fen)}"
    return RefundRequest(payment.public_id, refund.public_id, refund.amount_fen, payment.received_fen, words)


def _is_exhausted(ctx: Ctx, payment: Payment) -> bool:
    """Whether the gateway's own bounds are reached: parts of one payment, days since it was paid."""
    parts = select(func.count()).where(Refund.payment_id == payment.id, TAKEN)
    paid_at = payment.succeeded_at or ctx.now
    too_old = ctx.now - paid_at > timedelta(days=ctx.policy.refund_days)
    return too_old or ctx.session.scalars(parts).one() >= ctx.policy.refund_parts


def put_off(ctx: Ctx, refund_id: int, *, seconds: int, waiting: str = "") -> None:
    """It stays requested under its number and is tried again later; `waiting` says what for (waiting_funds)."""
    due_at = ctx.now + timedelta(seconds=seconds)
    changed(
        ctx.session,
        update(Refund)
        .where(Refund.id == refund_id, Refund.state == "requested")
        .values(lease_until=None, due_at=due_at, waiting=waiting),
    )
    if waiting == WAITING_FUNDS:
        oldest = select(func.min(Refund.id)).where(Refund.state == "requested", Refund.waiting == waiting)
        younger = (Refund.state == "requested", Refund.id > oldest.scalar_subquery(), Refund.due_at < due_at)
        probe_only = update(Refund).where(*younger, Refund.waiting.in_(("", WAITING_FUNDS)))
        changed(ctx.session, probe_only.values(due_at=due_at, waiting=waiting))
        audit.alert(ctx, WAITING_FUNDS, WAITING_FUNDS, "商户账户余额不足，退款要等充值后才能发出。")


def book(ctx: Ctx, answer: GatewayRefund) -> None:
    """Give a verified answer about a refund its one effect, in whatever order answers come. The actor is the gateway.

    An answer under an unknown number raises an alert and changes nothing.
    """
    number = select(Refund).where(Refund.public_id == answer.out_refund_no)
    refund = ctx.session.scalars(number).one_or_none()
    if refund is None:
        detail = f"网关提到一笔不属于我方的退款：{answer.out_refund_no}"
        audit.alert(ctx, "unknown_refund", f"refund:{answer.out_refund_no}", detail)
        return
    payment = ctx.session.get_one(Payment, refund.payment_id)
    order = ctx.session.get_one(Order, payment.order_id)
    hold(ctx, order, payment, refund)
    if refund.state == "requested":
        _accept(ctx, order, payment, refund)
    if answer.state == "SUCCESS":
        _succeed(ctx, order, payment, refund, answer)
    elif answer.state == "ABNORMAL" and transitions.try_move(ctx, refund, "go_abnormal"):
        detail = f"退款 {refund.public_id} 的 {yuan(refund.amount_fen)} 没有退成。"
        audit.alert(ctx, "refund_abnormal", f"refund:{refund.id}", detail)
    elif answer.state == "CLOSED":
        _replace(ctx, order, payment, refund)


def hold(ctx: Ctx, order: Order, payment: Payment, refund: Refund) -> None:
    """Hold the rows that the end of a refund touches, in the order in which everybody takes them."""
    for row in (order, payment, refund):
        transitions.lock(ctx, row)


def _accept(ctx: Ctx, order: Order, payment: Payment, refund: Refund) -> None:
    """The gateway took it: what is owed to the buyer is now owed by the gateway."""
    accepted = _accepted_before(ctx, payment)
    settled = split_settled(refund.amount_fen, accepted, payment.received_fen, payment.settled_fen)
    if refund.waiting == WAITING_FUNDS:  # there are funds again: nobody waits behind a probe any more
        others = update(Refund).where(Refund.state == "requested", Refund.waiting == WAITING_FUNDS)
        changed(ctx.session, others.values(waiting=""))
    transitions.move(ctx, refund, "submit", lease_until=None, waiting="", settled_fen=settled)
    amounts = {"settled": settled, "promotion": refund.amount_fen - settled}
    ledger.post(ctx, Event.REFUND_ACCEPTED, f"refund:{refund.id}", amounts, order=order)


def _accepted_before(ctx: Ctx, payment: Payment) -> int:
    statement = select(func.coalesce(func.sum(Refund.amount_fen), 0)).where(Refund.payment_id == payment.id, TAKEN)
    return int(ctx.session.scalars(statement).one())


def _succeed(ctx: Ctx, order: Order, payment: Payment, refund: Refund, answer: GatewayRefund) -> None:
    if refund.channel != "gateway":
        detail = f"退款 {refund.public_id} 的 {yuan(refund.amount_fen)} 已人工付清，网关又退了一次。"
        audit.alert(ctx, "refund_paid_twice", f"refund_twice:{refund.id}", detail)
        return
    if refund.state == "abnormal":  # the money found its way after all
        transitions.move(ctx, refund, "retry")
    if transitions.try_move(ctx, refund, "succeed", succeeded_at=answer.success_at or ctx.now):
        shown = refund.amount_fen if answer.payer_refund_fen is None else answer.payer_refund_fen
        finish(ctx, order, payment, refund, f"{yuan(shown)} 已退回付款人")


def finish(ctx: Ctx, order: Order, payment: Payment, refund: Refund, words: str) -> None:
    """What a refund's success, by the gateway or by hand, does beside its own state: the order has it back.

    The order ends with its last fen, its task is done, and the buyer reads `words`.
    """
    if payment.counted:
        back = order.refunded_fen + refund.amount_fen
        changed(ctx.session, update(Order).where(Order.id == order.id).values(refunded_fen=back))
        ctx.session.refresh(order)
        if back == order.paid_fen and not _something_stands(ctx, order):
            transitions.try_move(ctx, order, "refund_all")
    audit.clear(ctx, f"refund:{refund.id}")
    hear = {order.resident_id} if payment.counted else {order.resident_id, payment.payer_id}
    for who in sorted(hear):
        notices.tell(ctx, order, "refund", f"refunded:{refund.id}:{who}", "已退款", words, to=who)


def _something_stands(ctx: Ctx, order: Order) -> bool:
    """Whether a wholly refunded order still has a line to hand over, or one kept that was given for nothing."""
    gone = OrderLine.refunded_units + OrderLine.collected_units + OrderLine.lapsed_units
    waiting = select(OrderLine.id).where(OrderLine.order_id == order.id, gone < OrderLine.ordered_units)
    kept = OrderLine.refunded_after_units < OrderLine.collected_units
    free = select(OrderLine.id).where(OrderLine.order_id == order.id, OrderLine.sales_fen == 0, kept)
    return order.counted and ctx.session.scalars(waiting.union_all(free).limit(1)).first() is not None


def _replace(ctx: Ctx, order: Order, payment: Payment, refund: Refund) -> None:
    """The gateway closed it unpaid: only now a new number, linked to the old one, with the same lines."""
    if not transitions.try_move(ctx, refund, "close"):
        return
    amounts = {"settled": refund.settled_fen, "promotion": refund.amount_fen - refund.settled_fen}
    ledger.post(ctx, Event.REFUND_CLOSED, f"refund:{refund.id}", amounts, order=order)
    successor = Refund(
        public_id=new_id("Refund", ctx.now), state="requested", payment_id=payment.id, replaces_id=refund.id,
        amount_fen=refund.amount_fen, reason=refund.reason, created_at=ctx.now, first_sent_at=None,
        due_at=ctx.now + timedelta(seconds=ctx.policy.refund_spacing_seconds),
    )  # fmt: skip
    ctx.session.add(successor)
    ctx.session.flush()
    for line in ctx.session.scalars(select(RefundLine).where(RefundLine.refund_id == refund.id)):
        ctx.session.add(
            RefundLine(refund_id=successor.id, order_line_id=line.order_line_id, kind=line.kind, units=line.units,
                       amount_fen=line.amount_fen, reason=line.reason, created_at=ctx.now)
        )  # fmt: skip
