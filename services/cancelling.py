"""A buyer (or the clock) takes an order back: an unpaid one gives its hold back, a paid one is refunded until close."""

from __future__ import annotations

from domain.campaigns import CancelReason
from domain.errors import NotFound, TooLateToCancel, WrongState
from models import Campaign, Order, OrderLine
from services import announcing, counting, payments, refunds, transitions
from services.context import Ctx
from services.finding import by_public_id


def cancel(ctx: Ctx, public_id: str, line_ids: tuple[str, ...] = ()) -> Order:
    """Cancel an own order, or only some of its lines (public ids; a paid order only), until the campaign closes.

    Units go back at once and the refund is requested in the same transaction.
    Raises `NotFound`, `WrongState`, or `TooLateToCancel` after the close.
    """
    order = by_public_id(ctx, Order, public_id, Order.resident_id == ctx.resident_id)
    transitions.lock(ctx, order)
    if order.state == "pending_payment" and not line_ids:
        withdraw(ctx, order, CancelReason.BUYER)
        return order
    if order.state != "paid":
        raise WrongState(state=order.state, event="cancel")
    _return_paid(ctx, order, _chosen(ctx, order, line_ids))
    return order


def withdraw(ctx: Ctx, order: Order, reason: CancelReason) -> None:
    """Cancel a locked unpaid order; a payment that still arrives for it is refunded."""
    transitions.move(ctx, order, "cancel", cancel_reason=reason)
    counting.release(ctx, order)


def expire(ctx: Ctx, order_id: int) -> bool:
    """Expire an unpaid order whose hold is over and whose payments are all closed; gives its stock back.

    False when it was paid, extended, or somebody might still pay it.
    """
    order = ctx.session.get_one(Order, order_id)
    transitions.lock(ctx, order)
    if order.state != "pending_payment" or order.hold_until > ctx.now or payments.live_numbers(ctx, order.id):
        return False
    transitions.move(ctx, order, "expire")
    counting.release(ctx, order)
    return True


def _chosen(ctx: Ctx, order: Order, line_ids: tuple[str, ...]) -> dict[OrderLine, int]:
    lines = counting.lines_of(ctx, order)
    if set(line_ids) - {line.public_id for line in lines}:
        raise NotFound
    left = {
        line: line.ordered_units - line.refunded_units
        for line in lines
        if line.ordered_units > line.refunded_units and (not line_ids or line.public_id in line_ids)
    }
    if not left:
        raise WrongState(state=order.state, event="cancel")
    return left


def _return_paid(ctx: Ctx, order: Order, gone: dict[OrderLine, int]) -> None:
    refunds.give_back(ctx, order, gone, CancelReason.BUYER)
    wholly = all(line.refunded_units == line.ordered_units for line in counting.lines_of(ctx, order))
    counting.uncount(ctx, order, gone, wholly=wholly)
    # The campaign's row is ours since the counters changed: no close can slip in after this look.
    campaign = ctx.session.get_one(Campaign, order.campaign_id, populate_existing=True)
    if campaign.state not in ("open", "paused"):
        raise TooLateToCancel
    if wholly:
        transitions.move(ctx, order, "cancel", cancel_reason=CancelReason.BUYER)
    announcing.progress(ctx, campaign)
