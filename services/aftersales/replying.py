"""The buyer's word on an answer: take the offer, turn to the operator, or let it be."""

from __future__ import annotations

from domain.actors import Role
from domain.aftersales import Bearer, buyers_moves
from domain.errors import WrongState
from models import Claim
from services.aftersales import holding, moving, telling
from services.aftersales.holding import Case
from services.context import Ctx


def take_offer(ctx: Ctx, claim_id: str) -> Claim:
    """Take what was offered; raises `NotFound` or `WrongState`."""
    case = _own(ctx, claim_id)
    if case.claim.state != "offered":
        raise WrongState(state=case.claim.state, event="take_offer")
    moving.accept(ctx, case, "take_offer", case.claim.answer_fen, Bearer(case.claim.borne_by))
    telling.accepted(ctx, case)
    return case.claim


def escalate(ctx: Ctx, claim_id: str) -> Claim:
    """Turn to the operator: after an answer while it is fresh, or when the leader's time is over.

    Raises `NotFound` or `WrongState`.
    """
    case = _own(ctx, claim_id)
    claim = case.claim
    if "escalate" not in buyers_moves(claim.state, claim.due_at, ctx.now):
        raise WrongState(state=claim.state, event="escalate")
    moving.escalate(ctx, case)
    return claim


def withdraw(ctx: Ctx, claim_id: str) -> Claim:
    """Let it be; raises `NotFound` or `WrongState`."""
    case = _own(ctx, claim_id)
    moving.end(ctx, case, "withdraw")
    return case.claim


def _own(ctx: Ctx, claim_id: str) -> Case:
    ctx.require(Role.RESIDENT)
    return holding.hold(ctx, claim_id, Claim.resident_id == ctx.resident_id)
