"""Taking units off a counted order before they are handed over: money, stock, counters, commission, and its end."""

from __future__ import annotations

from collections.abc import Mapping

from domain.actors import CLOCK
from domain.campaigns import CancelReason
from domain.pickup import aftersales_until
from models import Order, OrderLine, PickupCode
from services import commissions, counting, refunds, transitions
from services.context import Ctx
from services.pickup import finishing
from services.pickup.units import handed


def take_off(ctx: Ctx, order: Order, gone: Mapping[OrderLine, int], reason: CancelReason) -> int:
    """Refund `gone` (line -> units) of a counted order and take the units out of stock, limits and counters.

    The caller holds the order's row and its lines as they are now, and ends the order with `end` when it may have
    nothing left. Returns the fen decided. Raises `WrongState` when the units are not there to give.
    """
    decided = refunds.give_back(ctx, order, gone, reason)
    lines = counting.lines_of(ctx, order)
    counting.uncount(ctx, order, gone, wholly=all(line.refunded_units == line.ordered_units for line in lines))
    for line in lines:
        commissions.rebase(ctx, order, line)
    return decided


def end(ctx: Ctx, order: Order, reason: CancelReason) -> bool:
    """End an order of which nothing waits any more, as the clock does; True when nothing of it was handed over.

    Its code is void. One that is owed money ends when the gateway has paid it back, one that is owed none is cancelled
    now; of which something was handed over is collected.
    """
    clock = ctx.acting_as(CLOCK)
    lines = counting.lines_of(ctx, order)
    if any(line.refunded_units + handed(line) < line.ordered_units for line in lines):
        return False
    transitions.move_all(clock, PickupCode, "void", PickupCode.order_id == order.id, reason=reason)
    if any(handed(line) for line in lines):
        _collect(clock, order, lines)
        return False
    if order.paid_fen == order.refunded_fen:
        transitions.move(clock, order, "cancel", cancel_reason=reason)
    return True


def _collect(ctx: Ctx, order: Order, lines: list[OrderLine]) -> None:
    fresh = any(line.fresh and line.collected_units for line in lines)
    until = aftersales_until(ctx.now, fresh, ctx.policy)
    if transitions.try_move(ctx, order, "collect", collected_at=ctx.now, aftersales_until=until):
        finishing.finished(ctx, [order], at_point=True)
