"""Opening a campaign now or at its time, pausing and resuming it."""

from __future__ import annotations

from sqlalchemy import select

from domain.errors import Invalid
from models import Campaign
from services import announcing, following
from services.campaigns.finding import own
from services.content_safety import campaigns as page_check
from services.context import Ctx
from services.transitions import move, try_move


def schedule(ctx: Ctx, campaign_id: str) -> Campaign:
    """Let the clock open a draft at its `opens_at`; raises `Invalid` unless that lies ahead, `WrongState`.

    `BeingChecked` or `ContentRefused` before its words have passed.
    """
    campaign = own(ctx, campaign_id)
    if campaign.opens_at <= ctx.now:
        raise Invalid("The opening lies in the future, or open it now.", field="opens_at")
    page_check.require_passed(ctx, campaign)
    move(ctx, campaign, "schedule", revision=Campaign.revision + 1)
    return campaign


def open_now(ctx: Ctx, campaign_id: str) -> Campaign:
    """Open a draft or scheduled campaign this instant; raises `Invalid` once its deadline is past, `WrongState`.

    `BeingChecked` or `ContentRefused` before its words have passed.
    """
    campaign = own(ctx, campaign_id)
    if campaign.closes_at <= ctx.now:
        raise Invalid("The deadline is past; write a new one first.", field="closes_at")
    page_check.require_passed(ctx, campaign)
    move(ctx, campaign, "open", opens_at=ctx.now, revision=Campaign.revision + 1)
    _tell(ctx, campaign)
    return campaign


def open_due(ctx: Ctx, limit: int = 100) -> int:
    """Open scheduled campaigns whose time has come, for the clock; returns how many this call opened.

    One whose whole window passed while nobody was awake is opened all the same: the closing sweep ends it.
    """
    statement = (
        select(Campaign)
        .where(Campaign.state == "scheduled", Campaign.opens_at <= ctx.now)
        .order_by(Campaign.opens_at, Campaign.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return sum(_open_due(ctx, campaign) for campaign in ctx.session.scalars(statement).all())


def _open_due(ctx: Ctx, campaign: Campaign) -> bool:
    opened = try_move(ctx, campaign, "open", where=Campaign.opens_at <= ctx.now, revision=Campaign.revision + 1)
    if opened and campaign.closes_at > ctx.now:
        _tell(ctx, campaign)
    return opened


def _tell(ctx: Ctx, campaign: Campaign) -> None:
    announcing.outcome(ctx, campaign, "opened")
    following.tell_opened(ctx, campaign)


def pause(ctx: Ctx, campaign_id: str) -> Campaign:
    """Take no more orders for now; what is held or paid stays. Raises `NotFound`, `WrongState`."""
    return _switch(ctx, campaign_id, "pause", "paused")


def resume(ctx: Ctx, campaign_id: str) -> Campaign:
    """Take orders again. Raises `NotFound`, `WrongState`."""
    return _switch(ctx, campaign_id, "resume", "resumed")


def _switch(ctx: Ctx, campaign_id: str, event: str, told: str) -> Campaign:
    campaign = own(ctx, campaign_id)
    move(ctx, campaign, event, revision=Campaign.revision + 1)
    announcing.outcome(ctx, campaign, told)
    return campaign
