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


_BROKEN = text(
    " UNION ALL ".join(f"SELECT {place} AS place WHERE EXISTS ({invariant.sql})" for place, invariant in enumerate(ALL))
)


def check(ctx: Ctx) -> list[Breach]:
    """Every breach of every invariant, one row each at most; an empty list when all hold.

    All are asked in one statement; only those that do not hold are asked again for a row that shows it.
    """
    ctx.session.flush()
    broken = sorted(ctx.session.scalars(_BROKEN))
    return [Breach(ALL[place].rule, _row(ctx, ALL[place])) for place in broken]


def _row(ctx: Ctx, invariant: Invariant) -> str:
    row = ctx.session.execute(text(invariant.sql)).first()
    return str(tuple(row)) if row else "gone meanwhile"
