"""A buyer (or the clock) takes an order back: an unpaid one gives its hold back, a paid one is refunded until close."""

from __future__ import annotations

from collections.abc import Mapping

from domain.campaigns import CancelReason
from domain.errors import Invalid, NotFound, TooLateToCancel, WrongState
from models import Campaign, Order, OrderLine
from services import announcing, counting, payments, returning, transitions
from services.context import Ctx
from services.finding import by_public_id

RUNNING = ("open", "paused")


def cancel(ctx: Ctx, public_id: str, line_ids: tuple[str, ...] = (), units: Mapping[str, int] | None = None) -> Order:
    """Cancel an own order, only some of its lines, or `units` by line (public ids), until the campaign closes.

    Units go back at once and the refund is requested in the same transaction. Parts of an unpaid order cannot be
    cancelled. Raises `NotFound`, `WrongState`, `Invalid` for more units than are left, or `TooLateToCancel`.
    """
    order = by_public_id(ctx, Order, public_id, Order.resident_id == ctx.resident_id)
    transitions.lock(ctx, order)
    if order.state == "pending_payment" and not line_ids and not units:
        withdraw(ctx, order, CancelReason.BUYER)
        return order
    if not _waits_for_outcome(order):
        raise WrongState(state=order.state, event="cancel")
    _return_counted(ctx, order, _chosen(ctx, order, line_ids, units or {}))
    return order


def cancellable(order: Order, campaign: Campaign) -> bool:
    """Whether its owner may take the whole order back now, as `cancel` judges it."""
    return order.state == "pending_payment" or (_waits_for_outcome(order) and campaign.state in RUNNING)


def _waits_for_outcome(order: Order) -> bool:
    """Whether it counts in a campaign that is not decided: paid, or registered to be paid on pickup."""
    return order.state == "paid" or (order.state == "confirmed" and order.paid_at is None)


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


def _chosen(ctx: Ctx, order: Order, line_ids: tuple[str, ...], units: Mapping[str, int]) -> dict[OrderLine, int]:
    lines = {line.public_id: line for line in counting.lines_of(ctx, order)}
    if (set(line_ids) | set(units)) - set(lines):
        raise NotFound
    left = {line: line.ordered_units - line.refunded_units for line in lines.values()}
    if units:
        for line_id, count in units.items():
            if not 1 <= count <= left[lines[line_id]]:
                raise Invalid("More units than are left.", field="units", left=left[lines[line_id]])
        return {lines[line_id]: count for line_id, count in units.items()}
    gone = {line: count for line, count in left.items() if count and (not line_ids or line.public_id in line_ids)}
    if not gone:
        raise WrongState(state=order.state, event="cancel")
    return gone


def _return_counted(ctx: Ctx, order: Order, gone: dict[OrderLine, int]) -> None:
    returning.take_off(ctx, order, gone, CancelReason.BUYER)
    # The campaign's row is ours since the counters changed: no close can slip in after this look.
    campaign = ctx.session.get_one(Campaign, order.campaign_id, populate_existing=True)
    if campaign.state not in RUNNING:
        raise TooLateToCancel
    if not order.counted:
        transitions.move(ctx, order, "cancel", cancel_reason=CancelReason.BUYER)
    announcing.progress(ctx, campaign)
