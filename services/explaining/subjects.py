"""What can be explained, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.actors import Role
from domain.errors import NotFound
from models import Campaign, Leader, Order, Payment
from services import audit
from services.context import Ctx
from services.explaining import campaigns, leaders, orders, payments
from services.explaining.shapes import Explanation
from services.finding import by_public_id

KINDS: Mapping[str, tuple[type[Any], Callable[[Ctx, Any], Explanation]]] = {
    "order": (Order, orders.explain),
    "payment": (Payment, payments.explain),
    "leader": (Leader, leaders.explain),
    "campaign": (Campaign, campaigns.explain),
}


def explain(ctx: Ctx, kind: str, public_id: str) -> Explanation:
    """Explain one thing to an operator, and put on record that it was looked at; raises `NotFound`."""
    ctx.require(Role.OPERATOR, Role.SYSTEM)
    if kind not in KINDS:
        raise NotFound
    table, explained = KINDS[kind]
    row = by_public_id(ctx, table, public_id)
    audit.record(ctx, kind, row.id, "explain")
    return explained(ctx, row)
