"""What the platform tells of shipping, and payments whose goods let it wait longer than it bears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from domain.campaigns import DeliveryMethod
from domain.money import yuan
from models import Alert, Campaign, Order, Payment, ShippingUpload
from services import audit, shipping, shipping_uploads
from services.context import Ctx
from services.ports import BadNotice
from services.writing import changed, insert_ignoring

REMINDER, SETTLEMENT = "trade_manage_remind_shipping", "trade_manage_order_settlement"
LATE = "shipping_late"
_UNDER_WAY = ("open", "paused", "closed", "formed", "fulfilling")
_LONGEST_NUMBER = 32
_TO_DO = "请点货入库，或把钱退回。"


def speaks_of_shipping(message: Mapping[str, Any]) -> bool:
    """Whether a verified push is one of ours."""
    return message.get("MsgType") == "event" and message.get("Event") in (REMINDER, SETTLEMENT)


def hear(ctx: Ctx, message: Mapping[str, Any]) -> None:
    """Book a verified push once, however often it comes; it moves no money and no order.

    A reminder is noted and alerts; a settlement frees the payment's money (the same event also tells of the shipping
    itself, which changes nothing). A payment that is not ours raises an alert. Raises `BadNotice` without a number.
    """
    number = message.get("transaction_id")
    if not isinstance(number, str) or not (number.isascii() and number.isalnum()) or len(number) > _LONGEST_NUMBER:
        raise BadNotice("the event names no transaction")
    payment = ctx.session.scalars(select(Payment).where(Payment.transaction_id == number)).one_or_none()
    if payment is None or message.get("merchant_trade_no") != payment.public_id:
        audit.alert(ctx, "shipping_unknown", f"shipping_unknown:{number}", "平台提到一笔不属于我方的付款。")
    elif message["Event"] == REMINDER:
        _reminded(ctx, payment)
    elif message.get("settlement_time"):
        shipping_uploads.released(ctx, _noted(ctx, payment).id)


def _reminded(ctx: Ctx, payment: Payment) -> None:
    if payment.refunded_fen >= payment.received_fen:
        return
    upload = _noted(ctx, payment)
    mine = update(ShippingUpload).where(ShippingUpload.id == upload.id, ShippingUpload.reminded_at.is_(None))
    if changed(ctx.session, mine.values(reminded_at=ctx.now)) and upload.state in ("waiting", "failed"):
        campaign = _campaign_of(ctx, payment)
        detail = f"平台催「{campaign.title}」发货：{_TO_DO}"
        audit.alert(ctx, "shipping_reminded", f"shipping_reminded:{campaign.id}", detail)


def _campaign_of(ctx: Ctx, payment: Payment) -> Campaign:
    mine = select(Campaign).join(Order, Order.campaign_id == Campaign.id).where(Order.id == payment.order_id)
    return ctx.session.scalars(mine).one()


def _noted(ctx: Ctx, payment: Payment) -> ShippingUpload:
    """The row of a payment, waiting for its goods when there was none."""
    method = DeliveryMethod(_campaign_of(ctx, payment).delivery_method)
    insert_ignoring(
        ctx.session, ShippingUpload, ["payment_id"], payment_id=payment.id, state="waiting", due_at=None,
        logistics=shipping.LOGISTICS[method], created_at=ctx.now,
        item_desc=shipping.described(ctx, [payment.order_id])[payment.order_id],
    )  # fmt: skip
    return shipping_uploads.by_payment(ctx, payment)


def late(ctx: Ctx) -> ColumnElement[bool]:
    """Payments (joined to Order, Campaign and, outer, ShippingUpload) that the platform has reason to remind of."""
    return and_(
        shipping.NEEDED,
        Payment.succeeded_at <= ctx.now - timedelta(hours=ctx.policy.shipping_reminder_hours),
        Campaign.state.in_(_UNDER_WAY),
        or_(ShippingUpload.id.is_(None), ShippingUpload.state.in_(("waiting", "pending", "failed"))),
    )


def look(ctx: Ctx) -> int:
    """Make due what was missed, and alert once per campaign whose payments are late; returns how many did something."""
    due = shipping.enqueue_missed(ctx)
    statement = (
        select(Campaign.id, Campaign.title, func.count().label("payments"), func.sum(Payment.received_fen).label("fen"))
        .select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .outerjoin(ShippingUpload, ShippingUpload.payment_id == Payment.id)
        .where(late(ctx), or_(ShippingUpload.id.is_(None), ShippingUpload.state == "waiting"))
        .group_by(Campaign.id, Campaign.title)
        .order_by(Campaign.id)
    )
    found = {f"{LATE}:{row.id}": row for row in ctx.session.execute(statement)}
    known = ctx.session.execute(select(Alert.cause, Alert.done_at).where(Alert.kind == LATE)).all()
    new = found.keys() - {row.cause for row in known}
    for cause in sorted(new):
        row = found[cause]
        paid = f"「{row.title}」有 {row.payments} 笔付款（{yuan(int(row.fen))}）"
        hours = ctx.policy.shipping_reminder_hours
        audit.alert(ctx, LATE, cause, f"{paid}等货超过 {hours} 小时，平台会催：{_TO_DO}")
    over = [row.cause for row in known if row.done_at is None and row.cause not in found]
    for cause in over:
        audit.clear(ctx, cause)
    return due + len(new) + len(over)
