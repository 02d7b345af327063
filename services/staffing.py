"""The people at a point's desk: invited by a one-time code, gone with all their devices at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import Role
from domain.content import Subject
from domain.errors import NotFound
from domain.ids import new_id
from domain.state_tables import STAFF
from models import PickupPoint, PickupStaff, Session
from services import audit, one_time_codes, sessions
from services.communities import own_point
from services.content_safety import holding, rows
from services.context import Ctx
from services.finding import by_public_id
from services.one_time_codes import IssuedCode
from services.transitions import move
from services.writing import changed, insert_ignoring

UNNAMED = "店员"
"""How somebody at a desk is called whose name has not passed."""


def invite(ctx: Ctx, point_id: str) -> IssuedCode:
    """A code with which one person may join an own point, once, within a day.

    Raises `NotFound`, and `BeingChecked` or `ContentRefused` for a point that nobody may read of yet.
    """
    point = own_point(ctx, point_id)
    holding.require_passed(ctx, Subject.POINT, point.id)
    issued = one_time_codes.make(ctx, "join_staff", point.id, lifetime=timedelta(hours=ctx.policy.staff_invite_hours))
    audit.record(ctx, "pickup_point", point.id, "invite")
    return issued


def join(ctx: Ctx, code: str, display_name: str) -> PickupStaff:
    """Work at the point that invited the acting resident; somebody who left or was removed returns.

    Others read the name once it has passed, until then the earlier one or UNNAMED.

    Raises `CodeWrong`, `CodeExpired`, and `WrongState` for somebody who works there already.
    """
    ctx.require(Role.RESIDENT)
    point_id = one_time_codes.use(ctx, "join_staff", code).subject_id
    fresh = insert_ignoring(
        ctx.session, PickupStaff, ["point_id", "resident_id"], public_id=new_id("PickupStaff", ctx.now),
        point_id=point_id, resident_id=ctx.resident_id, display_name=display_name, state=STAFF.initial,
        created_at=ctx.now,
    )  # fmt: skip
    mine = (PickupStaff.point_id == point_id, PickupStaff.resident_id == ctx.resident_id)
    staff = ctx.session.scalars(select(PickupStaff).where(*mine)).one()
    if fresh:
        audit.record(ctx, STAFF.name, staff.id, "join", states=("", staff.state))
        earlier = UNNAMED
    else:
        earlier = staff.display_name
        move(ctx, staff, "return", display_name=display_name)
    rows.keep_back(ctx, Subject.STAFF, staff, {"display_name": earlier})
    return staff


def leave(ctx: Ctx) -> PickupStaff:
    """The acting staff member leaves the point; every device is shut out at once."""
    ctx.require(Role.STAFF)
    staff = ctx.session.get_one(PickupStaff, ctx.actor.id)
    return _gone(ctx, staff, "leave", "")


def remove(ctx: Ctx, staff_id: str, reason: str = "") -> PickupStaff:
    """Take somebody off an own point (an operator: off any), all devices at once; raises `NotFound`, `WrongState`."""
    return _gone(ctx, _reachable(ctx, staff_id), "remove", reason)


def revoke_device(ctx: Ctx, session_id: str) -> None:
    """Shut out one device of somebody at an own point (a lost phone); raises `NotFound` for any other or a dead one."""
    ctx.require(Role.LEADER)
    own_staff = select(PickupStaff.id).join(PickupPoint).where(PickupPoint.leader_id == ctx.actor.id)
    device = by_public_id(ctx, Session, session_id, Session.staff_id.in_(own_staff))
    alive = update(Session).where(Session.id == device.id, Session.revoked_at.is_(None))
    if not changed(ctx.session, alive.values(revoked_at=ctx.now)):
        raise NotFound
    audit.record(ctx, "session", device.id, "revoke")


def _reachable(ctx: Ctx, staff_id: str) -> PickupStaff:
    ctx.require(Role.LEADER, Role.OPERATOR)
    if ctx.actor.role is Role.OPERATOR:
        return by_public_id(ctx, PickupStaff, staff_id)
    own_points = select(PickupPoint.id).where(PickupPoint.leader_id == ctx.actor.id)
    return by_public_id(ctx, PickupStaff, staff_id, PickupStaff.point_id.in_(own_points))


def _gone(ctx: Ctx, staff: PickupStaff, event: str, reason: str) -> PickupStaff:
    move(ctx, staff, event, reason=reason)
    sessions.revoke_all(ctx, staff_id=staff.id)
    return staff
