"""When a payment's goods stand at their point the platform is to hear of it; here it becomes due.

The platform keeps the money until it knows (WeChat mini-program, order shipping management). Its way to put a presale
off (`opspecialorder`) is not offered: a long wait is shown to the operator instead (services/shipping_watch.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update

from domain.actors import SYSTEM
from domain.campaigns import DeliveryMethod
from models import Campaign, Order, OrderLine, Parcel, Payment, ShippingUpload
from services.context import Ctx
from services.pickup.units import TO_COME
from services.transitions import move_all
from services.writing import ROWS_PER_STATEMENT, changed, insert_all

LOGISTICS = {DeliveryMethod.PICKUP: "pickup", DeliveryMethod.DOOR: "same_city", DeliveryMethod.COURIER: "express"}
ITEM_CHARACTERS = 120

NEEDED: ColumnElement[bool] = and_(
    Payment.counted,
    Payment.method == "wechat",
    Payment.state == "succeeded",
    Payment.refunded_fen < Payment.received_fen,
)
"""Payments that the platform wants shipping information for: not cash, and not those that go back whole."""

_lines_of = OrderLine.order_id == Order.id
STANDS: ColumnElement[bool] = and_(
    Order.state.in_(("ready", "collected", "completed")),
    exists().where(_lines_of, OrderLine.arrived_units > 0),
    ~exists().where(_lines_of, TO_COME),
)
"""Orders of which everything that will ever come has come."""


def enqueue_ready(ctx: Ctx, orders: Sequence[Order]) -> int:
    """Make the upload due for the payments of those `orders` of which nothing is to come any more; returns how many.

    Once per payment, however often it is asked; a few statements for hundreds of orders. What goes by courier waits
    for its parcel. Cash and orders without a payment need none.
    """
    ids = sorted({order.id for order in orders})
    parts = (ids[start : start + ROWS_PER_STATEMENT] for start in range(0, len(ids), ROWS_PER_STATEMENT))
    return sum(_enqueue(ctx, Order.id.in_(part)) for part in parts)


def enqueue_missed(ctx: Ctx, limit: int = ROWS_PER_STATEMENT) -> int:
    """The same for whatever became complete on another way, such as by a refund of its last units to come."""
    return _enqueue(ctx, Campaign.state == "fulfilling", limit=limit)


def parcel_entered(ctx: Ctx, order: Order) -> int:
    """A courier has the order: its upload is due, under the number of its parcel as it stands now."""
    due = _enqueue(ctx, Order.id == order.id)
    parcel = ctx.session.get(Parcel, order.id, populate_existing=True)
    if parcel is not None and not due:
        paid = select(Payment.id).where(Payment.order_id == order.id, Payment.counted)
        mine = update(ShippingUpload).where(ShippingUpload.payment_id.in_(paid))
        mine = mine.where(ShippingUpload.state.in_(("pending", "failed")))
        changed(ctx.session, mine.values(tracking_number=parcel.tracking_number, express_company=parcel.company))
    return due


def described(ctx: Ctx, order_ids: Sequence[int]) -> dict[int, str]:
    """What each order holds, as the platform shows it to the payer: goods and units, at most 120 characters."""
    units = OrderLine.ordered_units - OrderLine.refunded_units
    statement = (
        select(OrderLine.order_id, OrderLine.offer_name, units.label("units"))
        .where(OrderLine.order_id.in_(order_ids), units > 0)
        .order_by(OrderLine.id)
    )
    words: dict[int, list[str]] = {order_id: [] for order_id in order_ids}
    for row in ctx.session.execute(statement):
        words[row.order_id].append(f"{row.offer_name}×{row.units}")
    return {order_id: "、".join(parts)[:ITEM_CHARACTERS] or "团购商品" for order_id, parts in words.items()}


def _enqueue(ctx: Ctx, *where: ColumnElement[bool], limit: int | None = None) -> int:
    """Make due what `where` chooses; in the order of the payments, so that two who do this never wait in a ring."""
    ctx.session.flush()
    statement = (
        select(Payment.id, Payment.order_id, Campaign.delivery_method, Parcel.company, Parcel.tracking_number,
               ShippingUpload.state.label("noted"))
        .join(Order, Order.id == Payment.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .outerjoin(Parcel, Parcel.order_id == Order.id)
        .outerjoin(ShippingUpload, ShippingUpload.payment_id == Payment.id)
        .where(NEEDED, STANDS, *where)
        .where(or_(ShippingUpload.id.is_(None), ShippingUpload.state == "waiting"))
        .where(or_(Campaign.delivery_method != DeliveryMethod.COURIER, Parcel.order_id.is_not(None)))
        .order_by(Payment.id)
        .limit(limit)
    )  # fmt: skip
    found = ctx.session.execute(statement).all()
    if not found:
        return 0
    texts = described(ctx, [row.order_id for row in found])
    new = [row for row in found if row.noted is None]
    inserted = insert_all(ctx.session, ShippingUpload, [_row(ctx, row, texts) for row in new], ShippingUpload.id)
    return len(inserted) + _no_longer_waiting(ctx, [row for row in found if row.noted], texts)


def _row(ctx: Ctx, found: Any, texts: dict[int, str]) -> dict[str, Any]:
    return {
        "payment_id": found.id, "state": "pending", "logistics": LOGISTICS[DeliveryMethod(found.delivery_method)],
        "item_desc": texts[found.order_id], "tracking_number": found.tracking_number or "",
        "express_company": found.company or "", "due_at": ctx.now, "created_at": ctx.now,
    }  # fmt: skip


def _no_longer_waiting(ctx: Ctx, found: Sequence[Any], texts: dict[int, str]) -> int:
    """The platform spoke of these before their goods stood."""
    if not found:
        return 0
    rows = {row.id: _row(ctx, row, texts) for row in found}
    columns = ("item_desc", "tracking_number", "express_company")
    new: dict[str, Any] = {}
    for name in columns:
        new[name] = case({key: row[name] for key, row in rows.items()}, value=ShippingUpload.payment_id)
    theirs = ShippingUpload.payment_id.in_(rows)
    return len(move_all(ctx.acting_as(SYSTEM), ShippingUpload, "ready", theirs, due_at=ctx.now, **new))
