"""The leader gives a buyer money back."""

from __future__ import annotations

from typing import Any

from blueprints.leader.door import door
from blueprints.shared.refund_shapes import GiveBackSchema, GivenBackSchema, give_back_command
from domain.errors import NotFound, WrongState
from services import giving_back
from services.context import Ctx
from services.giving_back import GivenBack


@door.post(
    "/orders/<order_id>/refunds",
    takes=GiveBackSchema(),
    shows=GivenBackSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState],
)
def refund_order(ctx: Ctx, order_id: str, body: dict[str, Any]) -> GivenBack:
    """Give back of an order of my campaigns: before hand-over once it is formed, after it until after-sales ends."""
    return giving_back.give_back(ctx, give_back_command(order_id, body))
