"""A leader, or an operator, has looked at a loss case and says what became of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from domain.actors import Role
from domain.content import Subject
from domain.errors import Invalid, WrongState
from models import Campaign, LossCase
from services import audit
from services.content_safety import rows
from services.context import Ctx
from services.finding import by_public_id
from services.writing import changed


def within_reach(ctx: Ctx) -> list[ColumnElement[bool]]:
    """Cases of own campaigns for a leader, all for an operator; raises `Forbidden` for others."""
    ctx.require(Role.LEADER, Role.OPERATOR)
    if ctx.actor.role is Role.OPERATOR:
        return []
    return [LossCase.campaign_id.in_(select(Campaign.id).where(Campaign.leader_id == ctx.actor.id))]


def close(ctx: Ctx, case_id: str, remark: str) -> LossCase:
    """Close a case (public id) with a remark; raises `NotFound`, `Invalid` without one, `WrongState` when it was."""
    if not remark.strip():
        raise Invalid("Say what became of it.", field="remark")
    case = by_public_id(ctx, LossCase, case_id, *within_reach(ctx))
    still_open = update(LossCase).where(LossCase.id == case.id, LossCase.closed_at.is_(None))
    said = remark.strip()[:255]
    if not changed(ctx.session, still_open.values(closed_at=ctx.now, closed_by=ctx.actor.label, remark=said)):
        raise WrongState(state="closed", event="close")
    audit.record(ctx, "loss_case", case.id, "close", reason=said)
    ctx.session.refresh(case)
    rows.keep_back(ctx, Subject.LOSS, case)
    return case
