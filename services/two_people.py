"""Decisions about money that two operators take: one proposes with a plan, another accepts and it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.actors import Role
from domain.errors import PlanIsStale, SamePerson, WrongState
from domain.ids import new_id
from models import Proposal
from services import audit, transitions
from services.context import Ctx
from services.finding import by_public_id
from services.writing import insert_all

Act = Callable[[Ctx, Proposal], None]
_ACTS: dict[str, Act] = {}


def carries_out(kind: str) -> Callable[[Act], Act]:
    """Register what an accepted proposal of `kind` does, in the transaction of its acceptance.

    It raises `PlanIsStale` when a sum or state of the plan has changed since.
    """

    def register(act: Act) -> Act:
        if _ACTS.setdefault(kind, act) is not act:
            raise ValueError(f"{kind} is carried out elsewhere")
        return act

    return register


def propose(ctx: Ctx, kind: str, subject_id: int, plan: Mapping[str, int | str], reason: str) -> Proposal:
    """Propose `kind` for a row; `plan` holds what the other will look at: ids, sums (fen) and states only.

    Raises `Forbidden` unless an operator asks, `WrongState` while another proposal for the same thing waits.
    """
    ctx.require(Role.OPERATOR)
    if kind not in _ACTS:
        raise KeyError(kind)
    public_id = new_id("Proposal", ctx.now)
    row: dict[str, Any] = {
        "public_id": public_id, "state": "proposed", "kind": kind, "subject_id": subject_id, "plan": dict(plan),
        "reason": reason[:255], "proposed_by": ctx.actor.id, "created_at": ctx.now,
    }  # fmt: skip
    if not insert_all(ctx.session, Proposal, [row], Proposal.id):
        raise WrongState(state="proposed", event="propose")
    proposal = by_public_id(ctx, Proposal, public_id)
    audit.record(ctx, "proposal", proposal.id, "propose", states=("", "proposed"), reason=reason)
    audit.alert(ctx, "proposal", _cause(proposal), f"{kind} waits for a second operator")
    return proposal


def accept(ctx: Ctx, public_id: str) -> Proposal:
    """Agree to another's proposal and carry it out; two who accept at once carry it out once.

    Raises `NotFound`, `SamePerson` for the proposer, `WrongState` when it was decided, `PlanIsStale` (nothing happens;
    reject it and propose anew), and what the act itself refuses.
    """
    ctx.require(Role.OPERATOR)
    proposal = by_public_id(ctx, Proposal, public_id)
    somebody_else = Proposal.proposed_by != ctx.actor.id
    moved = transitions.try_move(ctx, proposal, "accept", where=somebody_else, **_decided(ctx))
    if not moved and proposal.state == "proposed":
        raise SamePerson
    if not moved:
        raise WrongState(state=proposal.state, event="accept")
    audit.clear(ctx, _cause(proposal))
    _ACTS[proposal.kind](ctx, proposal)
    return proposal


def reject(ctx: Ctx, public_id: str, reason: str) -> Proposal:
    """Put a proposal aside; its proposer may do so too. Raises `NotFound` or `WrongState`."""
    ctx.require(Role.OPERATOR)
    proposal = by_public_id(ctx, Proposal, public_id)
    transitions.move(ctx, proposal, "reject", reason=reason, **_decided(ctx))
    audit.clear(ctx, _cause(proposal))
    return proposal


def hold_to(proposal: Proposal, **facts: int | str) -> None:
    """Raise `PlanIsStale` unless these facts are what the plan names."""
    if any(proposal.plan.get(name) != value for name, value in facts.items()):
        raise PlanIsStale


def _decided(ctx: Ctx) -> dict[str, Any]:
    return {"decided_by": ctx.actor.id, "decided_at": ctx.now}


def _cause(proposal: Proposal) -> str:
    return f"proposal:{proposal.id}"
