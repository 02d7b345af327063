"""A device takes its place at a desk: the invitation is used up and the device gets a session of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Unauthenticated
from models import PickupPoint, PickupStaff, Session
from services import audit, sessions, staffing
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id


@dataclass(frozen=True)
class JoinDesk:
    """The invitation's code, the name under which one hands over, and what the device is called."""

    code: str
    display_name: str
    device: str


@dataclass(frozen=True)
class EnterDesk:
    """A point (public id) where one works already, and what the device is called."""

    point_id: str
    device: str


@dataclass(frozen=True)
class Desk:
    """Where one works; `name_check` says where the check of one's name stands, "" once others read it."""

    staff_id: str
    display_name: str
    point_id: str
    point: str
    address: str
    hours: str
    name_check: str = ""


@dataclass(frozen=True)
class JoinedDesk:
    """The desk and the device's token, which is shown this once."""

    token: str
    desk: Desk


@dataclass(frozen=True)
class OwnDesk:
    """The desk, and until when this device is logged in."""

    desk: Desk
    expires_at: datetime


def join(ctx: Ctx, command: JoinDesk) -> JoinedDesk:
    """Work at the point that invited the acting resident, on this device; raises what `staffing.join` raises."""
    staff = staffing.join(ctx, command.code, command.display_name)
    token = sessions.open_session(
        ctx, "station", resident_id=ctx.resident_id, staff_id=staff.id, device=command.device
    )  # fmt: skip
    return JoinedDesk(token, _desk(ctx, staff))


def enter(ctx: Ctx, command: EnterDesk) -> JoinedDesk:
    """Log another device in, or one whose session is over, at a desk where the acting resident works.

    Raises `NotFound` for a point where they do not, and `Unauthenticated` for a login older than the last time one of
    their devices was shut out there: a lost phone does not come back by the login that is still on it.
    """
    ctx.require(Role.RESIDENT)
    at_desk = (PickupStaff.resident_id == ctx.resident_id, PickupStaff.state == "active")
    own = select(PickupStaff.point_id).where(*at_desk)
    point = by_public_id(ctx, PickupPoint, command.point_id, PickupPoint.id.in_(own))
    staff = ctx.session.scalars(select(PickupStaff).where(*at_desk, PickupStaff.point_id == point.id)).one()
    _refuse_older_login(ctx, staff)
    token = sessions.open_session(
        ctx, "station", resident_id=ctx.resident_id, staff_id=staff.id, device=command.device
    )  # fmt: skip
    audit.record(ctx, "pickup_staff", staff.id, "enter")
    return JoinedDesk(token, _desk(ctx, staff))


def _refuse_older_login(ctx: Ctx, staff: PickupStaff) -> None:
    began = select(Session.created_at).where(Session.id == ctx.actor.session_id).scalar_subquery()
    shut_out = select(Session.id).where(Session.staff_id == staff.id, Session.revoked_at > began)
    if ctx.session.scalars(shut_out.limit(1)).first() is not None:
        raise Unauthenticated


def mine(ctx: Ctx) -> OwnDesk:
    """The acting staff member's desk: three statements."""
    ctx.require(Role.STAFF)
    desk = _desk(ctx, ctx.session.get_one(PickupStaff, ctx.actor.id))
    expires_at = ctx.session.scalars(select(Session.expires_at).where(Session.id == ctx.actor.session_id)).one()
    return OwnDesk(desk, expires_at)


def _desk(ctx: Ctx, staff: PickupStaff) -> Desk:
    point = ctx.session.get_one(PickupPoint, staff.point_id)
    waits = rows.own(ctx, Subject.STAFF, [staff.id]).get(staff.id, rows.SEEN)
    name = waits.words.get("display_name", staff.display_name)
    return Desk(staff.public_id, name, point.public_id, point.name, point.address, point.hours, waits.state)
