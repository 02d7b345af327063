"""The one thing of an offer that may change after opening: its quota, upward."""

from __future__ import annotations

from sqlalchemy import select, update

from domain.errors import Invalid, WrongState
from models import Campaign, Offer
from services import announcing, audit
from services.campaigns.finding import own
from services.campaigns.terms import MAX_UNITS
from services.context import Ctx
from services.finding import by_public_id
from services.writing import changed

_RUNNING = ("draft", "scheduled", "open", "paused")


def raise_quota(ctx: Ctx, campaign_id: str, offer_id: str, quota: int) -> Offer:
    """Let more units be sold; never fewer than before, so never fewer than are held and sold.

    Raises `NotFound`, `WrongState` once it is closed, `Invalid` unless `quota` is larger than the present one.
    """
    campaign = own(ctx, campaign_id)
    offer = by_public_id(ctx, Offer, offer_id, Offer.campaign_id == campaign.id)
    if quota > MAX_UNITS:
        raise Invalid(f"At most {MAX_UNITS} units.", field="quota")
    running = select(Campaign.id).where(Campaign.id == campaign.id, Campaign.state.in_(_RUNNING))
    statement = update(Offer).where(
        Offer.id == offer.id, Offer.state == "open", Offer.quota < quota,
        Offer.held_units + Offer.sold_units <= quota, Offer.campaign_id.in_(running),
    )  # fmt: skip
    if not changed(ctx.session, statement.values(quota=quota)):
        _refuse(ctx, campaign, offer)
    changed(ctx.session, update(Campaign).where(Campaign.id == campaign.id).values(revision=Campaign.revision + 1))
    ctx.session.refresh(offer)
    ctx.session.refresh(campaign)
    audit.record(ctx, "offer", offer.id, "raise_quota", reason=f"加到 {quota}")
    announcing.progress(ctx, campaign)
    return offer


def _refuse(ctx: Ctx, campaign: Campaign, offer: Offer) -> None:
    ctx.session.refresh(offer)
    ctx.session.refresh(campaign)
    if campaign.state not in _RUNNING:
        raise WrongState(state=campaign.state, event="raise_quota")
    raise Invalid("The quota can only grow.", field="quota", quota=offer.quota)
