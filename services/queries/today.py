"""A leader's day at one look: what is open, came in, is unpaid, is to be picked, handed over and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ScalarSelect, and_, exists, func, select

from domain.actors import Role
from domain.clock import SHANGHAI, business_date
from models import Campaign, Claim, Delivery, DeliveryLine, Order, OrderLine
from services.context import Ctx
from services.pickup.units import LIVE, WAITING


@dataclass(frozen=True)
class Today:
    """Sums in fen; "today" are orders that were placed since midnight in Shanghai and count.

    `to_pick_units` are confirmed and not picked yet; `to_hand_over` orders wait at their points; `claims_waiting` wait
    for the leader's answer, `shortages_waiting` campaigns for the leader's word.
    """

    open_campaigns: int
    orders_today: int
    counted_fen_today: int
    unpaid_orders: int
    unpaid_fen: int
    to_pick_units: int
    to_hand_over: int
    claims_waiting: int
    shortages_waiting: int


def today(ctx: Ctx) -> Today:
    """All of it for the acting leader's own campaigns: one statement."""
    ctx.require(Role.LEADER)
    mine = select(Campaign.id).where(Campaign.leader_id == ctx.actor.id)
    counted = and_(Order.campaign_id.in_(mine), Order.counted, Order.created_at >= _midnight(ctx))
    unpaid = and_(Order.campaign_id.in_(mine), Order.state == "pending_payment", Order.hold_until > ctx.now)
    there = exists().where(OrderLine.order_id == Order.id, WAITING)
    numbers = (
        _count(Campaign, and_(Campaign.leader_id == ctx.actor.id, Campaign.state == "open")),
        _count(Order, counted),
        _sum(Order.total_fen - Order.refunded_fen, counted),
        _count(Order, unpaid),
        _sum(Order.total_fen, unpaid),
        _formed(ctx),
        _planned(ctx),
        _count(Order, and_(Order.campaign_id.in_(mine), Order.state == "ready", there)),
        _count(Claim, and_(Claim.campaign_id.in_(mine), Claim.state == "asked")),
        _short(ctx),
    )
    opened, ordered, fen, unpaid_orders, unpaid_fen, formed, planned, *rest = ctx.session.execute(
        select(*numbers)
    ).one()
    return Today(opened, ordered, int(fen), unpaid_orders, int(unpaid_fen), int(formed) + int(planned), *rest)


def _midnight(ctx: Ctx) -> datetime:
    return datetime.combine(business_date(ctx.now), time(0), SHANGHAI)


def _count(table: type[Campaign] | type[Order] | type[Claim], fits: object) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(fits).scalar_subquery()  # type: ignore[arg-type]  # a condition


def _sum(column: object, fits: object) -> ScalarSelect[int]:
    total = func.coalesce(func.sum(column), 0)
    return select(total).where(fits).scalar_subquery()  # type: ignore[arg-type]  # a condition


def _formed(ctx: Ctx) -> ScalarSelect[int]:
    """Units of formed campaigns that were not dispatched: none of them is picked."""
    return (
        select(func.coalesce(func.sum(LIVE), 0))
        .join(Order, Order.id == OrderLine.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .where(Campaign.leader_id == ctx.actor.id, Campaign.state == "formed", Order.state == "confirmed")
        .scalar_subquery()
    )


def _planned(ctx: Ctx) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(DeliveryLine.planned_units), 0))
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(Campaign.leader_id == ctx.actor.id, Campaign.state == "fulfilling", Delivery.state == "planned")
        .scalar_subquery()
    )


def _short(ctx: Ctx) -> ScalarSelect[int]:
    return (
        select(func.count(Delivery.campaign_id.distinct()))
        .join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(Campaign.leader_id == ctx.actor.id, Campaign.state == "fulfilling", DeliveryLine.short)
        .scalar_subquery()
    )
