"""What one operator proposed and another must decide."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import NotFound, PlanIsStale, SamePerson, WrongState
from services import two_people
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import proposals as reading
from services.queries.proposals import ProposalView, proposal_view


class ProposalSchema(Shown):
    """A proposal; its `plan` holds ids, sums in fen and states as they were when it was made."""

    id = fields.String()
    kind = fields.String()
    state = fields.String()
    plan = fields.Dict(keys=fields.String())
    reason = fields.String()
    proposed_by = fields.String()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class ProposalsQuery(Taken):
    """One state, or all."""

    state = Text(32, load_default=None)


class RejectionSchema(Taken):
    """Why it is put aside."""

    reason = Text(255, required=True)


@door.get("/proposals", shows=ProposalSchema(), query=ProposalsQuery(), paged=True)
def list_proposals(ctx: Ctx, page: Page, query: Mapping[str, str | None]) -> Slice[ProposalView]:
    """Proposals, newest first."""
    return reading.proposals(ctx, page, state=query["state"])


@door.post("/proposals/<proposal_id>/accept", shows=ProposalSchema(), idempotent=True,
           refuses=[NotFound, WrongState, SamePerson, PlanIsStale])  # fmt: skip
def accept_proposal(ctx: Ctx, proposal_id: str) -> ProposalView:
    """Agree as the second person: what was proposed happens now."""
    return proposal_view(ctx, two_people.accept(ctx, proposal_id))


@door.post("/proposals/<proposal_id>/reject", takes=RejectionSchema(), shows=ProposalSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def reject_proposal(ctx: Ctx, proposal_id: str, body: Mapping[str, str]) -> ProposalView:
    """Put a proposal aside, another's or one's own."""
    return proposal_view(ctx, two_people.reject(ctx, proposal_id, body["reason"]))
