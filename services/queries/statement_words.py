"""Each posting of a statement as one Chinese sentence: whose order, which goods, why, and how it was reckoned."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.posting_rules import Event
from domain.settlements import reason_of
from models import HelpSell, JournalEntry, Leader, Order, OrderLine
from services.context import Ctx
from services.explaining import facts
from services.queries.commissions import reckoned

Owed = tuple[JournalEntry, str, int]
"""An entry, the payee (a public id), and what it owes them (fen)."""


def reasons(ctx: Ctx, owed: Sequence[Owed]) -> list[str]:
    """A sentence for each, in their order: a handful of statements however many there are."""
    known = facts.of_causes(ctx, [entry.cause for entry, _, _ in owed])
    numbers = _numbers(ctx, [entry.order_id for entry, _, _ in owed if entry.order_id])
    sums = _sums(ctx, owed)
    return [
        _whose(numbers.get(entry.order_id or 0))
        + reason_of(entry.event, fen, known[entry.cause].goods, known[entry.cause].point)
        + sums.get(entry.id, "")
        for entry, _, fen in owed
    ]


def _whose(number: int | None) -> str:
    return f"{number} 号，" if number else ""


def _numbers(ctx: Ctx, orders: Sequence[int]) -> dict[int, int | None]:
    rows = ctx.session.execute(select(Order.id, Order.roster_number).where(Order.id.in_(orders)))
    return {row.id: row.roster_number for row in rows}


def _sums(ctx: Ctx, owed: Sequence[Owed]) -> dict[int, str]:
    """By entry: how a released commission was reckoned, as long as no later refund has changed it."""
    released = {
        int(entry.cause.split(":")[1]): (entry.id, payee, fen)
        for entry, payee, fen in owed
        if entry.event == Event.COMMISSION_RELEASED and fen > 0
    }
    statement = (
        select(OrderLine, HelpSell, Leader.public_id)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(HelpSell, HelpSell.id == Order.help_sell_id)
        .outerjoin(Leader, Leader.id == HelpSell.leader_id)
        .where(OrderLine.id.in_(released))
    )
    found: dict[int, str] = {}
    for line, help_sell, helper in ctx.session.execute(statement):
        entry_id, payee, fen = released[line.id]
        helped = line.helper_commission_fen if helper else 0
        if fen == (helped if payee == helper else line.commission_fen - helped):
            found[entry_id] = f"；{reckoned(line, help_sell, helps=payee == helper)}"
    return found
