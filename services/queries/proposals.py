"""Proposals of one operator that wait for another, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from domain.actors import Role
from domain.errors import Invalid
from domain.state_tables import PROPOSAL
from models import Operator, Proposal
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class ProposalView:
    """A proposal with its plan (ids, sums in fen, states) and the names of the two; undecided ones have no second."""

    id: str
    kind: str
    state: str
    plan: Mapping[str, int | str]
    reason: str
    proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


def proposals(ctx: Ctx, page: Page, *, state: str | None = None) -> Slice[ProposalView]:
    """Proposals of one state or all, newest first: one statement."""
    ctx.require(Role.OPERATOR)
    if state is not None and state not in PROPOSAL.states:
        raise Invalid("There is no such state.", field="state")
    second = aliased(Operator)
    statement = (
        select(Proposal, Operator.name, second.name)
        .join(Operator, Operator.id == Proposal.proposed_by)
        .outerjoin(second, second.id == Proposal.decided_by)
        .where(older(Proposal.id, page))
        .order_by(Proposal.id.desc())
        .limit(page.limit + 1)
    )
    if state is not None:
        statement = statement.where(Proposal.state == state)
    rows = ctx.session.execute(statement).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _view(*row))


def proposal_view(ctx: Ctx, proposal: Proposal) -> ProposalView:
    """One proposal as it stands."""
    names = dict(ctx.session.execute(
        select(Operator.id, Operator.name).where(Operator.id.in_((proposal.proposed_by, proposal.decided_by)))
    ).all())  # fmt: skip
    return _view(proposal, names[proposal.proposed_by], names.get(proposal.decided_by or 0))


def _view(proposal: Proposal, first: str, second: str | None) -> ProposalView:
    return ProposalView(
        proposal.public_id, proposal.kind, proposal.state, proposal.plan, proposal.reason, first, second,
        proposal.decided_at, proposal.created_at,
    )  # fmt: skip
