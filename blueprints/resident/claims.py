"""After-sales of one's own orders: asked with pictures, followed, and answered."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.claim_shapes import ClaimSchema, ClaimsQuery
from blueprints.shared.evidence import UPLOAD_BYTES, EvidenceSchema, show, take
from blueprints.shared.schemas import Fen, Taken, Text, Whole, public_id
from domain.actors import Actor
from domain.aftersales import MOST_PICTURES, ClaimReason
from domain.errors import AfterSalesOver, ClaimOpen, Invalid, NotFound, NothingToGiveBack, TooMany, WrongState
from services import placing
from services.aftersales import asking, replying
from services.aftersales.asking import AskBack
from services.assembly import Lintuan
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import claims
from services.queries.claims import ClaimShown


class NewClaim(Taken):
    """Units of a line, whose price is ours to say; or for quality alone an amount, without units."""

    line = public_id(required=True)
    units = Whole(most=placing.MAX_UNITS, load_default=0)
    amount_fen = Fen(least=1, load_default=None)
    reason = fields.String(required=True, validate=validate.OneOf([str(reason) for reason in ClaimReason]))
    words = Text(255, least=0, load_default="")
    evidence = fields.List(public_id(), load_default=list, validate=validate.Length(max=MOST_PICTURES))


@door.post("/evidence", shows=EvidenceSchema(), status=201, flow=True, upload_bytes=UPLOAD_BYTES,
           refuses=[Invalid, TooMany])  # fmt: skip
def upload_evidence(product: Lintuan, actor: Actor) -> dict[str, str]:
    """Upload a picture for after-sales: multipart/form-data with the file `picture` (JPEG, PNG, WebP; 5 MB)."""
    return take(product, actor, "claim")


@door.get("/evidence/<evidence_id>", flow=True, status=200, refuses=[NotFound])
def show_evidence(product: Lintuan, actor: Actor, evidence_id: str) -> Response:
    """A picture of one's own, or about one's own order."""
    return show(product, actor, evidence_id)


@door.post(
    "/orders/<string:order_id>/claims",
    takes=NewClaim(),
    shows=ClaimSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState, AfterSalesOver, ClaimOpen, NothingToGiveBack],
)
def ask_back(ctx: Ctx, order_id: str, body: dict[str, Any]) -> ClaimShown:
    """Ask money back for a line that was handed over; fresh goods need a picture."""
    evidence = tuple(body.pop("evidence"))
    claim = asking.ask(ctx, AskBack(order=order_id, evidence=evidence, **body))
    return claims.one(ctx, claim.public_id)


@door.get("/claims", shows=ClaimSchema(), paged=True, query=ClaimsQuery())
def list_claims(ctx: Ctx, page: Page, query: dict[str, str | None]) -> Slice[ClaimShown]:
    """One's own claims, newest first."""
    return claims.many(ctx, page, query["state"])


@door.get("/claims/<claim_id>", shows=ClaimSchema(), refuses=[NotFound])
def show_claim(ctx: Ctx, claim_id: str) -> ClaimShown:
    """One's own claim."""
    return claims.one(ctx, claim_id)


@door.post("/claims/<claim_id>/take-offer", shows=ClaimSchema(), idempotent=True, refuses=[NotFound, WrongState])
def take_claim_offer(ctx: Ctx, claim_id: str) -> ClaimShown:
    """Take what was offered: it is refunded."""
    return claims.one(ctx, replying.take_offer(ctx, claim_id).public_id)


@door.post("/claims/<claim_id>/escalate", shows=ClaimSchema(), refuses=[NotFound, WrongState])
def escalate_claim(ctx: Ctx, claim_id: str) -> ClaimShown:
    """Turn to the operator, after an answer or when the leader kept silent."""
    return claims.one(ctx, replying.escalate(ctx, claim_id).public_id)


@door.post("/claims/<claim_id>/withdraw", shows=ClaimSchema(), refuses=[NotFound, WrongState])
def withdraw_claim(ctx: Ctx, claim_id: str) -> ClaimShown:
    """Let it be."""
    return claims.one(ctx, replying.withdraw(ctx, claim_id).public_id)
