"""What an order's hand-over is worth beside its goods: the delivery fee is earned, the point's keeper is owed a fee."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from domain.campaigns import DeliveryMethod
from domain.posting_rules import Event
from models import Campaign, Order, PickupPoint
from services import ledger
from services.context import Ctx
from services.writing import changed


def finished(ctx: Ctx, orders: Sequence[Order], *, at_point: bool) -> None:
    """Book it for orders that were just handed over or lapsed; `at_point` when a desk handed them over.

    For goods that are brought the point is a depot, and its keeper is owed nothing.
    """
    handed = [order.id for order in orders] if at_point else []
    fees = dict(ctx.session.execute(
        select(Order.id, PickupPoint.fee_fen)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .where(Order.id.in_(handed), PickupPoint.fee_fen > 0, Campaign.delivery_method == DeliveryMethod.PICKUP)
    ).all())  # fmt: skip
    for order in orders:
        _change(ctx, order, order.delivery_fee_fen - order.fee_refunded_fen, fees.get(order.id, 0))


def reopened(ctx: Ctx, order: Order) -> None:
    """Take it back when the hand-over was undone."""
    _change(ctx, order, 0, 0)


def _change(ctx: Ctx, order: Order, earned_fen: int, point_fee_fen: int) -> None:
    more, fee = earned_fen - order.fee_earned_fen, point_fee_fen - order.point_fee_fen
    if not more and not fee:
        return
    new = {"fee_earned_fen": earned_fen, "point_fee_fen": point_fee_fen, "finishes": Order.finishes + 1}
    changed(ctx.session, update(Order).where(Order.id == order.id).values(**new))
    ctx.session.refresh(order, list(new))
    cause = f"order:{order.id}:{order.finishes}"
    ledger.post(ctx, Event.UNITS_HANDED_OVER, cause, {"delivery": more}, order=order)
    point = ctx.session.get_one(PickupPoint, order.point_id).public_id
    ledger.post(ctx, Event.POINT_FEE, cause, {"fee": fee}, order=order, owners={"point": point})
