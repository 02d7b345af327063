"""Pickup points and the people at their desks, as operators read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, not_, select

from domain.actors import Role
from domain.content import Subject
from domain.privacy import masked_name
from models import Community, Leader, Order, PickupPoint, PickupStaff, Resident, Session
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries import console_history
from services.queries.console_history import Done
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class PointLine:
    """A pickup point in the list; `waiting` orders stand there."""

    id: str
    name: str
    address: str
    hours: str
    community: str
    leader: str
    leader_id: str
    active: bool
    fee_fen: int
    has_keeper: bool
    waiting: int


@dataclass(frozen=True)
class Clerk:
    """Somebody at the desk, and on how many devices they are logged in now."""

    id: str
    name: str
    state: str
    since: datetime
    devices: int


@dataclass(frozen=True)
class Keeper:
    """Who keeps a point, or might: a resident's public id, and the name by which they are known there."""

    id: str
    name: str


@dataclass(frozen=True)
class PointFile:
    """All about one point; the `candidates` for its keeper are its leader and who is at its desk."""

    line: PointLine
    keeper: Keeper | None
    candidates: list[Keeper]
    staff: list[Clerk]
    history: list[Done]


def listed(ctx: Ctx, page: Page, *, search: str = "") -> Slice[PointLine]:
    """Points, newest first, with words in the name when given: one statement."""
    ctx.require(Role.OPERATOR)
    statement = _points().where(older(PickupPoint.id, page))
    if search:
        statement = statement.where(
            PickupPoint.name.icontains(search, autoescape=True), not_(holding.unseen(Subject.POINT, PickupPoint.id))
        )
    rows = ctx.session.execute(statement.order_by(PickupPoint.id.desc()).limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _line(*row))


def one(ctx: Ctx, public_id: str) -> PointFile:
    """One point with everybody who works or worked there; raises `NotFound`. Seven statements."""
    ctx.require(Role.OPERATOR)
    point = by_public_id(ctx, PickupPoint, public_id)
    alive = (Session.staff_id == PickupStaff.id, Session.revoked_at.is_(None), Session.expires_at > ctx.now)
    devices = select(func.count()).select_from(Session).where(*alive).scalar_subquery()
    people = select(PickupStaff, devices).where(PickupStaff.point_id == point.id).order_by(PickupStaff.id.desc())
    staff = [Clerk(row.public_id, row.display_name, row.state, row.created_at, count)
             for row, count in ctx.session.execute(people.limit(200))]  # fmt: skip
    line = _line(*ctx.session.execute(_points().where(PickupPoint.id == point.id)).one())
    return PointFile(line, *_keepers(ctx, point), staff, console_history.of(ctx, "pickup_point", [point.id]))


def _keepers(ctx: Ctx, point: PickupPoint) -> tuple[Keeper | None, list[Keeper]]:
    """The keeper, and who could be."""
    keeper = ctx.session.get(Resident, point.keeper_id) if point.keeper_id is not None else None
    leader = select(Leader.display_name, Resident.public_id).join(Resident, Resident.id == Leader.resident_id)
    clerks = select(PickupStaff.display_name, Resident.public_id).join(Resident, Resident.id == PickupStaff.resident_id)
    here = clerks.where(PickupStaff.point_id == point.id, PickupStaff.state == "active").order_by(PickupStaff.id)
    people = [*ctx.session.execute(leader.where(Leader.id == point.leader_id)), *ctx.session.execute(here.limit(50))]
    names = {public_id: name for name, public_id in reversed(people)}
    now = Keeper(keeper.public_id, names.get(keeper.public_id) or _masked(keeper)) if keeper else None
    return now, [Keeper(public_id, name) for public_id, name in reversed(names.items())]


def _masked(person: Resident) -> str:
    return masked_name(person.nickname, person.anonymous)


def _points() -> Any:
    ready = (Order.point_id == PickupPoint.id, Order.state == "ready")
    waiting = select(func.count()).select_from(Order).where(*ready).scalar_subquery()
    return (
        select(PickupPoint, Community.name, Leader, waiting, holding.unseen(Subject.POINT, PickupPoint.id))
        .join(Community, Community.id == PickupPoint.community_id)
        .join(Leader, Leader.id == PickupPoint.leader_id)
    )


def _line(point: PickupPoint, community: str, leader: Leader, waiting: int, kept_back: bool) -> PointLine:
    words = ("（审核中）", "", "") if kept_back else (point.name, point.address, point.hours)
    return PointLine(
        point.public_id, *words, community, leader.display_name, leader.public_id,
        point.active, point.fee_fen, point.keeper_id is not None, waiting,
    )  # fmt: skip
