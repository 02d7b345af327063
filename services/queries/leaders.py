"""Leaders and applications as the operator and the applicant see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.errors import Invalid
from domain.state_tables import LEADER
from models import Community, Leader
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class LeaderView:
    """An application and what became of it."""

    id: str
    state: str
    display_name: str
    introduction: str
    community_id: str
    community: str
    decided_reason: str
    created_at: datetime


def leaders(ctx: Ctx, page: Page, *, state: str | None = None) -> Slice[LeaderView]:
    """Applications and leaders for the operator, newest first, of one state or all: one statement."""
    ctx.require(Role.OPERATOR)
    if state is not None and state not in LEADER.states:
        raise Invalid("There is no such state.", field="state")
    statement = (
        select(Leader, Community)
        .join(Community, Community.id == Leader.community_id)
        .where(older(Leader.id, page))
        .order_by(Leader.id.desc())
        .limit(page.limit + 1)
    )
    if state is not None:
        statement = statement.where(Leader.state == state)
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: row[0].id, lambda row: _view(*row))


def leader_view(ctx: Ctx, leader: Leader) -> LeaderView:
    """One leader with the name of the community."""
    return _view(leader, ctx.session.get_one(Community, leader.community_id))


def _view(leader: Leader, community: Community) -> LeaderView:
    return LeaderView(
        id=leader.public_id, state=leader.state, display_name=leader.display_name, introduction=leader.introduction,
        community_id=community.public_id, community=community.name, decided_reason=leader.decided_reason,
        created_at=leader.created_at,
    )  # fmt: skip
