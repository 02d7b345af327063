"""The database itself refuses to change or delete what is booked."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.actors import SYSTEM
from domain.ids import new_id
from domain.posting_rules import Event
from models import JournalEntry, Posting
from services.transactions import Transactions


@pytest.fixture
def booked(unit: Transactions) -> None:
    """One balanced entry that touches nothing else."""
    with unit(SYSTEM) as ctx:
        entry = JournalEntry(
            public_id=new_id("JournalEntry", ctx.now), event=next(iter(Event)), cause="test:1", posted_at=ctx.now
        )
        ctx.session.add(entry)
        ctx.session.flush()
        for amount in (5, -5):
            ctx.session.add(Posting(entry_id=entry.id, account="sales", owner="", amount_fen=amount))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entries SET cause = 'x'",
        "DELETE FROM journal_entries",
        "UPDATE postings SET amount_fen = amount_fen + 1",
        "DELETE FROM postings",
    ],
)
def test_it_refuses(unit: Transactions, booked: None, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), unit(SYSTEM) as ctx:
        ctx.session.execute(text(statement))
