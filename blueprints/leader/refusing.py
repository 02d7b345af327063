"""Broken units refused by the leader, at any point of own campaigns and beyond the desk's limit."""

from __future__ import annotations

from typing import Any

from blueprints.leader.door import door
from blueprints.shared.broken_shapes import AfterRefusalSchema, RefuseBrokenSchema, refuse_command
from domain.errors import NotFound, WrongState
from models import Order
from services.context import Ctx
from services.pickup import refusing


@door.post(
    "/orders/<string:order_id>/broken",
    takes=RefuseBrokenSchema(),
    shows=AfterRefusalSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState],
)
def refuse_broken(ctx: Ctx, order_id: str, body: dict[str, Any]) -> Order:
    """Refuse broken units that wait at a point: refunded at once, without after-sales."""
    return refusing.refuse(ctx, refuse_command(order_id, body))
