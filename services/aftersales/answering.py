"""The leader answers a claim: all of it, less, or no."""

from __future__ import annotations

from sqlalchemy import select

from domain.actors import Role
from domain.aftersales import Bearer
from domain.errors import WrongState
from models import Campaign, Claim
from services.aftersales import holding, moving
from services.aftersales.holding import Case
from services.context import Ctx

BEARERS = (Bearer.SUPPLIER, Bearer.LEADER)
"""On whom a leader may let a refund fall; the house is not the leader's to charge."""


def accept(ctx: Ctx, claim_id: str, bearer: Bearer = Bearer.SUPPLIER) -> Claim:
    """Pay the whole asked sum back, late too, while nobody else has decided; raises `NotFound` or `WrongState`."""
    case = _asked(ctx, claim_id)
    moving.accept(ctx, case, "accept", case.claim.asked_fen, bearer)
    return case.claim


def offer(ctx: Ctx, claim_id: str, amount_fen: int, bearer: Bearer = Bearer.SUPPLIER, words: str = "") -> Claim:
    """Offer less (fen), which the buyer takes or not; raises `NotFound`, `WrongState` or `Invalid`."""
    case = _in_time(ctx, claim_id)
    moving.offer(ctx, case, amount_fen, bearer, words, by="团长")
    return case.claim


def reject(ctx: Ctx, claim_id: str, words: str) -> Claim:
    """Say no, with a reason; the buyer may turn to the operator. Raises `NotFound` or `WrongState`."""
    case = _in_time(ctx, claim_id)
    moving.reject(ctx, case, words)
    return case.claim


def _in_time(ctx: Ctx, claim_id: str) -> Case:
    """A claim that waits for the leader's word, and whose time is not over, whether the sweep came by or not."""
    case = _asked(ctx, claim_id)
    if case.claim.due_at is not None and case.claim.due_at <= ctx.now:
        raise WrongState("The time to answer is over.", state="overdue", event="answer")
    return case


def _asked(ctx: Ctx, claim_id: str) -> Case:
    """A claim of an own campaign that waits for the leader's word."""
    ctx.require(Role.LEADER)
    own = select(Campaign.id).where(Campaign.leader_id == ctx.actor.id)
    case = holding.hold(ctx, claim_id, Claim.campaign_id.in_(own))
    if case.claim.state != "asked":
        raise WrongState(state=case.claim.state, event="answer")
    return case
