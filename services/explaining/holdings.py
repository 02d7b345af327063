"""The rows of one order or of many: what they say each account holds, without asking the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SelectBase, select
from sqlalchemy.orm import aliased

from domain.aftersales import Bearer
from domain.ledger import Account
from models import (
    BillBooking,
    Campaign,
    Claim,
    HelpSell,
    Leader,
    Merchant,
    Offer,
    Order,
    OrderLine,
    Payment,
    PickupPoint,
    Product,
    Refund,
    RefundLine,
    Shift,
    Sku,
    SuspenseCase,
)
from services.context import Ctx
from services.pickup.units import handed
from services.pricing import price_of

A = Account
Key = tuple[str, str]
"""An account and whose part of it ("" is the house)."""
Numbers = SelectBase
"""A query of the numbers that the gateway's bills may name."""
AT_GATEWAY = ("submitted", "succeeded", "abnormal")
ON_THE_WAY = ("requested", "submitted", "abnormal")


@dataclass(frozen=True)
class Placed:
    """An order, its lines with their merchants, and who is owed its commission and fee, by public ids."""

    order: Order
    lines: Sequence[tuple[OrderLine, str]]
    leader: str
    helper: str | None
    point: str


@dataclass(frozen=True)
class Holdings:
    """Orders with all their money: payments (with their drawer), refunds, their parts, suspense, claims."""

    placed: Sequence[Placed]
    payments: Sequence[tuple[Payment, str]]
    refunds: Sequence[Refund]
    parts: Sequence[tuple[RefundLine, Refund, OrderLine | None]]
    cases: Sequence[SuspenseCase]
    claims: Sequence[tuple[Claim, str, str]]

    @property
    def lines(self) -> list[OrderLine]:
        """The lines of all its orders."""
        return [line for each in self.placed for line, _ in each.lines]


def of_orders(ctx: Ctx, which: ColumnElement[bool]) -> Holdings:
    """The holdings of the orders that `which` chooses: six statements."""
    ctx.session.flush()
    ids = select(Order.id).where(which)
    paid = select(Payment.id).where(Payment.order_id.in_(ids))
    drawn = select(Payment, Shift.public_id).outerjoin(Shift, Shift.id == Payment.shift_id)
    payments = drawn.where(Payment.order_id.in_(ids), Payment.state == "succeeded").order_by(Payment.id)
    refunds = select(Refund).where(Refund.payment_id.in_(paid)).order_by(Refund.id)
    parts = (
        select(RefundLine, Refund, OrderLine)
        .join(Refund, Refund.id == RefundLine.refund_id)
        .outerjoin(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .where(Refund.payment_id.in_(paid), Refund.state != "closed")
        .order_by(RefundLine.id)
    )
    cases = select(SuspenseCase).where(SuspenseCase.payment_id.in_(paid)).order_by(SuspenseCase.id)
    return Holdings(
        _placed(ctx, which),
        [(payment, shift or "") for payment, shift in ctx.session.execute(payments)],
        list(ctx.session.scalars(refunds)),
        [(part, refund, line) for part, refund, line in ctx.session.execute(parts)],
        list(ctx.session.scalars(cases)),
        _claims(ctx, ids),
    )


def numbers_of(payments: ColumnElement[bool]) -> Numbers:
    """The numbers of these payments and of all their refunds."""
    refunds = select(Refund.public_id).join(Payment, Payment.id == Refund.payment_id).where(payments)
    return select(Payment.public_id).where(payments).union(refunds)


def _placed(ctx: Ctx, which: ColumnElement[bool]) -> list[Placed]:
    owner, other = aliased(Leader), aliased(Leader)
    orders = (
        select(Order, owner.public_id, other.public_id, PickupPoint.public_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(owner, owner.id == Campaign.leader_id)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .outerjoin(HelpSell, HelpSell.id == Order.help_sell_id)
        .outerjoin(other, other.id == HelpSell.leader_id)
        .where(which)
        .order_by(Order.id)
    )
    lines: dict[int, list[tuple[OrderLine, str]]] = {}
    ids = select(Order.id).where(which)
    supplied = (
        _supplied(select(OrderLine, Merchant.public_id)).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
    )
    for line, merchant in ctx.session.execute(supplied):
        lines.setdefault(line.order_id, []).append((line, merchant))
    return [
        Placed(order, lines.get(order.id, []), leader, helper, point)
        for order, leader, helper, point in ctx.session.execute(orders)
    ]


def _supplied(lines: Any) -> Any:
    """A selection from order lines, joined to whoever supplied them."""
    return (
        lines.join(Offer, Offer.id == OrderLine.offer_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
    )


def _claims(ctx: Ctx, orders: Any) -> list[tuple[Claim, str, str]]:
    """Accepted claims with the leader and the merchant who may bear them."""
    lines = (
        select(Claim, Leader.public_id, Merchant.public_id)
        .select_from(Claim)
        .join(OrderLine, OrderLine.id == Claim.order_line_id)
        .join(Campaign, Campaign.id == Claim.campaign_id)
        .join(Leader, Leader.id == Campaign.leader_id)
    )
    statement = _supplied(lines).where(Claim.order_id.in_(orders), Claim.state == "accepted").order_by(Claim.id)
    return [(claim, leader, merchant) for claim, leader, merchant in ctx.session.execute(statement)]


def accounts(of: Holdings) -> Counter[Key]:
    """What the rows say the entries of these orders leave on each account; arrivals and bills are told apart."""
    held = money_in_and_out(of)
    for each in of.placed:
        _of_order(held, each)
    for claim, leader, merchant in of.claims:
        if claim.borne_by == Bearer.LEADER:
            _move(held, A.RETURNS, -claim.borne_fen, A.LEADER_PAYABLE, leader)
        elif claim.borne_by == Bearer.SUPPLIER:
            _move(held, A.COST_OF_GOODS, -claim.borne_fen, A.MERCHANT_PAYABLE, merchant)
    return held


def _move(held: Counter[Key], account: Account, fen: int, other: Account, owner: str = "") -> None:
    """Fen on an account of the house, and the opposite on another."""
    held[account, ""] += fen
    held[other, owner] -= fen


def money_in_and_out(of: Holdings) -> Counter[Key]:
    """What payments, refunds and open suspense alone leave on accounts."""
    held: Counter[Key] = Counter()
    for payment, shift in of.payments:
        if payment.method == "wechat":
            held[A.GATEWAY_CLEARING, ""] += payment.settled_fen
            held[A.PROMOTION, ""] += payment.received_fen - payment.settled_fen
        else:
            held[A.CASH_AT_DESK, shift] += payment.received_fen
    for refund in of.refunds:
        if refund.state == "requested":
            held[A.REFUND_PAYABLE, ""] -= refund.amount_fen
        elif refund.channel == "bank":
            held[A.BANK, ""] -= refund.amount_fen
        elif refund.state in AT_GATEWAY:
            held[A.GATEWAY_CLEARING, ""] -= refund.settled_fen
            held[A.PROMOTION, ""] -= refund.amount_fen - refund.settled_fen
    for case in of.cases:
        if case.state == "open":
            held[A.SUSPENSE, ""] -= case.received_fen
    return held


def _of_order(held: Counter[Key], each: Placed) -> None:
    order = each.order
    held[A.BUYER_ESCROW, ""] -= waiting_fen(order, [line for line, _ in each.lines])
    held[A.DELIVERY_INCOME, ""] -= order.fee_earned_fen
    _move(held, A.POINT_FEE_EXPENSE, order.point_fee_fen, A.POINT_FEE_PAYABLE, each.point)
    for line, _ in each.lines:
        cost = handed(line) * line.supply_price_fen
        _move(held, A.COST_OF_GOODS, cost, A.GOODS_ON_HAND)
        held[A.SALES, ""] -= line.sales_fen
        held[A.RETURNS, ""] += line.aftersales_fen
        held[A.COMMISSION_EXPENSE, ""] += line.commission_expensed_fen
        held[A.DEFERRED_COMMISSION, ""] += line.commission_fen - line.commission_expensed_fen
        owed = A.LEADER_PENDING if line.commission_released_at is None else A.LEADER_PAYABLE
        held[owed, each.leader] -= line.commission_fen - line.helper_commission_fen
        if each.helper is not None:
            held[owed, each.helper] -= line.helper_commission_fen


def waiting_fen(order: Order, lines: Iterable[OrderLine]) -> int:
    """What a paid order's units cost that are neither handed over nor given back, and its delivery fee."""
    if order.paid_at is None:
        return 0
    goods = 0
    for line in lines:
        price = price_of(line)
        goods += price.of_first(line.ordered_units - handed(line)) - price.of_first(line.refunded_units)
    return goods + order.delivery_fee_fen - order.fee_refunded_fen - order.fee_earned_fen


def arrivals(of: Holdings) -> Counter[Key]:
    """What the goods that arrived for these orders, less those refused as broken, leave on accounts."""
    held: Counter[Key] = Counter()
    for each in of.placed:
        for line, merchant in each.lines:
            _move(held, A.GOODS_ON_HAND, line.arrived_units * line.supply_price_fen, A.MERCHANT_PAYABLE, merchant)
    return held


def billed(bookings: Iterable[BillBooking]) -> Counter[Key]:
    """What the bills' rows leave on accounts."""
    held: Counter[Key] = Counter()
    for row in bookings:
        fen = row.amount_fen
        if row.kind == "payment":
            _move(held, A.GATEWAY_BALANCE, fen, A.GATEWAY_CLEARING)
        elif row.kind == "refund":
            _move(held, A.GATEWAY_CLEARING, fen, A.GATEWAY_BALANCE)
        elif row.kind == "fee":
            _move(held, A.GATEWAY_FEE, fen, A.GATEWAY_BALANCE)
        elif row.kind == "accepted":
            _move(held, A.DIFFERENCES, fen, A.GATEWAY_CLEARING)
    return held
