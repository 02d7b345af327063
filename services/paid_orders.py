"""The moment an order starts to count: roster number, counters, the buyer's notice, and what it sets off."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from domain.actors import SYSTEM
from domain.campaigns import CloseReason
from models import Campaign, Offer, Order
from services import announcing, closing, counting, transitions
from services.context import Ctx
from services.queries.campaigns import progress_of

_UNSOLD = (
    select(Offer.id)
    .where(Offer.campaign_id == bindparam("campaign"), Offer.quota.is_(None) | (Offer.sold_units < Offer.quota))
    .limit(1)
)


def start_counting(ctx: Ctx, order: Order, campaign: Campaign, paid_fen: int, *, paid: bool = True) -> None:
    """Move the order to paid, give it the next number, count it, and close the campaign if that was the last one.

    One that is paid on pickup (`paid` false) is confirmed at once instead.
    """
    if paid:
        transitions.move(ctx, order, "pay", paid_fen=paid_fen, paid_at=ctx.now)
    else:
        transitions.move(ctx, order, "accept")
    counting.count(ctx, order)
    ctx.session.refresh(campaign)
    counted(ctx, campaign)


def counted(ctx: Ctx, campaign: Campaign, *, unsold: bool = False) -> Campaign | None:
    """What follows from a higher count: the chats hear it, and the campaign closes if that was the last one.

    `campaign` may be what only looks like its row; it is `unsold` where one of its offers, which the caller holds, is
    known to be so. Returns the row if it closed.
    """
    announcing.progress(ctx, campaign)
    reason = _reason_to_close(ctx, campaign, unsold)
    if reason is None:
        return None
    row = ctx.session.get_one(Campaign, campaign.id)
    closing.close(ctx.acting_as(SYSTEM), row, reason)
    return row


def _reason_to_close(ctx: Ctx, campaign: Campaign, unsold: bool) -> CloseReason | None:
    if campaign.state not in ("open", "paused"):
        return None
    if campaign.close_on_target and campaign.minimum and progress_of(campaign).is_reached:
        return CloseReason.TARGET_MET
    if unsold:
        return None
    sold_out = ctx.session.connection().execute(_UNSOLD, {"campaign": campaign.id}).first() is None
    return CloseReason.SOLD_OUT if sold_out else None
