"""When shared cards must change: outbox rows in the transaction of the cause, one for a rush and one for each end."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from models import Campaign, Share
from services import outbox
from services.context import Ctx

DEBOUNCE = timedelta(seconds=3)
ENDINGS = ("closed", "formed", "failed", "cancelled")


def living(ctx: Ctx, campaign_id: int) -> list[ColumnElement[bool]]:
    """The condition for cards of a campaign that can still be changed."""
    return [Share.campaign_id == campaign_id, Share.expires_at > ctx.now, Share.over_reason == ""]


def changed(ctx: Ctx, campaign: Campaign) -> None:
    """The count changed: one message for all cards of the campaign, however many orders come in the meantime."""
    if ctx.session.scalars(select(Share.id).where(*living(ctx, campaign.id)).limit(1)).first() is None:
        return
    outbox.enqueue(
        ctx, "share_spread", f"shares:{campaign.id}:{campaign.revision}",
        {"campaign": campaign.public_id, "at": int(ctx.now.timestamp() * 1000)},
        coalesce_key=f"shares:{campaign.id}", due_at=ctx.now + DEBOUNCE, must=True,
    )  # fmt: skip


def happened(ctx: Ctx, campaign: Campaign, what: str) -> None:
    """The campaign closed or has its outcome: every living card is told by a message of its own, which never merges."""
    if what in ENDINGS:
        spread(ctx, campaign, what)


def spread(ctx: Ctx, campaign: Campaign, why: str) -> int:
    """One message for each living card; returns how many are new."""
    shares = ctx.session.scalars(select(Share.id).where(*living(ctx, campaign.id)).order_by(Share.id)).all()
    payloads = {f"share:{share}:{why}:{campaign.revision}": {"share": share} for share in shares}
    return outbox.enqueue_all(ctx, "share_update", payloads, must=True)


def one(ctx: Ctx, share_id: int, why: str, *, after: timedelta = timedelta(), soon: bool = False) -> None:
    """Have one card looked at after a while, once for each `why`; `soon` is the card's call to come before the end."""
    payload: dict[str, object] = {"share": share_id, "soon": True} if soon else {"share": share_id}
    outbox.enqueue(ctx, "share_update", f"share:{share_id}:{why}", payload, due_at=ctx.now + after, must=True)
