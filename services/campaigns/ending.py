"""The leader's word on the end: close now, extend once, cancel; an operator may cancel anybody's."""

from __future__ import annotations

from datetime import datetime

from domain.actors import Role
from domain.campaigns import CloseReason
from domain.errors import Invalid, WrongState
from models import Campaign
from services import closing
from services.campaigns.finding import own, public
from services.context import Ctx


def close_now(ctx: Ctx, campaign_id: str) -> Campaign:
    """Close before the deadline; raises `NotFound`, `WrongState` when it is not running."""
    campaign = own(ctx, campaign_id)
    if not closing.close(ctx, campaign, CloseReason.LEADER):
        raise WrongState(state=campaign.state, event="close")
    return campaign


def cancel(ctx: Ctx, campaign_id: str, reason: str) -> Campaign:
    """Give up a campaign, `reason` shown to everybody; whatever was paid and not collected goes back.

    A leader gives up an own one, an operator any that left its draft. Raises `NotFound`, or `WrongState`.
    """
    campaign = public(ctx, campaign_id) if ctx.actor.role is Role.OPERATOR else own(ctx, campaign_id)
    closing.cancel(ctx, campaign, reason)
    return campaign


def extend(ctx: Ctx, campaign_id: str, until: datetime) -> Campaign:
    """Set a later deadline, once, while no outcome is stored; everybody with a live order is told.

    Raises `NotFound`, `Invalid` unless `until` is later than the deadline and than now, `WrongState`.
    """
    campaign = own(ctx, campaign_id)
    if until <= campaign.closes_at or until <= ctx.now:
        raise Invalid("The new deadline is later than the old one, and in the future.", field="closes_at")
    if not closing.extend(ctx, campaign, until):
        raise WrongState(state=campaign.state, event="extend")
    return campaign
