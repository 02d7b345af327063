"""What a buyer says of goods, and what the leader answers: written down when it has passed; the claim runs on."""

from __future__ import annotations

from collections.abc import Iterable

from domain.actors import Role
from domain.content import Subject
from models import Claim
from services.content_safety import rows
from services.content_safety.rows import OwnWords
from services.context import Ctx


def hold(ctx: Ctx, claim: Claim) -> None:
    """Take the words off a claim that was written just now, until they have passed."""
    rows.keep_back(ctx, Subject.CLAIM, claim, author=claim.resident_id)


def hold_answer(ctx: Ctx, claim: Claim) -> None:
    """Take the leader's words off an answer that was given just now; an operator's take their place at once."""
    rows.keep_back(ctx, Subject.ANSWER, claim)


def own_words(ctx: Ctx, claims: Iterable[Claim]) -> dict[int, OwnWords]:
    """What the actor said in these claims and others do not see yet: `words` of a buyer, `answer_words` of a leader."""
    if ctx.actor.role not in (Role.RESIDENT, Role.LEADER):
        return {}
    subject = Subject.CLAIM if ctx.actor.role is Role.RESIDENT else Subject.ANSWER
    return rows.own(ctx, subject, [claim.id for claim in claims])
