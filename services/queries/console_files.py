"""Single things whose lists have queries of their own, with what was done to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import Role
from domain.operators import Duty, OperatorKind, may
from domain.privacy import masked_name
from models import BillCase, Claim, JobRun, Leader, Operator, OutboxMessage, Resident, Settlement
from services.context import Ctx
from services.finding import by_public_id
from services.operators import NO_PASSWORD
from services.queries import console_history, outbox, reconciliation
from services.queries.console_history import Done
from services.queries.leaders import LeaderView, leader_view
from services.queries.outbox import Letter
from services.queries.reconciliation import CaseRow


@dataclass(frozen=True)
class LeaderFile:
    """One leader; `person` is masked."""

    leader: LeaderView
    resident_id: str
    person: str
    history: list[Done]


def leader(ctx: Ctx, public_id: str) -> LeaderFile:
    """One leader or applicant; raises `NotFound`. Five statements."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, Leader, public_id)
    person = ctx.session.get_one(Resident, row.resident_id)
    name = masked_name(person.nickname, person.anonymous)
    return LeaderFile(leader_view(ctx, row), person.public_id, name, console_history.of(ctx, "leader", [row.id]))


def bill_case(ctx: Ctx, public_id: str) -> tuple[CaseRow, list[Done]]:
    """One difference with the bills; raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, BillCase, public_id)
    return reconciliation.case_of(ctx, row), console_history.of(ctx, "bill_case", [row.id])


def letter(ctx: Ctx, public_id: str) -> tuple[Letter, list[Done]]:
    """One message; raises `NotFound`."""
    row = by_public_id(ctx, OutboxMessage, public_id)
    return outbox.letter(ctx, public_id), console_history.of(ctx, "outbox_message", [row.id])


def statement_history(ctx: Ctx, public_id: str) -> list[Done]:
    """What was done to a statement; raises `NotFound`."""
    row = by_public_id(ctx, Settlement, public_id)
    return console_history.of(ctx, "settlement", [row.id])


def claim_history(ctx: Ctx, public_id: str) -> list[Done]:
    """What was done to a complaint; raises `NotFound`."""
    row = by_public_id(ctx, Claim, public_id)
    return console_history.of(ctx, "claim", [row.id])


def job_runs(ctx: Ctx) -> list[JobRun]:
    """When each sweep last ran: one statement."""
    ctx.require(Role.OPERATOR)
    return list(ctx.session.scalars(select(JobRun).order_by(JobRun.name)))


def operators_with(ctx: Ctx, duty: Duty) -> list[Operator]:
    """Operators who have a duty and were not dismissed, by name: one statement."""
    ctx.require(Role.OPERATOR)
    kinds = [kind.value for kind in OperatorKind if may(kind, duty)]
    wanted = select(Operator).where(Operator.kind.in_(kinds), Operator.password_hash != NO_PASSWORD)
    return list(ctx.session.scalars(wanted.order_by(Operator.name)))
