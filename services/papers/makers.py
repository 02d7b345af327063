"""Whose paper it is: a leader's of an own campaign, or a desk's, which all staff of its point share."""

from __future__ import annotations

from domain.actors import Actor, Role
from models import Export, Leader, PaperLink, PickupStaff
from services.context import Ctx


def columns(ctx: Ctx) -> dict[str, int | None]:
    """Who asks, as the columns of a row; raises `Forbidden` for anybody but leaders and staff."""
    ctx.require(Role.LEADER, Role.STAFF)
    staff = ctx.actor.role is Role.STAFF
    return {"leader_id": None if staff else ctx.actor.id, "staff_id": ctx.actor.id if staff else None}


def actor_of(ctx: Ctx, row: Export | PaperLink) -> Actor:
    """Who asked for it."""
    if row.staff_id is None:
        leader = ctx.session.get_one(Leader, row.leader_id)
        return Actor(Role.LEADER, leader.id, resident_id=leader.resident_id)
    staff = ctx.session.get_one(PickupStaff, row.staff_id)
    return Actor(Role.STAFF, staff.id, staff.resident_id, staff.point_id)


def may_still_look(ctx: Ctx, row: Export | PaperLink) -> bool:
    """Whether who asked for it is a leader, or works at that desk, to this day."""
    if row.staff_id is None:
        return ctx.session.get_one(Leader, row.leader_id).state == "approved"
    return ctx.session.get_one(PickupStaff, row.staff_id).state == "active"
