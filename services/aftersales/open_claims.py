"""Whether somebody may still move a claim about an order or a line: what must wait for it asks here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Exists, exists, select

from domain.aftersales import LIVE
from models import Claim, Order, OrderLine
from services.context import Ctx

OF_ORDER: Exists = exists().where(Claim.order_id == Order.id, Claim.state.in_(LIVE))
"""A live claim about the order of the row around it."""
OF_LINE: Exists = exists().where(Claim.order_line_id == OrderLine.id, Claim.state.in_(LIVE))
"""A live claim about the line of the row around it."""


def about(ctx: Ctx, line_ids: Iterable[int]) -> bool:
    """Whether a live claim is about one of these lines."""
    ctx.session.flush()
    live = select(Claim.id).where(Claim.order_line_id.in_(list(line_ids)), Claim.state.in_(LIVE))
    return ctx.session.scalars(live.limit(1)).first() is not None
