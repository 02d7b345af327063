"""What an order's hand-over is worth beside its goods: the delivery fee is earned, the point's keeper is owed a fee."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from domain.posting_rules import Event
from models import Order, PickupPoint
from services import ledger
from services.context import Ctx
from services.writing import changed


def finished(ctx: Ctx, orders: Sequence[Order], *, at_point: bool) -> None:
    """Book it for orders that were just handed over or lapsed; `at_point` when a desk handed them over."""
    points = {order.point_id for order in orders} if at_point else set()
    fees = dict(ctx.session.execute(
        select(PickupPoint.id, PickupPoint.fee_fen).where(PickupPoint.id.in_(points), PickupPoint.fee_fen > 0)
    ).all())  # fmt: skip
    for order in orders:
        _change(ctx, order, order.delivery_fee_fen - order.fee_refunded_fen, fees.get(order.point_id, 0))


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
