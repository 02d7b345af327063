"""Becoming a leader: a resident applies, an operator decides with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.actors import Role
from domain.errors import NotFound
from domain.ids import new_id
from domain.state_tables import LEADER
from models import Community, Leader
from services import audit
from services.content_safety import leaders as held_words
from services.context import Ctx
from services.finding import by_public_id
from services.transitions import move
from services.writing import insert_ignoring


@dataclass(frozen=True)
class ApplyAsLeader:
    """What a resident says of themself; `community_id` is a public id."""

    display_name: str
    community_id: str
    introduction: str = ""


def apply(ctx: Ctx, command: ApplyAsLeader) -> Leader:
    """Apply, or apply again after a rejection; one application per resident.

    Raises `NotFound` for the community, `WrongState` while an application waits or was approved.
    """
    ctx.require(Role.RESIDENT)
    community = by_public_id(ctx, Community, command.community_id)
    said: dict[str, Any] = {
        "community_id": community.id,
        "display_name": command.display_name,
        "introduction": command.introduction,
        "decided_reason": "",
    }
    fresh = insert_ignoring(
        ctx.session, Leader, ["resident_id"], public_id=new_id("Leader", ctx.now), resident_id=ctx.resident_id,
        state=LEADER.initial, created_at=ctx.now, **said,
    )  # fmt: skip
    leader = own_application(ctx)
    if fresh:
        audit.record(ctx, LEADER.name, leader.id, "apply", states=("", leader.state))
    else:
        move(ctx, leader, "reapply", **said)
    held_words.hold(ctx, leader)
    return leader


def own_application(ctx: Ctx) -> Leader:
    """The acting resident's application as it stands; raises `NotFound` before the first."""
    leader = ctx.session.scalars(select(Leader).where(Leader.resident_id == ctx.resident_id)).one_or_none()
    if leader is None:
        raise NotFound
    return leader


def approve(ctx: Ctx, leader_id: str, reason: str = "") -> Leader:
    """Let an applicant open campaigns; raises `BeingChecked` or `ContentRefused` before the words have passed."""
    ctx.require(Role.OPERATOR)
    held_words.require_passed(ctx, by_public_id(ctx, Leader, leader_id))
    return _decide(ctx, leader_id, "approve", reason)


def reject(ctx: Ctx, leader_id: str, reason: str) -> Leader:
    """Turn an application down; the applicant reads the reason and may apply again."""
    return _decide(ctx, leader_id, "reject", reason)


def suspend(ctx: Ctx, leader_id: str, reason: str) -> Leader:
    """Shut a leader out of the leader's door; running campaigns go on."""
    return _decide(ctx, leader_id, "suspend", reason)


def reinstate(ctx: Ctx, leader_id: str, reason: str) -> Leader:
    """Let a suspended leader back in."""
    return _decide(ctx, leader_id, "reinstate", reason)


def _decide(ctx: Ctx, leader_id: str, event: str, reason: str) -> Leader:
    ctx.require(Role.OPERATOR)
    leader = by_public_id(ctx, Leader, leader_id)
    move(ctx, leader, event, reason=reason, decided_reason=reason)
    return leader
