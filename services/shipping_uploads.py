"""One payment's upload: claimed, booked, put off, given up, revived; and when its money is free."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import Role
from domain.errors import NotFound
from domain.privacy import masked_phone
from models import Order, OrderAddress, OrderLine, Payment, Resident, ShippingUpload
from services import audit
from services.context import Ctx
from services.door import addresses
from services.finding import by_public_id
from services.ports import ShippingInfo
from services.transitions import move, try_move
from services.writing import changed

LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
UNASKED = {"pickup": timedelta(hours=49), "same_city": timedelta(hours=49), "express": timedelta(hours=241)}
"""When the platform has confirmed receipt by itself (48 h, by express 240 h), and an hour."""
ASK_AGAIN = timedelta(hours=12)
ASKS_CONTACT = "SF"
FULLY_REFUNDED, NOTHING_HANDED_OUT = "已全部退款", "订单结束，没有交出货"


def claimable(ctx: Ctx, limit: int) -> list[int]:
    """Uploads that are due, oldest first."""
    due = select(ShippingUpload.id).where(ShippingUpload.state == "pending", ShippingUpload.due_at <= ctx.now)
    return list(ctx.session.scalars(due.order_by(ShippingUpload.due_at, ShippingUpload.id).limit(limit)))


def claim(ctx: Ctx, upload_id: int) -> ShippingInfo | None:
    """Be the one who uploads it for the next minute: what to tell.

    None when another has it, and when nothing is to be told any more: then it ends with the reason.
    """
    mine = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.state == "pending")
    leased = {"due_at": ctx.now + LEASE, "attempts": ShippingUpload.attempts + 1}
    if not changed(ctx.session, mine.where(ShippingUpload.due_at <= ctx.now).values(**leased)):
        return None
    upload = _as_it_stands(ctx, upload_id)
    payment = ctx.session.get_one(Payment, upload.payment_id, populate_existing=True)
    if reason := _needless(ctx, payment):
        move(ctx, upload, "skip", reason=reason, due_at=None, trouble=reason)
        return None
    payer = ctx.session.get_one(Resident, payment.payer_id)
    logistics = upload.logistics
    return ShippingInfo(
        payment.transaction_id or "", payer.openid, logistics, upload.item_desc, ctx.now,  # type: ignore[arg-type]  # a CHECK holds it
        upload.tracking_number, upload.express_company, _contact(ctx, upload, payment),
    )  # fmt: skip


def _contact(ctx: Ctx, upload: ShippingUpload, payment: Payment) -> str:
    """The receiver's phone, masked, for the one company of which the platform asks it."""
    address = ctx.session.get(OrderAddress, payment.order_id) if upload.express_company == ASKS_CONTACT else None
    courier = addresses.unsealed(ctx, address) if address else None
    return masked_phone(courier.phone) if courier else ""


def _needless(ctx: Ctx, payment: Payment) -> str:
    if payment.refunded_fen >= payment.received_fen:
        return FULLY_REFUNDED
    order = ctx.session.get_one(Order, payment.order_id, populate_existing=True)
    given = OrderLine.collected_units + OrderLine.lapsed_units > 0
    handed = select(OrderLine.id).where(OrderLine.order_id == order.id, given).limit(1)
    over = order.state in ("cancelled", "refunded") and ctx.session.scalars(handed).first() is None
    return NOTHING_HANDED_OUT if over else ""


def _as_it_stands(ctx: Ctx, upload_id: int) -> ShippingUpload:
    return ctx.session.get_one(ShippingUpload, upload_id, populate_existing=True)


def _cause(upload: ShippingUpload) -> str:
    return f"shipping:{upload.id}"


def uploaded(ctx: Ctx, upload_id: int) -> None:
    """The platform has it; when nobody has told by then, it is asked whether the money is free."""
    upload = _as_it_stands(ctx, upload_id)
    ask_at = None if upload.released_at else ctx.now + UNASKED[upload.logistics]
    if try_move(ctx, upload, "upload", uploaded_at=ctx.now, trouble="", due_at=ask_at):
        audit.clear(ctx, _cause(upload))


def put_off(ctx: Ctx, upload_id: int, trouble: str, retry_after: int = 0) -> None:
    """It is tried again after a pause of half a minute to an hour, growing, and of `retry_after` seconds at least."""
    upload = _as_it_stands(ctx, upload_id)
    doublings = min(max(upload.attempts - 1, 0), 10)
    pause = max(min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE), timedelta(seconds=retry_after))
    mine = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.state == "pending")
    changed(ctx.session, mine.values(due_at=ctx.now + pause, trouble=trouble[:255]))


def refused(ctx: Ctx, upload_id: int, code: str) -> None:
    """The platform said no; after `policy.shipping_tries` times it waits for an operator."""
    mine = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.state == "pending")
    changed(ctx.session, mine.values(refusals=ShippingUpload.refusals + 1))
    upload = _as_it_stands(ctx, upload_id)
    trouble = f"平台拒绝：{code}"
    if upload.refusals < ctx.policy.shipping_tries:
        put_off(ctx, upload_id, trouble)
    elif try_move(ctx, upload, "give_up", due_at=None, trouble=trouble):
        number = ctx.session.get_one(Payment, upload.payment_id).public_id
        what = "请按错误码改正（付款人、运单、商品）后重传，或到平台后台补录。"
        detail = f"平台不收付款 {number} 的发货信息（{code}），钱先不放：{what}"
        audit.alert(ctx, "shipping_failed", _cause(upload), detail)


def revive(ctx: Ctx, payment_id: str) -> ShippingUpload:
    """Try the upload of a payment (public id) again from the beginning. Raises `NotFound`, or `WrongState`."""
    ctx.require(Role.OPERATOR)
    payment = by_public_id(ctx, Payment, payment_id)
    upload = by_payment(ctx, payment)
    move(ctx, upload, "revive", due_at=ctx.now, attempts=0, refusals=0, trouble="")
    audit.clear(ctx, _cause(upload))
    return upload


def by_payment(ctx: Ctx, payment: Payment) -> ShippingUpload:
    """The upload of a payment; raises `NotFound`."""
    mine = select(ShippingUpload).where(ShippingUpload.payment_id == payment.id)
    upload = ctx.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if upload is None:
        raise NotFound
    return upload


def unreleased(ctx: Ctx, limit: int) -> list[tuple[int, str]]:
    """Id and transaction of uploads of which the release of the money should have been told by now."""
    statement = (
        select(ShippingUpload.id, Payment.transaction_id)
        .join(Payment, Payment.id == ShippingUpload.payment_id)
        .where(ShippingUpload.state == "uploaded", ShippingUpload.due_at <= ctx.now)
        .order_by(ShippingUpload.due_at, ShippingUpload.id)
        .limit(limit)
    )
    return [(row.id, row.transaction_id or "") for row in ctx.session.execute(statement)]


def claim_asking(ctx: Ctx, upload_id: int) -> bool:
    """Be the one who asks about it for the next hours."""
    mine = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.state == "uploaded")
    return changed(ctx.session, mine.where(ShippingUpload.due_at <= ctx.now).values(due_at=ctx.now + ASK_AGAIN)) == 1


def released(ctx: Ctx, upload_id: int) -> None:
    """The platform has let go of the money; the first word counts."""
    mine = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.released_at.is_(None))
    if changed(ctx.session, mine.values(released_at=ctx.now)):
        over = update(ShippingUpload).where(ShippingUpload.id == upload_id, ShippingUpload.state == "uploaded")
        changed(ctx.session, over.values(due_at=None))
