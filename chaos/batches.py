"""Whether the committer did what came together together: what is done in one transaction carries one instant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from models import Order
from services.transactions import Transactions


def placed_together(unit: Transactions) -> int:
    """How many orders were placed in one transaction with another one."""
    return _sharing(unit, Order.created_at)


def paid_together(unit: Transactions) -> int:
    """How many orders were paid in one transaction with another one."""
    return _sharing(unit, Order.paid_at)


def _sharing(unit: Transactions, instant: InstrumentedAttribute[Any]) -> int:
    batches = select(func.count().label("size")).where(instant.is_not(None)).group_by(instant).subquery()
    with unit.reading() as ctx:
        found = ctx.session.scalar(select(func.sum(batches.c.size)).where(batches.c.size > 1))
    return int(found or 0)
