"""A payment explained: whether it paid its order, waits in suspense or went back; its refunds, fee and shipping."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import or_, select

from domain.clock import local
from domain.ledger import Account
from domain.money import yuan
from domain.privacy import masked_name
from models import (
    BillBooking,
    JournalEntry,
    Order,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    Resident,
    ShippingUpload,
    SuspenseCase,
)
from services.context import Ctx
from services.explaining import holdings, journal, proving, telling
from services.explaining.facts import part_words
from services.explaining.holdings import ON_THE_WAY, Holdings, Key
from services.explaining.shapes import Equation, Explanation, Term

A = Account
SHIPPED = {
    "waiting": "发货信息等货到齐再上传", "pending": "发货信息待上传", "uploaded": "发货信息已上传",
    "skipped": "已全额退款，不用上传发货信息", "failed": "发货信息上传失败，等人工处理",
}  # fmt: skip
BEFORE_HAND_OVER = ("units", "rebate", "fee")


def explain(ctx: Ctx, payment: Payment) -> Explanation:
    """From the gateway (or the drawer) to the order, to refunds, or to suspense."""
    everything = holdings.of_orders(ctx, Order.id == payment.order_id)
    of = _only(everything, payment)
    numbers = holdings.numbers_of(Payment.id == payment.id)
    bills = proving.bookings(ctx, numbers)
    which = or_(JournalEntry.cause.in_(_causes(ctx, payment)), proving.from_bills(numbers))
    expected = _accounts(of, payment)
    expected.update(holdings.billed(bills))
    wrong = proving.differences(ctx, proving.booked(ctx, which), expected)
    entries = journal.entries(ctx, which)
    equation = _equation(of, payment)
    said = [
        _headline(ctx, payment), *telling.told(entries), *_refunds(of), *_fee(bills), *_shipping(ctx, payment),
        f"{equation.words}。", *telling.troubles(wrong),
    ]  # fmt: skip
    return Explanation("payment", payment.public_id, said, entries, journal.count(ctx, which), equation, wrong)


def _only(of: Holdings, payment: Payment) -> Holdings:
    """What belongs to this payment."""
    return Holdings(
        [], [row for row in of.payments if row[0].id == payment.id],
        [refund for refund in of.refunds if refund.payment_id == payment.id],
        [row for row in of.parts if row[1].payment_id == payment.id],
        [case for case in of.cases if case.payment_id == payment.id], [],
    )  # fmt: skip


def _causes(ctx: Ctx, payment: Payment) -> list[str]:
    """The causes of every entry that this payment's money has made."""
    refunds = select(Refund.id).where(Refund.payment_id == payment.id)
    parts = ctx.session.scalars(select(RefundLine.id).where(RefundLine.refund_id.in_(refunds)))
    cases = ctx.session.scalars(select(SuspenseCase.id).where(SuspenseCase.payment_id == payment.id))
    return [
        f"payment:{payment.id}", *(f"refund:{row}" for row in ctx.session.scalars(refunds)),
        *(f"refund_line:{row}" for row in parts), *(f"suspense:{row}" for row in cases),
    ]  # fmt: skip


def _accounts(of: Holdings, payment: Payment) -> Counter[Key]:
    held = holdings.money_in_and_out(of)
    before = sum(part.amount_fen for part, _, _ in of.parts if part.kind in BEFORE_HAND_OVER)
    held[A.BUYER_ESCROW, ""] -= (payment.received_fen if payment.counted else 0) - before
    held[A.RETURNS, ""] += sum(part.amount_fen for part, _, _ in of.parts if part.kind == "aftersales")
    return held


def _equation(of: Holdings, payment: Payment) -> Equation:
    """What was received against what the order keeps of it, each refund, and suspense."""
    decided = sum(part.amount_fen for part, _, _ in of.parts)
    back = {
        state: sum(row.amount_fen for row in of.refunds if row.state in state) for state in (telling.DONE, ON_THE_WAY)
    }
    return Equation(
        Term("received", "收款", payment.received_fen),
        [
            Term("order", "订单留用", payment.received_fen - decided if payment.counted else 0),
            Term("refunded", "已退到账", back[telling.DONE]),
            Term("refund_on_the_way", "退款途中", back[ON_THE_WAY]),
            Term("suspense", "挂账", sum(case.received_fen for case in of.cases if case.state == "open")),
        ],
    )


def _headline(ctx: Ctx, payment: Payment) -> str:
    order, payer = ctx.session.execute(
        select(Order.public_id, Resident)
        .select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .join(Resident, Resident.id == Payment.payer_id)
        .where(Payment.id == payment.id)
    ).one()
    who = masked_name(payer.nickname, payer.anonymous)
    if payment.state != "succeeded":
        return f"付款单 {payment.public_id}（订单 {order}，{who}）应付 {yuan(payment.amount_fen)}，没有收到钱。"
    how = "现金" if payment.method == "cash" else f"微信支付（{payment.transaction_id}）"
    at = local(payment.succeeded_at) if payment.succeeded_at else ""
    use = "付清了订单" if payment.counted else "没有计入订单"
    return f"付款单 {payment.public_id}：{at} {who}用{how}付 {yuan(payment.received_fen)}，{use} {order}。"


def _refunds(of: Holdings) -> list[str]:
    """Each refund, and what it is made of."""
    said = []
    for refund in of.refunds:
        parts = [(part, line) for part, whose, line in of.parts if whose.id == refund.id]
        why = "、".join(_part(part, line) for part, line in parts)
        said.append(telling.refund_words(refund) + (f"包括 {why}。" if why else ""))
    return said


def _part(part: RefundLine, line: OrderLine | None) -> str:
    return f"{part_words(part, line)} {yuan(part.amount_fen)}"


def _fee(bills: list[BillBooking]) -> list[str]:
    """The gateway's fee as its bills have it; nothing is said before they came."""
    fees = [row.amount_fen for row in bills if row.kind == "fee"]
    return [f"支付通道按账单收手续费 {yuan(sum(fees))}。"] if fees else ["支付通道的手续费以账单为准，账单还没有列出。"]


def _shipping(ctx: Ctx, payment: Payment) -> list[str]:
    upload = ctx.session.scalars(select(ShippingUpload).where(ShippingUpload.payment_id == payment.id)).one_or_none()
    if upload is None:
        return []
    released = "，货款已解冻" if upload.released_at else ""
    return [f"{SHIPPED[upload.state]}{released}。"]
