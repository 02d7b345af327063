"""The gateway's bills against the books, statements to approve, and decisions of two people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.console.door import door
from blueprints.console.forms import ReasonForm, ShortReasonForm, wanted
from blueprints.shared.schemas import Taken, Text
from domain.actors import Actor
from domain.clock import business_date
from domain.operators import Duty
from domain.reconciling import Difference, Resolution
from domain.settlements import PayeeKind
from domain.state_tables import BILL_CASE, PROPOSAL, SETTLEMENT
from services import two_people
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import reconciling
from services.paging import Page
from services.queries import console_files, reconciliation, settlements
from services.queries import proposals as proposal_lists
from services.queries.reconciliation import CaseFilter
from services.reconciling import cases, resolving
from services.reconciling.resolving import ResolveCase
from services.settlements import approving, drafting

SHOWN_DAYS = 31


class CaseQuery(Taken):
    """Which differences."""

    state = fields.String(validate=validate.OneOf(BILL_CASE.states), load_default="")
    difference = fields.String(validate=validate.OneOf(list(Difference)), load_default="")
    day = fields.Date(load_default=None)


class StatementQuery(Taken):
    """Which statements."""

    state = fields.String(validate=validate.OneOf(SETTLEMENT.states), load_default="")
    kind = fields.String(validate=validate.OneOf([kind.value for kind in PayeeKind]), load_default="")


class DayForm(Taken):
    """A Shanghai date."""

    date = fields.Date(required=True)


class AssignForm(Taken):
    """Whose task a difference becomes."""

    operator = Text(40, required=True)


class ResolveForm(Taken):
    """How a difference ends without a second person, and why."""

    resolution = fields.String(required=True, validate=validate.OneOf([Resolution.FUND_FLOW, Resolution.IGNORE]))
    reason = Text(200, required=True)


@door.page("/bill-days")
def bill_days(ctx: Ctx) -> dict[str, Any]:
    """The bills of the last month, and what stands in gateway clearing."""
    today = business_date(ctx.now)
    days = reconciliation.days(ctx, today - timedelta(days=SHOWN_DAYS), today)
    return {"days": days, "clearing": reconciliation.open_in_clearing(ctx), "yesterday": today - timedelta(days=1)}


@door.act("/bill-days", duty=Duty.MONEY, takes=DayForm(), flow=True)
def reconcile_day(product: Lintuan, actor: Actor, body: dict[str, date]) -> str:
    """Fetch, import and match one day now."""
    reconciling.reconcile(product.unit, product.outside, body["date"])
    return "/console/bill-days"


@door.file("/bill-files/<public_id>", duty=Duty.MONEY)
def bill_file(product: Lintuan, actor: Actor, public_id: str) -> Response:
    """The file as the gateway gave it; who took it is on record."""
    content, name = reconciling.file_of(product.unit, product.outside, actor, public_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, content_type="text/csv; charset=utf-8")


@door.page("/bill-cases", query=CaseQuery(), paged=True)
def bill_cases(ctx: Ctx, query: dict[str, Any], page: Page) -> dict[str, Any]:
    """Differences with the bills, newest first."""
    part = reconciliation.cases(ctx, page, CaseFilter(**query))
    return {"part": part, "query": query, "states": BILL_CASE.states, "differences": list(Difference)}


@door.page("/bill-cases/<public_id>")
def bill_case(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One difference, and the ways to end it."""
    case, history = console_files.bill_case(ctx, public_id)
    return {"case": case, "history_of": history, "colleagues": console_files.operators_with(ctx, Duty.MONEY)}


@door.act("/bill-cases/<public_id>/take", duty=Duty.MONEY)
def take_bill_case(ctx: Ctx, public_id: str) -> str:
    """Make it one's own task."""
    cases.take(ctx, public_id)
    return f"/console/bill-cases/{public_id}"


@door.act("/bill-cases/<public_id>/assign", duty=Duty.MONEY, takes=AssignForm())
def assign_bill_case(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Give it to a colleague."""
    cases.assign(ctx, public_id, body["operator"])
    return f"/console/bill-cases/{public_id}"


@door.act("/bill-cases/<public_id>/resolve", duty=Duty.MONEY, takes=ResolveForm())
def resolve_bill_case(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """End it by what the account moved, or with a reason."""
    resolving.resolve(ctx, ResolveCase(public_id, body["resolution"], body["reason"]))
    return f"/console/bill-cases/{public_id}"


@door.act("/bill-cases/<public_id>/propose", duty=Duty.MONEY, takes=ShortReasonForm())
def propose_bill_case(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Propose to accept the bill as it is."""
    resolving.propose(ctx, public_id, body["reason"])
    return "/console/proposals?state=proposed"


@door.act("/bill-cases/<public_id>/ask", duty=Duty.MONEY, flow=True)
def ask_about_bill_case(product: Lintuan, actor: Actor, public_id: str) -> str:
    """Ask the gateway again."""
    reconciling.ask(product.unit, product.outside, actor, public_id)
    return f"/console/bill-cases/{public_id}"


@door.page("/statements", query=StatementQuery(), paged=True)
def statements(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Everybody's statements, newest first."""
    part = settlements.all_statements(ctx, page, kind=query["kind"] or None, state=query["state"] or None)
    return {"part": part, "query": query, "states": SETTLEMENT.states, "kinds": [kind.value for kind in PayeeKind]}


@door.page("/statements/<public_id>", paged=True)
def statement(ctx: Ctx, public_id: str, page: Page) -> dict[str, Any]:
    """One statement with every posting behind its sum."""
    return {
        "statement": settlements.statement(ctx, public_id), "part": settlements.lines(ctx, public_id, page),
        "history_of": console_files.statement_history(ctx, public_id),
    }  # fmt: skip


@door.act("/statements/draft", duty=Duty.MONEY)
def draft_statements(ctx: Ctx) -> str:
    """Draft a statement for every payee to whom something is owed now."""
    drafting.draft(ctx, ctx.now)
    return "/console/statements?state=draft"


@door.act("/statements/<public_id>/approve", duty=Duty.MONEY)
def approve_statement(ctx: Ctx, public_id: str) -> str:
    """Approve what another, or the clock, has drafted."""
    approving.approve(ctx, public_id)
    return f"/console/statements/{public_id}"


@door.page("/proposals", query=wanted(PROPOSAL), paged=True)
def proposals(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """What one proposed and another must decide, newest first."""
    part = proposal_lists.proposals(ctx, page, state=query["state"] or None)
    return {"part": part, "query": query, "states": PROPOSAL.states}


@door.act("/proposals/<public_id>/accept", duty=Duty.MONEY)
def accept_proposal(ctx: Ctx, public_id: str) -> str:
    """Agree as the second person: what was proposed happens now."""
    two_people.accept(ctx, public_id)
    return "/console/proposals"


@door.act("/proposals/<public_id>/reject", duty=Duty.MONEY, takes=ReasonForm())
def reject_proposal(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Put it aside."""
    two_people.reject(ctx, public_id, body["reason"])
    return "/console/proposals"
