"""Communities, a leader's pickup points, and who works at one on which devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import not_, select

from domain.actors import Role
from domain.content import Subject
from models import Community, PickupPoint, PickupStaff, Session
from services.communities import own_point
from services.content_safety import holding
from services.content_safety import rows as held_words
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class CommunityView:
    """A neighbourhood."""

    id: str
    name: str


@dataclass(frozen=True)
class PointRow:
    """A pickup point of a leader; `words_check` says where the check of its words stands, "" once others read them."""

    id: str
    name: str
    address: str
    hours: str
    active: bool
    words_check: str = ""


@dataclass(frozen=True)
class DeviceView:
    """A device on which a staff member is logged in now."""

    id: str
    device: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class StaffView:
    """Somebody at the desk of a point; only active ones have devices."""

    id: str
    display_name: str
    state: str
    created_at: datetime
    devices: list[DeviceView]


def communities(ctx: Ctx, page: Page) -> Slice[CommunityView]:
    """All communities, newest first: one statement."""
    statement = select(Community).where(older(Community.id, page)).order_by(Community.id.desc())
    rows = ctx.session.scalars(statement.limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: row.id, community_view)


def community_view(community: Community) -> CommunityView:
    """A neighbourhood as everybody sees it."""
    return CommunityView(community.public_id, community.name)


def points_of_community(ctx: Ctx, community_id: str, page: Page) -> Slice[PointRow]:
    """The points in use of a community (public id), newest first: two statements; raises `NotFound`."""
    community = by_public_id(ctx, Community, community_id)
    seen = not_(holding.unseen(Subject.POINT, PickupPoint.id))
    there = (PickupPoint.community_id == community.id, PickupPoint.active, older(PickupPoint.id, page))
    statement = select(PickupPoint).where(*there, seen).order_by(PickupPoint.id.desc()).limit(page.limit + 1)
    return sliced(ctx.session.scalars(statement).all(), page, lambda row: row.id, point_row)


def own_points(ctx: Ctx, page: Page) -> Slice[PointRow]:
    """The acting leader's pickup points, newest first: one statement, two with the check of words on."""
    ctx.require(Role.LEADER)
    mine = (PickupPoint.leader_id == ctx.actor.id, older(PickupPoint.id, page))
    statement = select(PickupPoint).where(*mine).order_by(PickupPoint.id.desc()).limit(page.limit + 1)
    points = ctx.session.scalars(statement).all()
    waits = held_words.own(ctx, Subject.POINT, [point.id for point in points])
    states = {point.id: waits.get(point.id, held_words.SEEN).state for point in points}
    return sliced(points, page, lambda row: row.id, lambda row: point_row(row, states[row.id]))


def own_point_row(ctx: Ctx, point: PickupPoint) -> PointRow:
    """A pickup point as its leader sees it: one statement with the check of words on."""
    return point_row(point, held_words.own(ctx, Subject.POINT, [point.id]).get(point.id, held_words.SEEN).state)


def point_row(point: PickupPoint, checked: str = "") -> PointRow:
    """A pickup point, and where the check of its words stands."""
    return PointRow(point.public_id, point.name, point.address, point.hours, point.active, checked)


def staff_of_point(ctx: Ctx, point_id: str, page: Page) -> Slice[StaffView]:
    """Everybody who worked or works at an own point, newest first: three statements; raises `NotFound`."""
    point = own_point(ctx, point_id)
    at_point = (PickupStaff.point_id == point.id, older(PickupStaff.id, page))
    statement = select(PickupStaff).where(*at_point).order_by(PickupStaff.id.desc()).limit(page.limit + 1)
    rows = ctx.session.scalars(statement).all()
    devices = _devices(ctx, [row.id for row in rows])
    return sliced(rows, page, lambda row: row.id, lambda row: staff_view(row, devices.get(row.id, [])))


def staff_view(staff: PickupStaff, devices: list[DeviceView]) -> StaffView:
    """A staff member with the given devices."""
    return StaffView(staff.public_id, staff.display_name, staff.state, staff.created_at, devices)


def _devices(ctx: Ctx, staff: list[int]) -> dict[int | None, list[DeviceView]]:
    alive = (Session.revoked_at.is_(None), Session.expires_at > ctx.now)
    statement = select(Session).where(Session.staff_id.in_(staff), *alive).order_by(Session.id)
    found: dict[int | None, list[DeviceView]] = {}
    for row in ctx.session.scalars(statement):
        view = DeviceView(row.public_id, row.device, row.created_at, row.expires_at)
        found.setdefault(row.staff_id, []).append(view)
    return found
