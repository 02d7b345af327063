"""Moving a campaign on: open, pause, extend, close, cancel, and a larger quota."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from blueprints.leader.campaign_schemas import DashboardSchema
from blueprints.leader.door import door
from blueprints.shared.schemas import At, Taken, Text, Whole
from domain.actors import Actor
from domain.errors import BeingChecked, ContentRefused, Invalid, NotFound, WrongState
from services.assembly import Lintuan
from services.campaigns import ending, opening, quotas
from services.campaigns.terms import MAX_UNITS
from services.context import Ctx
from services.flows import content_safety
from services.queries.dashboards import Dashboard, dashboard


class UntilSchema(Taken):
    """The new deadline."""

    closes_at = At(required=True)


class CancelCampaignSchema(Taken):
    """Why, in words that everybody reads."""

    reason = Text(255, required=True)


class QuotaSchema(Taken):
    """The new quota, larger than the present one."""

    quota = Whole(least=1, most=MAX_UNITS, required=True)


@door.post("/campaigns/<campaign_id>/schedule", shows=DashboardSchema(), flow=True,
           refuses=[NotFound, WrongState, Invalid, BeingChecked, ContentRefused])  # fmt: skip
def schedule_campaign(product: Lintuan, actor: Actor, campaign_id: str) -> Dashboard:
    """Let the clock open a draft at its `opens_at`; its words are checked first."""
    content_safety.settle_campaign(product, actor, campaign_id)
    with product.unit(actor) as ctx:
        opening.schedule(ctx, campaign_id)
        return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/open", shows=DashboardSchema(), flow=True,
           refuses=[NotFound, WrongState, Invalid, BeingChecked, ContentRefused])  # fmt: skip
def open_campaign(product: Lintuan, actor: Actor, campaign_id: str) -> Dashboard:
    """Open a draft or scheduled campaign now; its words are checked first."""
    content_safety.settle_campaign(product, actor, campaign_id)
    with product.unit(actor) as ctx:
        opening.open_now(ctx, campaign_id)
        return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/pause", shows=DashboardSchema(), refuses=[NotFound, WrongState])
def pause_campaign(ctx: Ctx, campaign_id: str) -> Dashboard:
    """Take no more orders for now."""
    opening.pause(ctx, campaign_id)
    return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/resume", shows=DashboardSchema(), refuses=[NotFound, WrongState])
def resume_campaign(ctx: Ctx, campaign_id: str) -> Dashboard:
    """Take orders again."""
    opening.resume(ctx, campaign_id)
    return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/extend", takes=UntilSchema(), shows=DashboardSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def extend_campaign(ctx: Ctx, campaign_id: str, body: Mapping[str, datetime]) -> Dashboard:
    """Set a later deadline, once; everybody with an order is told."""
    ending.extend(ctx, campaign_id, body["closes_at"])
    return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/close", shows=DashboardSchema(), refuses=[NotFound, WrongState])
def close_campaign(ctx: Ctx, campaign_id: str) -> Dashboard:
    """Close before the deadline; promised holds are kept, then the outcome is decided."""
    ending.close_now(ctx, campaign_id)
    return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/cancel", takes=CancelCampaignSchema(), shows=DashboardSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def cancel_campaign(ctx: Ctx, campaign_id: str, body: Mapping[str, str]) -> Dashboard:
    """Give up; the reason is shown, and what was paid and not collected goes back."""
    ending.cancel(ctx, campaign_id, body["reason"])
    return dashboard(ctx, campaign_id)


@door.post("/campaigns/<campaign_id>/offers/<offer_id>/quota", takes=QuotaSchema(), shows=DashboardSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def raise_quota(ctx: Ctx, campaign_id: str, offer_id: str, body: Mapping[str, int]) -> Dashboard:
    """Let more units be sold: the only change of an offer once the campaign is open."""
    quotas.raise_quota(ctx, campaign_id, offer_id, body["quota"])
    return dashboard(ctx, campaign_id)
