"""The end of the way: collected orders after their after-sales time, campaigns when every order has ended."""

from __future__ import annotations

from sqlalchemy import exists, select

from models import Campaign, Order
from services.aftersales import open_claims
from services.context import Ctx
from services.transitions import move_all

UNFINISHED = ("pending_payment", "paid", "confirmed", "ready", "collected")


def complete_orders(ctx: Ctx, limit: int = 500) -> int:
    """Complete collected orders whose after-sales time is over and about which no claim is open; returns how many."""
    due = (
        select(Order.id)
        .where(Order.state == "collected", Order.aftersales_until <= ctx.now, ~open_claims.OF_ORDER)
        .order_by(Order.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(ctx.session.scalars(due))
    return len(move_all(ctx, Order, "complete", Order.id.in_(ids), Order.aftersales_until <= ctx.now)) if ids else 0


def complete_campaigns(ctx: Ctx, limit: int = 100) -> int:
    """Complete settled campaigns in which no order is under way; returns how many."""
    under_way = exists().where(Order.campaign_id == Campaign.id, Order.state.in_(UNFINISHED))
    due = (
        select(Campaign.id)
        .where(Campaign.state.in_(("formed", "fulfilling")), Campaign.settled_at.is_not(None), ~under_way)
        .order_by(Campaign.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(ctx.session.scalars(due))
    if not ids:
        return 0
    return len(move_all(ctx, Campaign, "complete", Campaign.id.in_(ids), ~under_way, revision=Campaign.revision + 1))
