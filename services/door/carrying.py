"""Goods carried to the door: handed over against the buyer's code like at a desk, or left and shown in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actors import Role
from domain.campaigns import DeliveryMethod
from domain.errors import Invalid
from models import Redemption
from services import evidence_pictures, notices, transitions
from services.context import Ctx
from services.door.addresses import of_campaigns
from services.pickup import redeeming


@dataclass(frozen=True)
class LeaveAtDoor:
    """All that waits of an order (public id) was left at its door, as these pictures (public ids) show."""

    order_id: str
    evidence: tuple[str, ...]


def leave(ctx: Ctx, command: LeaveAtDoor) -> Redemption:
    """Hand over what waits of an order by picture; its buyer is told.

    Raises `NotFound`, `Invalid` without a picture of one's own, and what `redeeming.redeem` raises: what is paid on
    pickup is not left at a door before it was paid.
    """
    ctx.require(Role.LEADER)
    order = of_campaigns(ctx, command.order_id, DeliveryMethod.DOOR)
    transitions.lock(ctx, order)
    if not command.evidence:
        raise Invalid("Show a picture of it.", field="evidence")
    evidence_pictures.attach(ctx, command.evidence, "door", order=order)
    (made,) = redeeming.redeem(ctx, redeeming.Redeem((order.public_id,), "photo"))
    notices.tell(ctx, order, "changed", f"door:{made.id}", "已送到家门口", "团长已送到并拍照，请尽快取回家。")
    return made
