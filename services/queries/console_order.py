"""One order with its whole history, as an operator reads it: goods, money, hand-overs, notices, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.privacy import masked_name, masked_phone
from domain.state_tables import ORDER
from models import (
    Campaign,
    Claim,
    Notification,
    Order,
    OrderLine,
    Payment,
    PickupPoint,
    Redemption,
    Refund,
    Resident,
)
from services.context import Ctx
from services.explaining import subjects
from services.explaining.shapes import Explanation
from services.finding import by_public_id
from services.queries import console_history
from services.queries.console_history import WHO, Done


@dataclass(frozen=True)
class Told:
    """A notice to the owner; `reached_by` is how it went out, "page" when no push did."""

    at: datetime
    title: str
    kind: str
    reached_by: str


@dataclass(frozen=True)
class OrderFile:
    """All about one order; the owner's name, phone and recipient are masked."""

    order: Order
    campaign: Campaign
    point: PickupPoint
    owner_id: str
    owner: str
    phone: str
    recipient: str
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    claims: Sequence[Claim]
    redemptions: Sequence[Redemption]
    notices: list[Told]
    history: list[Done]
    money: Explanation


def one(ctx: Ctx, public_id: str) -> OrderFile:
    """The whole file; its money is explained, so that who looked is on record. Raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    order = by_public_id(ctx, Order, public_id)
    owner = ctx.session.get_one(Resident, order.resident_id)
    payments = ctx.session.scalars(select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)).all()
    paid = [payment.id for payment in payments]
    refunds = ctx.session.scalars(select(Refund).where(Refund.payment_id.in_(paid)).order_by(Refund.id)).all()
    redeemed = select(Redemption).where(Redemption.order_id == order.id).order_by(Redemption.id)
    return OrderFile(
        order=order,
        campaign=ctx.session.get_one(Campaign, order.campaign_id),
        point=ctx.session.get_one(PickupPoint, order.point_id),
        owner_id=owner.public_id,
        owner=masked_name(owner.nickname, owner.anonymous),
        phone=masked_phone(ctx.vault.decrypt(owner.phone_enc)) if owner.phone_enc else "",
        recipient=masked_name(order.recipient) if order.recipient else "",
        lines=ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)).all(),
        payments=payments,
        refunds=refunds,
        claims=ctx.session.scalars(select(Claim).where(Claim.order_id == order.id).order_by(Claim.id)).all(),
        redemptions=ctx.session.scalars(redeemed).all(),
        notices=_notices(ctx, order),
        history=_history(ctx, order, paid, [refund.id for refund in refunds]),
        money=subjects.explain(ctx, "order", public_id),
    )


def _notices(ctx: Ctx, order: Order) -> list[Told]:
    told = select(Notification).where(Notification.order_id == order.id).order_by(Notification.id).limit(100)
    return [Told(row.created_at, row.title, row.kind, row.reached_by) for row in ctx.session.scalars(told)]


def _history(ctx: Ctx, order: Order, payments: list[int], refunds: list[int]) -> list[Done]:
    """That it was placed, from the row itself: a rush does not note it a second time. The rest is the audit log's."""
    of = console_history.of
    done = [*of(ctx, "order", [order.id]), *of(ctx, "payment", payments), *of(ctx, "refund", refunds)]
    where = "在群里" if order.channel == "chat" else ""
    placed = Done(order.created_at, "下单人", "order", order.id, "place", "", ORDER.initial, where, "")
    owner = f"{WHO['resident']} {order.resident_id}"
    named = [replace(each, actor=placed.actor) if each.actor == owner else each for each in done]
    return [placed, *sorted(named, key=lambda each: each.at)]
