"""What bound chats and shared cards of a campaign must be told, as outbox rows: the sender renders that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select

from models import Campaign, ChatBinding, ChatCampaign
from services import outbox
from services.chat import share_queue
from services.context import Ctx

LIVE_COUNT = outbox.Rest(timedelta(seconds=3), timedelta(seconds=13))
"""With the sweeps that follow, a second each, no card is more than fifteen seconds behind."""
_CHATS = (
    select(ChatCampaign.binding_id)
    .join(ChatBinding, ChatBinding.id == ChatCampaign.binding_id)
    .where(ChatCampaign.campaign_id == bindparam("campaign"), ChatBinding.dead_reason == "")
    .order_by(ChatCampaign.binding_id)
)


def progress(ctx: Ctx, campaign: Campaign) -> None:
    """The count changed: refresh cards that can be edited; what is said in words is the sender's decision.

    Rows coalesce and rest, so a rush makes one message per chat and not one per order.
    """
    _refresh(ctx, campaign)
    share_queue.changed(ctx, campaign)


def outcome(ctx: Ctx, campaign: Campaign, what: str, of: str = "") -> None:
    """Something happened that the group must hear, once for each time it happens.

    `what` is opened, closed, formed, failed, cancelled, extended, paused, resumed, arrived or last_day;
    the campaign's revision
    tells one time from the next, `of` (a public id) does where the campaign itself has not moved.
    """
    for chat in _chats(ctx, campaign):
        outbox.enqueue(
            ctx, "chat_outcome", f"{what}:{campaign.id}:{campaign.revision}:{of}:{chat}",
            {**_payload(campaign, chat), "what": what}, must=True,
        )  # fmt: skip
    if what != "opened":
        _refresh(ctx, campaign, what)
    share_queue.happened(ctx, campaign, what)


def _refresh(ctx: Ctx, campaign: Campaign, why: str = "count") -> None:
    for chat in _chats(ctx, campaign):
        outbox.enqueue(
            ctx, "chat_progress", f"progress:{campaign.id}:{campaign.revision}:{why}:{chat}", _payload(campaign, chat),
            coalesce_key=f"progress:{campaign.id}:{chat}", rests=LIVE_COUNT,
        )  # fmt: skip


def _chats(ctx: Ctx, campaign: Campaign) -> Sequence[int]:
    return ctx.session.connection().execute(_CHATS, {"campaign": campaign.id}).scalars().all()


def _payload(campaign: Campaign, binding_id: int) -> dict[str, object]:
    return {"campaign": campaign.public_id, "binding": binding_id}
