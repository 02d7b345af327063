"""A leader's own note and tags on an order of an own campaign; nobody else ever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from domain.actors import Role
from models import Campaign, Order, OrderRemark, OrderTag
from services import audit
from services.context import Ctx
from services.finding import by_public_id
from services.writing import changed, insert_all, upsert


@dataclass(frozen=True)
class Remark:
    """The note and the tags of an order (public id) as they shall be from now on."""

    order_id: str
    note: str
    tags: Sequence[str]


def remark(ctx: Ctx, command: Remark) -> Remark:
    """Write the note and tags of an order of the acting leader's campaign anew; raises `NotFound` for any other.

    The row of the note is written first, so that of two devices the later one has both its note and its tags.
    """
    ctx.require(Role.LEADER)
    own = select(Campaign.id).where(Campaign.leader_id == ctx.actor.id)
    order = by_public_id(ctx, Order, command.order_id, Order.campaign_id.in_(own))
    kept = Remark(order.public_id, command.note.strip(), sorted({tag.strip() for tag in command.tags} - {""}))
    words = {"note": kept.note, "changed_at": ctx.now}
    written = upsert(ctx.session, OrderRemark).values(order_id=order.id, **words)
    changed(ctx.session, written.on_conflict_do_update(index_elements=["order_id"], set_=words))
    gone = delete(OrderTag).where(OrderTag.order_id == order.id, OrderTag.tag.not_in(kept.tags))
    changed(ctx.session, gone)
    insert_all(ctx.session, OrderTag, [{"order_id": order.id, "tag": tag} for tag in kept.tags], OrderTag.tag)
    audit.record(ctx, "order", order.id, "remark")
    return kept
