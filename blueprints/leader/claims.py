"""After-sales of own campaigns: the leader reads and answers."""

from __future__ import annotations

from typing import Any

from flask import Response

from blueprints.leader.door import door
from blueprints.shared.claim_shapes import (
    ClaimCaseSchema,
    ClaimsQuery,
    RefusalSchema,
    answer_words,
    bearer,
    offered_fen,
)
from blueprints.shared.evidence import UPLOAD_BYTES, EvidenceSchema, show, take
from blueprints.shared.schemas import Taken
from domain.actors import Actor
from domain.aftersales import Bearer
from domain.errors import Forbidden, Invalid, NotFound, TooMany, WrongState
from services.aftersales import answering
from services.assembly import Lintuan
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import claims
from services.queries.claims import ClaimShown


class AcceptClaim(Taken):
    """All that was asked; it falls on the supplier unless told otherwise."""

    borne_by = bearer(answering.BEARERS, Bearer.SUPPLIER)


class OfferOnClaim(AcceptClaim):
    """Less than was asked."""

    amount_fen = offered_fen()
    words = answer_words()


@door.post("/evidence/<string:purpose>", shows=EvidenceSchema(), status=201, flow=True, upload_bytes=UPLOAD_BYTES,
           refuses=[Invalid, Forbidden, TooMany])  # fmt: skip
def upload_evidence(product: Lintuan, actor: Actor, purpose: str) -> dict[str, str]:
    """Upload a picture of a broken unit (`broken`) or of a hand-over at a door (`door`): a file `picture`."""
    return take(product, actor, purpose)


@door.get("/evidence/<evidence_id>", flow=True, status=200, refuses=[NotFound])
def show_evidence(product: Lintuan, actor: Actor, evidence_id: str) -> Response:
    """A picture about an order of own campaigns."""
    return show(product, actor, evidence_id)


@door.get("/claims", shows=ClaimCaseSchema(), paged=True, query=ClaimsQuery())
def list_claims(ctx: Ctx, page: Page, query: dict[str, str | None]) -> Slice[ClaimShown]:
    """Claims about own campaigns, newest first."""
    return claims.many(ctx, page, query["state"])


@door.get("/claims/<claim_id>", shows=ClaimCaseSchema(), refuses=[NotFound])
def show_claim(ctx: Ctx, claim_id: str) -> ClaimShown:
    """One of them."""
    return claims.one(ctx, claim_id)


@door.post("/claims/<claim_id>/accept", takes=AcceptClaim(), shows=ClaimCaseSchema(), idempotent=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def accept_claim(ctx: Ctx, claim_id: str, body: dict[str, Bearer]) -> ClaimShown:
    """Refund all that was asked."""
    return claims.one(ctx, answering.accept(ctx, claim_id, body["borne_by"]).public_id)


@door.post("/claims/<claim_id>/offer", takes=OfferOnClaim(), shows=ClaimCaseSchema(), refuses=[NotFound, WrongState])
def offer_on_claim(ctx: Ctx, claim_id: str, body: dict[str, Any]) -> ClaimShown:
    """Offer less; it is paid when the buyer takes it or keeps silent."""
    claim = answering.offer(ctx, claim_id, body["amount_fen"], body["borne_by"], body["words"])
    return claims.one(ctx, claim.public_id)


@door.post("/claims/<claim_id>/reject", takes=RefusalSchema(), shows=ClaimCaseSchema(), refuses=[NotFound, WrongState])
def reject_claim(ctx: Ctx, claim_id: str, body: dict[str, str]) -> ClaimShown:
    """Say no, with a reason; the buyer may turn to the operator."""
    return claims.one(ctx, answering.reject(ctx, claim_id, body["words"]).public_id)
