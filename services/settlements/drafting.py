"""Drafting statements: per payee everything owed that no statement names yet, if it adds up to something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.actors import Role
from domain.errors import Busy, Invalid
from domain.ids import new_id
from domain.settlements import ACCOUNTS, PAID_OUT, PayeeKind, least_fen, week_begins
from models import JournalEntry, Posting, Settlement, SettlementLine
from services import audit
from services.context import Ctx
from services.settlements.payees import Payee, hold
from services.writing import insert_all


def draft(ctx: Ctx, until: datetime) -> list[Settlement]:
    """A statement for each payee of what was posted before `until`; returns those drafted now.

    A payee whose postings add up to nothing (or too little to transfer) waits for next time, and so does one whom a
    rival is just drafting or paying. Operators and the clock only. Raises `Invalid` for a time to come.
    """
    ctx.require(Role.OPERATOR, Role.CLOCK)
    if until > ctx.now:
        raise Invalid("is still to come", field="until")
    drafted = []
    for kind in PayeeKind:
        for owner in _owed(ctx, kind, until):
            payee = hold(ctx, kind, owner, wait=False)
            settlement = draft_for(ctx, payee, until) if payee else None
            if settlement is not None:
                drafted.append(settlement)
    return drafted


def draft_week(ctx: Ctx) -> int:
    """The weekly statements up to the last turn of the week; returns how many were drafted."""
    return len(draft(ctx, week_begins(ctx.now, ctx.policy.settlement_weekday)))


def draft_for(ctx: Ctx, payee: Payee, until: datetime) -> Settlement | None:
    """The statement of one payee, whom the caller holds; None when there is nothing to pay, or nobody to pay it to.

    Raises `Busy` when a posting got into another statement all the same.
    """
    rows = ctx.session.execute(_open(payee.kind, Posting.id, Posting.amount_fen, JournalEntry.posted_at).where(
        Posting.owner == payee.owner, JournalEntry.posted_at < until)).all()  # fmt: skip
    amount = -sum(row.amount_fen for row in rows)
    nobody = payee.resident_id is None and payee.kind is not PayeeKind.MERCHANT
    if nobody or amount < least_fen(payee.kind, ctx.policy):
        return None
    settlement = Settlement(
        public_id=new_id("Settlement", ctx.now), state="draft", payee_kind=payee.kind, payee=payee.owner,
        resident_id=payee.resident_id, since=min(row.posted_at for row in rows), until=until, amount_fen=amount,
        drafted_by=ctx.actor.label, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(settlement)
    ctx.session.flush()
    _name_postings(ctx, settlement, rows)
    audit.record(ctx, "settlement", settlement.id, "draft", states=("", "draft"))
    return settlement


def _owed(ctx: Ctx, kind: PayeeKind, until: datetime) -> list[str]:
    """Payees of a kind to whom something adds up, in the order in which everybody takes them."""
    statement = (
        _open(kind, Posting.owner)
        .where(JournalEntry.posted_at < until)
        .group_by(Posting.owner)
        .having(func.sum(Posting.amount_fen) < 0)
        .order_by(Posting.owner)
    )
    ctx.session.flush()
    return list(ctx.session.scalars(statement))


def _open(kind: PayeeKind, *columns: Any) -> Any:
    """What was earned or lost on the account of a kind and stands in no statement."""
    named = select(SettlementLine.posting_id).where(SettlementLine.posting_id == Posting.id)
    return (
        select(*columns)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(Posting.account == ACCOUNTS[kind], JournalEntry.event.not_in(PAID_OUT), ~named.exists())
    )


def _name_postings(ctx: Ctx, settlement: Settlement, rows: Sequence[Any]) -> None:
    lines = [{"posting_id": row.id, "settlement_id": settlement.id} for row in rows]
    if len(insert_all(ctx.session, SettlementLine, lines, SettlementLine.posting_id)) != len(lines):
        raise Busy
