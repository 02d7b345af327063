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
    """Book it for orders that were just handed over or lapsed; `at_point` when a desk handed them over."""
    fees = _point_fees(ctx, orders) if at_point and orders else {}
    for order in orders:
        _change(ctx, order, order.delivery_fee_fen - order.fee_refunded_fen, fees.get(order.id, 0))


def point_fee_fen(method: str, fee_fen: int) -> int:
    """What a hand-over owes the keeper of a point; for goods that are brought it is a depot, and nothing is owed."""
    return fee_fen if method == DeliveryMethod.PICKUP else 0


def fee_booking(order: Order, fee_fen: int, point: str) -> ledger.Booking:
    """The keeper of the point (public id) is owed `fee_fen` more for an order, whose `finishes` counts it already."""
    return ledger.Booking(f"order:{order.id}:{order.finishes}", {"fee": fee_fen}, order, {"point": point})


def _point_fees(ctx: Ctx, orders: Sequence[Order]) -> dict[int, int]:
    rows = ctx.session.execute(
        select(Order.id, Campaign.delivery_method, PickupPoint.fee_fen)
        .join(PickupPoint, PickupPoint.id == Order.point_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .where(Order.id.in_([order.id for order in orders]))
    )
    return {order_id: point_fee_fen(method, fee_fen) for order_id, method, fee_fen in rows}


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
    ledger.post_all(ctx, Event.POINT_FEE, [fee_booking(order, fee, point)])
