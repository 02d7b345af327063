"""After-sales before the operator: what was escalated is decided here, and who bears it."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.admin.door import door
from blueprints.shared.claim_shapes import (
    ClaimCaseSchema,
    ClaimsQuery,
    RefusalSchema,
    answer_words,
    bearer,
    offered_fen,
)
from blueprints.shared.evidence import show
from blueprints.shared.schemas import Taken
from domain.actors import Actor
from domain.aftersales import Bearer
from domain.errors import NotFound, WrongState
from services.aftersales import ruling
from services.assembly import Lintuan
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import claims
from services.queries.claims import ClaimShown


class AcceptEscalated(Taken):
    """All that was asked; the house bears it unless told otherwise."""

    borne_by = bearer(Bearer, Bearer.HOUSE)


class OfferOnEscalated(AcceptEscalated):
    """Less than was asked."""

    amount_fen = offered_fen()
    words = answer_words()


@door.get("/evidence/<evidence_id>", flow=True, status=200, refuses=[NotFound])
def show_evidence(product: Lintuan, actor: Actor, evidence_id: str) -> Response:
    """Any picture that proves something."""
    return show(product, actor, evidence_id)


@door.get("/claims", shows=ClaimCaseSchema(), paged=True, query=ClaimsQuery())
def list_claims(ctx: Ctx, page: Page, query: dict[str, str | None]) -> Slice[ClaimShown]:
    """Every claim, newest first; `?state=escalated` are those that wait for a decision."""
    return claims.many(ctx, page, query["state"])


@door.get("/claims/<claim_id>", shows=ClaimCaseSchema(), refuses=[NotFound])
def show_claim(ctx: Ctx, claim_id: str) -> ClaimShown:
    """One claim."""
    return claims.one(ctx, claim_id)


@door.post("/claims/<claim_id>/accept", takes=AcceptEscalated(), shows=ClaimCaseSchema(), idempotent=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def accept_claim(ctx: Ctx, claim_id: str, body: dict[str, Bearer]) -> ClaimShown:
    """Refund all that was asked."""
    return claims.one(ctx, ruling.accept(ctx, claim_id, body["borne_by"]).public_id)


@door.post(
    "/claims/<claim_id>/offer", takes=OfferOnEscalated(), shows=ClaimCaseSchema(), refuses=[NotFound, WrongState]
)
def offer_on_claim(ctx: Ctx, claim_id: str, body: dict[str, Any]) -> ClaimShown:
    """Offer less; it is paid when the buyer takes it or keeps silent."""
    claim = ruling.offer(ctx, claim_id, body["amount_fen"], body["borne_by"], body["words"])
    return claims.one(ctx, claim.public_id)


@door.post("/claims/<claim_id>/refuse", takes=RefusalSchema(), shows=ClaimCaseSchema(), refuses=[NotFound, WrongState])
def refuse_claim(ctx: Ctx, claim_id: str, body: dict[str, str]) -> ClaimShown:
    """Say no for good, with a reason."""
    return claims.one(ctx, ruling.refuse(ctx, claim_id, body["words"]).public_id)
