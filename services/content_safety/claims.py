"""What a buyer says of goods: written down when it has passed; the claim itself waits for nothing."""

from __future__ import annotations

from domain.actors import Role
from domain.content import Subject
from models import Claim
from services.content_safety import holding
from services.context import Ctx


def hold(ctx: Ctx, claim: Claim) -> None:
    """Take the words off a claim that was written just now, until they have passed."""
    if holding.hold(ctx, Subject.CLAIM, claim.id, claim.resident_id, {"words": claim.words}):
        claim.words = ""
        ctx.session.flush()


def words_for(ctx: Ctx, claim: Claim) -> str:
    """The words as the actor may read them: their author reads what still waits."""
    if claim.words or ctx.actor.role is not Role.RESIDENT or not ctx.policy.content_safety:
        return claim.words
    check = holding.newest(ctx, Subject.CLAIM, claim.id)
    return holding.words_of(check).get("words", "") if check else ""
