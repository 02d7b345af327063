"""催付: reminding those who have not paid, each alone and once per order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from domain.clock import local_time
from domain.money import yuan
from domain.privacy import masked_name
from models import Campaign, Order, Resident
from services import audit, notices
from services.campaigns.finding import own
from services.context import Ctx
from services.notices import Notice


@dataclass(frozen=True)
class Nudged:
    """How many unpaid orders there are, and how many owners were told by this call."""

    unpaid: int
    told: int


def nudge(ctx: Ctx, campaign_id: str) -> Nudged:
    """Tell the owners of unpaid orders of the acting leader's campaign, once per order; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    orders = ctx.session.scalars(_unpaid(ctx, campaign)).all()
    told = notices.tell_all(ctx, "reminder", {order: _notice(campaign, order) for order in orders})
    audit.record(ctx, "campaign", campaign.id, "nudge", reason=f"{told} of {len(orders)}")
    return Nudged(len(orders), told)


def unpaid_names(ctx: Ctx, campaign_id: str) -> list[str]:
    """Masked names of those who have not paid, for the campaign's own leader alone; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    ids = _unpaid(ctx, campaign).with_only_columns(Order.resident_id)
    people = ctx.session.scalars(select(Resident).where(Resident.id.in_(ids)).order_by(Resident.id))
    return [masked_name(person.nickname, person.anonymous) for person in people]


def _unpaid(ctx: Ctx, campaign: Campaign) -> Select[Order]:
    waiting = (Order.state == "pending_payment", Order.hold_until > ctx.now)
    return select(Order).where(Order.campaign_id == campaign.id, *waiting).order_by(Order.id)


def _notice(campaign: Campaign, order: Order) -> Notice:
    body = f"「{campaign.title}」{yuan(order.total_fen)} 待付款，{local_time(order.hold_until)} 前有效，过时自动取消。"
    return Notice(f"unpaid:{order.id}", "还差付款", body)
