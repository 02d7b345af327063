"""The invariants of the domain as queries that return no rows; run after every database test and by a command."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from services.context import Ctx
from services.invariants.books import BOOKS
from services.invariants.money import MONEY
from services.invariants.progress import COUNTS, PROGRESS
from services.invariants.rule import Breach, Invariant
from services.invariants.statements import STATEMENTS
from services.invariants.stock import STOCK

__all__ = ["ALL", "Breach", "Invariant", "check"]

ALL: Sequence[Invariant] = (*STOCK, *BOOKS, *MONEY, *PROGRESS, *COUNTS, *STATEMENTS)


def check(ctx: Ctx) -> list[Breach]:
    """Every breach of every invariant, one row each at most; an empty list when all hold."""
    ctx.session.flush()
    found = []
    for invariant in ALL:
        row = ctx.session.execute(text(invariant.sql)).first()
        if row is not None:
            found.append(Breach(invariant.rule, str(tuple(row))))
    return found
