"""Whose campaign it is: the leader's own, or one that everybody may see."""

from __future__ import annotations

from domain.actors import Role
from models import Campaign
from services.context import Ctx
from services.finding import by_public_id


def own(ctx: Ctx, campaign_id: str) -> Campaign:
    """The acting leader's campaign in any state; raises `NotFound`, alike for a missing one and another's."""
    ctx.require(Role.LEADER)
    return by_public_id(ctx, Campaign, campaign_id, Campaign.leader_id == ctx.actor.id)


def public(ctx: Ctx, campaign_id: str) -> Campaign:
    """A campaign that left its draft; raises `NotFound`."""
    return by_public_id(ctx, Campaign, campaign_id, Campaign.state != "draft")
