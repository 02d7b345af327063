"""Who handed an order over, and when: what the second desk is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models import Order, Redemption
from services.context import Ctx


@dataclass(frozen=True)
class Evidence:
    """The display name of who did it, and the instant as RFC 3339 in UTC."""

    by_name: str
    at: str


def newest(ctx: Ctx, order: Order) -> Redemption | None:
    """The newest redemption of the order that was not undone."""
    undone = aliased(Redemption)
    statement = (
        select(Redemption)
        .outerjoin(undone, undone.reverses_id == Redemption.id)
        .where(Redemption.order_id == order.id, Redemption.reverses_id.is_(None), undone.id.is_(None))
        .order_by(Redemption.id.desc())
        .limit(1)
    )
    return ctx.session.scalars(statement).one_or_none()


def last_hand_over(ctx: Ctx, order: Order) -> Evidence | None:
    """Who handed the order over last, and when; None when it was never, or that was undone."""
    found = newest(ctx, order)
    if found is None:
        return None
    at = found.created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Evidence(found.by_name, at)
