"""Less came than was ordered: the leader sees who would get what, and commits exactly that or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from domain.errors import NotAllCounted, PlanChanged, WrongState
from models import Campaign, Delivery, DeliveryLine, Order, OrderLine
from services import closing, transitions
from services.campaigns.finding import own
from services.context import Ctx
from services.pickup import sharing_out
from services.pickup.reckoning import reckon
from services.pickup.units import TO_COME
from services.queries.shortages import ShortagePlan, shown


@dataclass(frozen=True)
class CommitShortage:
    """The leader's word for a campaign (public id): carry out the plan with this digest."""

    campaign_id: str
    plan_digest: str


def plan(ctx: Ctx, campaign_id: str) -> ShortagePlan:
    """What a commit would do now, changing nothing; without a shortage nothing is in it. Raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    return shown(ctx, campaign, reckon(ctx, campaign))


def commit(ctx: Ctx, command: CommitShortage) -> ShortagePlan:
    """Give out what came, refund what never comes, tell everybody touched; returns what was done.

    Raises `NotFound`, `WrongState` (nothing is short), `NotAllCounted`, or `PlanChanged` when the outcome would be
    another than the one the leader saw.
    """
    campaign = own(ctx, command.campaign_id)
    _lock(ctx, campaign)
    found = reckon(ctx, campaign)
    if found.digest != command.plan_digest:
        raise PlanChanged
    if campaign.state != "fulfilling" or not found.shelves:
        raise WrongState(state=campaign.state, event="commit")
    if found.waits_for:
        raise NotAllCounted(points="、".join(found.waits_for))
    answer = shown(ctx, campaign, found)
    sharing_out.carry_out(ctx, campaign, found)
    return answer


def _lock(ctx: Ctx, campaign: Campaign) -> None:
    """Hold all that the plan is made of, in everybody's order: orders, offers, the campaign; shelves between."""
    ctx.session.flush()
    to_come = exists().where(OrderLine.order_id == Order.id, TO_COME)
    orders = select(Order.id).where(Order.campaign_id == campaign.id, Order.state.in_(("confirmed", "ready")), to_come)
    ctx.session.execute(orders.order_by(Order.id).with_for_update())
    shelves = select(DeliveryLine.id).join(Delivery, Delivery.id == DeliveryLine.delivery_id)
    mine = shelves.where(Delivery.campaign_id == campaign.id).order_by(DeliveryLine.id)
    ctx.session.execute(mine.with_for_update(of=DeliveryLine))
    closing.lock_offers(ctx, campaign)
    transitions.lock(ctx, campaign)
