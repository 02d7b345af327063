"""Deadlines move a claim on by themselves: silence pays small sums and offers, and ends what nobody took further."""

from __future__ import annotations

from sqlalchemy import select

from domain.aftersales import LIVE, Bearer
from models import Claim
from services.aftersales import holding, moving, telling
from services.aftersales.holding import Case
from services.context import Ctx


def due(ctx: Ctx, limit: int) -> list[int]:
    """Claims whose time is over, the oldest deadline first."""
    statement = select(Claim.id).where(Claim.state.in_(LIVE), Claim.due_at <= ctx.now)
    return list(ctx.session.scalars(statement.order_by(Claim.due_at, Claim.id).limit(limit)))


def move_on(ctx: Ctx, claim_id: int) -> bool:
    """Do what silence means for one claim; False when another was first. The actor is the clock."""
    case = holding.hold_row(ctx, ctx.session.get_one(Claim, claim_id))
    claim = case.claim
    if claim.due_at is None or claim.due_at > ctx.now:
        return False
    if claim.state == "asked":
        _leader_was_silent(ctx, case)
    elif claim.state == "offered":
        _pay_or_escalate(ctx, case, "take_offer", claim.answer_fen, Bearer(claim.borne_by))
    else:
        moving.end(ctx, case, "expire")
    return True


def _leader_was_silent(ctx: Ctx, case: Case) -> None:
    if case.claim.asked_fen > ctx.policy.claim_accept_up_to_fen:
        moving.escalate(ctx, case)
    else:
        _pay_or_escalate(ctx, case, "accept", case.claim.asked_fen, Bearer.HOUSE)


def _pay_or_escalate(ctx: Ctx, case: Case, event: str, amount_fen: int, bearer: Bearer) -> None:
    """What was given back in another way meanwhile is a question for people, never one for the next sweep."""
    if not moving.can_pay(case, amount_fen):
        moving.escalate(ctx, case)
        return
    moving.accept(ctx, case, event, amount_fen, bearer)
    telling.accepted(ctx, case)
