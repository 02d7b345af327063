"""The operator reads the gateway's bills against the books, and ends what differs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text, public_id
from domain.actors import Actor
from domain.errors import GatewayDown, Invalid, NotFound, WrongState
from domain.reconciling import Difference, Resolution
from domain.state_tables import BILL_CASE
from models import Proposal
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import reconciling
from services.flows.reconciling import Reconciled
from services.paging import Page, Slice
from services.queries import reconciliation
from services.queries.reconciliation import CaseFilter, CaseRow, DayRow, Standing
from services.reconciling import cases, resolving
from services.reconciling.resolving import ResolveCase


class BillDaySchema(Shown):
    """One bill of one day: waiting, refused (not to be believed), empty or imported."""

    day = fields.Date(required=True)
    kind = fields.String(required=True, metadata={"description": "trade or fund_flow"})
    status = fields.String(required=True)
    file = fields.String(required=True, allow_none=True)
    rows = fields.Integer(required=True)
    matched = fields.Integer(required=True)
    open_cases = fields.Integer(required=True, metadata={"description": "of the day, both bills"})
    balance_fen = fields.Integer(required=True, allow_none=True)
    asked_at = fields.AwareDateTime(required=True)


class BillCaseSchema(Shown):
    """A difference between a bill and the books; `may` are the resolutions that fit it."""

    id = fields.String(required=True)
    day = fields.Date(required=True)
    difference = fields.String(required=True)
    subject = fields.String(required=True)
    state = fields.String(required=True)
    ours_fen = fields.Integer(required=True)
    theirs_fen = fields.Integer(required=True)
    detail = fields.String(required=True)
    owner = fields.String(required=True, allow_none=True)
    owner_name = fields.String(required=True, allow_none=True)
    resolution = fields.String(required=True)
    resolved_words = fields.String(required=True)
    may = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    resolved_at = fields.AwareDateTime(required=True, allow_none=True)


class ReconciledSchema(Shown):
    """How a day's bills stand after a run, and how many files, entries and cases it added."""

    day = fields.Date(required=True)
    statuses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    added = fields.Integer(required=True)


class OpenItemSchema(Shown):
    """A sum in gateway clearing; `case` explains it, none while its bill is still to come."""

    number = fields.String(required=True)
    kind = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    case = fields.String(required=True, allow_none=True)


class ClearingSchema(Shown):
    """Gateway clearing and all that is in it; `unexplained_fen` is 0."""

    account_fen = fields.Integer(required=True)
    unexplained_fen = fields.Integer(required=True)
    items = fields.List(fields.Nested(OpenItemSchema()), required=True)


class CaseProposalSchema(Shown):
    """What waits for a second operator."""

    id = fields.String(attribute="public_id", required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    plan = fields.Dict(required=True)
    reason = fields.String(required=True)


class DaysQuerySchema(Taken):
    """A span of days, both included."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)


class CasesQuerySchema(Taken):
    """Which cases; all when nothing is named."""

    makes = CaseFilter
    state = fields.String(validate=validate.OneOf(BILL_CASE.states))
    difference = fields.String(validate=validate.OneOf(list(Difference)))
    day = fields.Date()
    mine = fields.Boolean()


class ReconcileSchema(Taken):
    """The day whose bills are to be fetched (a Shanghai date)."""

    date = fields.Date(required=True)


class AssignSchema(Taken):
    """Whose task a case becomes."""

    operator = public_id(required=True)


class ResolveSchema(Taken):
    """How a case ends without a second person, and why."""

    resolution = fields.String(required=True, validate=validate.OneOf([Resolution.FUND_FLOW, Resolution.IGNORE]))
    reason = Text(200, required=True)


class CaseReasonSchema(Taken):
    """Why the bill should be accepted as it is."""

    reason = Text(200, required=True)


class AskedSchema(Shown):
    """How the case stands after the gateway was asked."""

    id = fields.String(required=True)
    state = fields.String(required=True)


@door.get("/bill-days", shows=BillDaySchema(many=True), query=DaysQuerySchema(), refuses=[Invalid])
def list_bill_days(ctx: Ctx, query: dict[str, date]) -> list[DayRow]:
    """The bills of up to a year, newest first."""
    if not 0 <= (query["until"] - query["since"]).days <= 366:
        raise Invalid("Ask for a year at most.", field="until")
    return reconciliation.days(ctx, query["since"], query["until"])


@door.post("/bill-days", takes=ReconcileSchema(), shows=ReconciledSchema(), flow=True, refuses=[Invalid, GatewayDown])
def reconcile_day(product: Lintuan, actor: Actor, body: dict[str, date]) -> Reconciled:
    """Fetch, import and match one day now; the same day again changes nothing but what is new."""
    return reconciling.reconcile(product.unit, product.outside, body["date"])


@door.get("/bill-files/<bill_file_id>", flow=True, status=200, refuses=[NotFound])
def download_bill_file(product: Lintuan, actor: Actor, bill_file_id: str) -> Response:
    """The file as the gateway gave it; who took it is on record."""
    content, name = reconciling.file_of(product.unit, product.outside, actor, bill_file_id)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, content_type="text/csv; charset=utf-8")


@door.get("/bill-cases", shows=BillCaseSchema(), query=CasesQuerySchema(), paged=True)
def list_bill_cases(ctx: Ctx, query: CaseFilter, page: Page) -> Slice[CaseRow]:
    """Differences with the bills, newest first."""
    return reconciliation.cases(ctx, page, query)


@door.post("/bill-cases/<bcs_id>/take", shows=BillCaseSchema(), refuses=[NotFound, WrongState])
def take_bill_case(ctx: Ctx, bcs_id: str) -> CaseRow:
    """Make an open case one's own task."""
    return reconciliation.case_of(ctx, cases.take(ctx, bcs_id))


@door.post(
    "/bill-cases/<bcs_id>/assign", takes=AssignSchema(), shows=BillCaseSchema(), refuses=[NotFound, WrongState]
)  # fmt: skip
def assign_bill_case(ctx: Ctx, bcs_id: str, body: dict[str, Any]) -> CaseRow:
    """Give an open case to an operator."""
    return reconciliation.case_of(ctx, cases.assign(ctx, bcs_id, body["operator"]))


@door.post(
    "/bill-cases/<bcs_id>/resolve", takes=ResolveSchema(), shows=BillCaseSchema(),
    refuses=[NotFound, WrongState, Invalid],
)  # fmt: skip
def resolve_bill_case(ctx: Ctx, bcs_id: str, body: dict[str, str]) -> CaseRow:
    """End a case by what the account moved, or with a reason where nothing of ours is open on it."""
    command = ResolveCase(bcs_id, body["resolution"], body["reason"])
    return reconciliation.case_of(ctx, resolving.resolve(ctx, command))


@door.post(
    "/bill-cases/<bcs_id>/propose", takes=CaseReasonSchema(), shows=CaseProposalSchema(), status=201,
    refuses=[NotFound, WrongState, Invalid],
)  # fmt: skip
def propose_bill_case(ctx: Ctx, bcs_id: str, body: dict[str, str]) -> Proposal:
    """Propose to accept the bill as it is; a second operator accepts, and the difference is booked."""
    return resolving.propose(ctx, bcs_id, body["reason"])


@door.post(
    "/bill-cases/<bcs_id>/ask", shows=AskedSchema(), flow=True, refuses=[NotFound, WrongState, Invalid, GatewayDown]
)  # fmt: skip
def ask_about_bill_case(product: Lintuan, actor: Actor, bcs_id: str) -> dict[str, str]:
    """Ask the gateway again, by number and for the day's bill, and book what it says."""
    return {"id": bcs_id, "state": reconciling.ask(product.unit, product.outside, actor, bcs_id)}


@door.get("/gateway-clearing", shows=ClearingSchema())
def show_gateway_clearing(ctx: Ctx) -> Standing:
    """What stands in gateway clearing, item by item."""
    return reconciliation.open_in_clearing(ctx)
