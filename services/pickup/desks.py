"""Who may act at which desk: staff at their point, a leader at all points of own campaigns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain.actors import Role
from models import Campaign, CampaignPoint, Delivery, Leader, Order, PickupPoint, PickupStaff
from services.context import Ctx
from services.finding import by_public_id


def within_reach(ctx: Ctx, table: type[Order] | type[Delivery]) -> list[ColumnElement[bool]]:
    """What the actor's desk sees of orders or deliveries, as conditions; raises `Forbidden` for other roles."""
    ctx.require(Role.STAFF, Role.LEADER)
    columns: Any = table
    conditions: list[ColumnElement[bool]] = []
    if ctx.actor.role is Role.LEADER:
        own = select(Campaign.id).where(Campaign.leader_id == ctx.actor.id)
        conditions.append(columns.campaign_id.in_(own))
    if ctx.actor.role is Role.STAFF or ctx.actor.point_id is not None:
        conditions.append(columns.point_id == ctx.actor.point_id)
    return conditions


def leader_at(ctx: Ctx, point_id: str) -> Ctx:
    """The acting leader at the desk of a point (public id) of own campaigns; raises `NotFound`."""
    ctx.require(Role.LEADER)
    own = exists().where(
        CampaignPoint.point_id == PickupPoint.id,
        CampaignPoint.campaign_id == Campaign.id,
        Campaign.leader_id == ctx.actor.id,
    )
    point = by_public_id(ctx, PickupPoint, point_id, own)
    return ctx.acting_as(replace(ctx.actor, point_id=point.id))


def name(ctx: Ctx) -> str:
    """The display name under which the actor hands over."""
    if ctx.actor.role is Role.LEADER:
        return ctx.session.get_one(Leader, ctx.actor.id).display_name
    return ctx.session.get_one(PickupStaff, ctx.actor.id).display_name
