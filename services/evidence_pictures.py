"""Pictures that prove something: written down by who took them, attached once, seen by the parties only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import ColumnElement, and_, not_, or_, select, true, update

from domain.actors import Role
from domain.aftersales import MOST_PICTURES
from domain.content import Subject
from domain.errors import Forbidden, Invalid, NotFound
from domain.ids import is_id
from models import Campaign, Claim, Evidence, Order
from services import audit
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id
from services.writing import changed

Purpose = Literal["claim", "broken", "door"]
TAKEN_BY: Mapping[Role, tuple[Purpose, ...]] = {
    Role.RESIDENT: ("claim",),
    Role.STAFF: ("broken",),
    Role.LEADER: ("broken", "door"),
}
"""Who takes pictures of what."""


def key_of(evidence_id: str) -> str:
    """The file key of a picture; raises `NotFound` for what is no such id."""
    if not is_id("Evidence", evidence_id):
        raise NotFound
    return f"evidence/{evidence_id}"


def record(ctx: Ctx, evidence_id: str, purpose: str, content_type: str) -> Evidence:
    """Write down a picture whose bytes are stored, as the actor's own."""
    row = Evidence(
        public_id=evidence_id, purpose=purpose, by_label=ctx.actor.label, order_id=None, claim_id=None,
        content_type=content_type, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    holding.hold(ctx, Subject.EVIDENCE, row.id, ctx.resident_id, {})
    audit.record(ctx, "evidence", row.id, "upload")
    return row


def attach(
    ctx: Ctx, evidence_ids: Sequence[str], purpose: Purpose, *, order: Order, claim: Claim | None = None
) -> None:
    """Make the actor's own unattached pictures prove something about `order`, each once.

    Raises `Invalid` (field evidence) for too many pictures, or any that is not there to attach.
    """
    wanted = set(evidence_ids)
    if len(wanted) > MOST_PICTURES:
        raise Invalid(f"At most {MOST_PICTURES} pictures.", field="evidence")
    mine = update(Evidence).where(
        Evidence.public_id.in_(wanted), Evidence.by_label == ctx.actor.label, Evidence.purpose == purpose,
        Evidence.order_id.is_(None),
    )  # fmt: skip
    bound = mine.values(order_id=order.id, claim_id=claim.id if claim else None)
    if wanted and changed(ctx.session, bound) != len(wanted):
        raise Invalid("Upload each picture first, and use it once.", field="evidence")


def seen(ctx: Ctx, evidence_id: str) -> Evidence:
    """A picture that the actor may see: one's own, or one that has passed, of an order one is a party of.

    Raises `NotFound`.
    """
    theirs = and_(
        Evidence.order_id.in_(select(Order.id).where(_party(ctx))),
        not_(holding.unseen(Subject.EVIDENCE, Evidence.id)),
    )
    return by_public_id(ctx, Evidence, evidence_id, or_(Evidence.by_label == ctx.actor.label, theirs))


def _party(ctx: Ctx) -> ColumnElement[bool]:
    """Which orders the actor has to do with: own, of own campaigns, at the own point, or all for an operator."""
    match ctx.actor.role:
        case Role.RESIDENT:
            return Order.resident_id == ctx.resident_id
        case Role.LEADER:
            return Order.campaign_id.in_(select(Campaign.id).where(Campaign.leader_id == ctx.actor.id))
        case Role.STAFF:
            return Order.point_id == ctx.actor.point_id
        case Role.OPERATOR:
            return true()
        case _:
            raise Forbidden
