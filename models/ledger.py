"""The books: journal entries and their postings, never changed and never deleted (triggers hold that)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.ledger import Account
from domain.posting_rules import Event
from models.base import Base, Pk, PublicId, Word, one_of


class JournalEntry(Base):
    """One event that moved money; `cause` makes it unrepeatable (e.g. `payment:12`)."""

    __tablename__ = "journal_entries"
    __table_args__ = (one_of("event", Event, "event"), UniqueConstraint("event", "cause"))

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    event: Mapped[Word]
    cause: Mapped[str] = mapped_column(String(80))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    posted_at: Mapped[datetime]


class Posting(Base):
    """One leg: fen on an account, debit positive."""

    __tablename__ = "postings"
    __table_args__ = (
        one_of("account", Account, "account"),
        CheckConstraint("amount_fen <> 0", name="amount"),
        Index("ix_postings_account_owner", "account", "owner"),
    )

    id: Mapped[Pk]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"), index=True)
    account: Mapped[Word]
    owner: Mapped[Word] = mapped_column(default="")
    amount_fen: Mapped[int]
