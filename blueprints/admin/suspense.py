"""Verified money that fits no order: its evidence, and how two operators let it go."""

from __future__ import annotations

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.admin.proposals import ProposalSchema
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import NotFound, WrongState
from services import suspense
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import books
from services.queries.books import SuspenseRow
from services.queries.proposals import ProposalView, proposal_view


class SuspenseSchema(Shown):
    """Verified money that fits no order, with what is known of it; the payer is masked."""

    id = fields.String()
    state = fields.String()
    out_trade_no = fields.String()
    transaction_id = fields.String()
    received_fen = fields.Integer()
    settled_fen = fields.Integer()
    reason = fields.String()
    detail = fields.String()
    payment = fields.String(allow_none=True)
    order = fields.String(allow_none=True)
    payer = fields.String(allow_none=True)
    notices = fields.Integer()
    resolution = fields.String()
    resolved_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class ReasonSchema(Taken):
    """Why."""

    reason = Text(255, required=True)


class SuspenseByHandSchema(Taken):
    """The bank's number of the transfer, and why."""

    reference = Text(80, required=True)
    reason = Text(255, required=True)


@door.get("/suspense-cases", shows=SuspenseSchema(), paged=True)
def list_suspense_cases(ctx: Ctx, page: Page) -> Slice[SuspenseRow]:
    """Every suspense case, oldest first."""
    return books.suspense(ctx, page)


@door.post("/suspense-cases/<case_id>/refund-proposals", takes=ReasonSchema(), shows=ProposalSchema(), status=201,
           refuses=[NotFound, WrongState])  # fmt: skip
def propose_suspense_refund(ctx: Ctx, case_id: str, body: dict[str, str]) -> ProposalView:
    """Propose to send it back to its payer through the gateway; after some days the clock does so by itself."""
    return proposal_view(ctx, suspense.propose_refund(ctx, case_id, body["reason"]))


@door.post("/suspense-cases/<case_id>/hand-proposals", takes=SuspenseByHandSchema(), shows=ProposalSchema(),
           status=201, refuses=[NotFound, WrongState])  # fmt: skip
def propose_suspense_by_hand(ctx: Ctx, case_id: str, body: dict[str, str]) -> ProposalView:
    """Propose that the money of an unknown number goes back by bank."""
    return proposal_view(ctx, suspense.propose_by_hand(ctx, suspense.ResolveByHand(case_id, **body)))
