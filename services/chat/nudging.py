"""催付: reminding those who have not paid, each alone and once a day per order, never at night."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from domain.clock import business_date, is_quiet, local_time
from domain.errors import QuietHours
from domain.money import yuan
from domain.privacy import masked_name
from models import Campaign, Notification, Order, Resident
from services import audit, notices
from services.campaigns.finding import own
from services.context import Ctx
from services.notices import Notice


@dataclass(frozen=True)
class Nudged:
    """How many unpaid orders there are, and of how many the owners were told by this call or `already` today.

    Of those told before today's call `unreachable` heard it on the page only: no push went out to them.
    """

    unpaid: int
    told: int
    already: int
    unreachable: int


def nudge(ctx: Ctx, campaign_id: str) -> Nudged:
    """Tell the owners of unpaid orders of the acting leader's campaign, once a day per order.

    Raises `NotFound`, and `QuietHours` at night.
    """
    campaign = own(ctx, campaign_id)
    if is_quiet(ctx.now):
        raise QuietHours
    orders = ctx.session.scalars(_unpaid(ctx, campaign)).all()
    causes = [_cause(ctx, order) for order in orders]
    only_page = (Notification.cause.in_(causes), Notification.reached_by == "page")
    unreachable = ctx.session.scalar(select(func.count()).select_from(Notification).where(*only_page)) or 0
    told = notices.tell_all(ctx, "reminder", {order: _notice(ctx, campaign, order) for order in orders})
    audit.record(ctx, "campaign", campaign.id, "nudge", reason=f"{len(orders)} 单里提醒了 {told} 单")
    return Nudged(len(orders), told, len(orders) - told - unreachable, unreachable)


def unpaid_names(ctx: Ctx, campaign_id: str) -> list[str]:
    """Masked names of those who have not paid, for the campaign's own leader alone; raises `NotFound`."""
    campaign = own(ctx, campaign_id)
    ids = _unpaid(ctx, campaign).with_only_columns(Order.resident_id)
    people = ctx.session.scalars(select(Resident).where(Resident.id.in_(ids)).order_by(Resident.id))
    return [masked_name(person.nickname, person.anonymous) for person in people]


def _unpaid(ctx: Ctx, campaign: Campaign) -> Select[Order]:
    waiting = (Order.state == "pending_payment", Order.hold_until > ctx.now)
    return select(Order).where(Order.campaign_id == campaign.id, *waiting).order_by(Order.id)


def _cause(ctx: Ctx, order: Order) -> str:
    return f"unpaid:{order.id}:{business_date(ctx.now)}"


def _notice(ctx: Ctx, campaign: Campaign, order: Order) -> Notice:
    body = f"「{campaign.title}」{yuan(order.total_fen)} 待付款，{local_time(order.hold_until)} 前有效，过时自动取消。"
    return Notice(_cause(ctx, order), "还差付款", body)
