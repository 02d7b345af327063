"""The operator decides what was brought before them, and who bears it."""

from __future__ import annotations

from domain.actors import Role
from domain.aftersales import Bearer
from domain.errors import WrongState
from models import Claim
from services.aftersales import holding, moving, telling
from services.aftersales.holding import Case
from services.context import Ctx


def accept(ctx: Ctx, claim_id: str, bearer: Bearer = Bearer.HOUSE) -> Claim:
    """Pay the whole asked sum back; raises `NotFound` or `WrongState`."""
    case = _escalated(ctx, claim_id)
    moving.accept(ctx, case, "accept", case.claim.asked_fen, bearer)
    telling.accepted(ctx, case)
    return case.claim


def offer(ctx: Ctx, claim_id: str, amount_fen: int, bearer: Bearer = Bearer.HOUSE, words: str = "") -> Claim:
    """Offer less (fen), which the buyer takes or not; raises `NotFound`, `WrongState` or `Invalid`."""
    case = _escalated(ctx, claim_id)
    moving.offer(ctx, case, amount_fen, bearer, words, by="平台")
    return case.claim


def refuse(ctx: Ctx, claim_id: str, words: str) -> Claim:
    """Say no for good, with a reason; raises `NotFound` or `WrongState`."""
    case = _escalated(ctx, claim_id)
    moving.end(ctx, case, "refuse", words)
    return case.claim


def _escalated(ctx: Ctx, claim_id: str) -> Case:
    ctx.require(Role.OPERATOR)
    case = holding.hold(ctx, claim_id)
    if case.claim.state != "escalated":
        raise WrongState(state=case.claim.state, event="rule")
    return case
