"""Carrying a shortage out: units stand where they belong, what is missing goes back, everybody touched is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from domain.campaigns import CancelReason
from models import Campaign, Order, OrderLine
from services import announcing, audit, returning, shipping
from services.context import Ctx
from services.pickup import readying, short_notices, shortages_waiting
from services.pickup.reckoning import Reckoning, Share


def carry_out(ctx: Ctx, campaign: Campaign, found: Reckoning) -> None:
    """Do what was reckoned, in the transaction in which it was reckoned: the caller holds all that it is made of."""
    by_order: dict[Order, list[Share]] = {}
    for share in sorted(found.shares, key=lambda share: (share.order.id, share.line.id)):
        by_order.setdefault(share.order, []).append(share)
    deliveries = {shelf.point_id: shelf.row.delivery_id for shelf in found.shelves}
    came = {share.line: share.gets for share in found.shares if share.gets}
    readying.stand(ctx, list(by_order), came)
    at_point: dict[str, dict[OrderLine, int]] = {}
    for share in found.shares:
        if share.gets:
            at_point.setdefault(f"shortage:{deliveries[share.order.point_id]}", {})[share.line] = share.gets
    readying.owe(ctx, campaign, at_point)
    _take_off(ctx, by_order)
    shipping.enqueue_ready(ctx, list(by_order))
    _clear(ctx, found)
    short_notices.tell(ctx, campaign, by_order, deliveries)
    audit.clear(ctx, shortages_waiting.alert_about(campaign))
    moved = sum(move.units for moves in found.moves.values() for move in moves)
    words = f"分到 {sum(came.values())} 件，缺 {sum(share.missing for share in found.shares)} 件，调拨 {moved} 件"
    audit.record(ctx, "campaign", campaign.id, "commit_shortage", reason=words)
    ctx.session.refresh(campaign)
    if came:
        announcing.outcome(ctx, campaign, "arrived", found.digest[:16])
    announcing.progress(ctx, campaign)


def _take_off(ctx: Ctx, by_order: Mapping[Order, Sequence[Share]]) -> None:
    """Refund what is missing, order by order in ascending id, and end the orders of which nothing waits any more."""
    for order, shares in by_order.items():
        gone = {share.line: share.missing for share in shares if share.missing}
        if gone:
            returning.take_off(ctx, order, gone, CancelReason.SHORTAGE)
            returning.end(ctx, order, CancelReason.SHORTAGE)


def _clear(ctx: Ctx, found: Reckoning) -> None:
    """Nothing is short any more; what is nobody's after the moves is the surplus of its point."""
    left = Counter({(shelf.row.offer_id, shelf.point_id): shelf.units for shelf in found.shelves})
    for offer_id, moves in found.moves.items():
        for move in moves:
            left[offer_id, move.source] -= move.units
            left[offer_id, move.target] += move.units
    for share in found.shares:
        left[share.line.offer_id, share.order.point_id] -= share.gets
    for shelf in found.shelves:
        shelf.row.short = False
        shelf.row.surplus_units = left[shelf.row.offer_id, shelf.point_id]
    ctx.session.flush()
