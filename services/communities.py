"""Where neighbours live and where they fetch: communities and pickup points."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid
from domain.ids import new_id
from models import Community, Leader, PickupPoint
from services import audit
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id
from services.writing import insert_ignoring


@dataclass(frozen=True)
class CreateCommunity:
    """A neighbourhood by its name."""

    name: str


@dataclass(frozen=True)
class CreatePoint:
    """A pickup point in the leader's own community."""

    name: str
    address: str
    hours: str = ""


def create_community(ctx: Ctx, command: CreateCommunity) -> Community:
    """Add a neighbourhood; raises `Invalid` when the name is taken."""
    ctx.require(Role.OPERATOR)
    public_id = new_id("Community", ctx.now)
    if not insert_ignoring(
        ctx.session, Community, ["name"], public_id=public_id, name=command.name, created_at=ctx.now
    ):
        raise Invalid("There is a community of this name already.", field="name")
    community = by_public_id(ctx, Community, public_id)
    audit.record(ctx, "community", community.id, "create")
    return community


def create_point(ctx: Ctx, command: CreatePoint) -> PickupPoint:
    """Add a pickup point of the acting leader, for others once its words have passed.

    Raises `Invalid` when the community has one of this name.
    """
    ctx.require(Role.LEADER)
    community_id = ctx.session.scalars(select(Leader.community_id).where(Leader.id == ctx.actor.id)).one()
    public_id = new_id("PickupPoint", ctx.now)
    if not insert_ignoring(
        ctx.session, PickupPoint, ["community_id", "name"], public_id=public_id, community_id=community_id,
        name=command.name, address=command.address, hours=command.hours, leader_id=ctx.actor.id, active=True,
        created_at=ctx.now,
    ):  # fmt: skip
        raise Invalid("The community has a pickup point of this name already.", field="name")
    point = by_public_id(ctx, PickupPoint, public_id)
    words = {"name": point.name, "address": point.address, "hours": point.hours}
    holding.hold(ctx, Subject.POINT, point.id, ctx.resident_id, words)
    audit.record(ctx, "pickup_point", point.id, "create")
    return point


def own_point(ctx: Ctx, point_id: str) -> PickupPoint:
    """The acting leader's pickup point; raises `NotFound`."""
    ctx.require(Role.LEADER)
    return by_public_id(ctx, PickupPoint, point_id, PickupPoint.leader_id == ctx.actor.id)
