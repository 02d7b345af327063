"""What residents agreed to, text by text and version by version, and the messages they allowed the platform to send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.agreements import DOCUMENTS
from models.base import Base, Word, one_of

PURPOSES = ("arrived", "refund", "formed")


class Consent(Base):
    """A resident has agreed to one version of a document; never changed and never taken away."""

    __tablename__ = "consents"
    __table_args__ = (one_of("document", DOCUMENTS, "document"),)

    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    document: Mapped[Word] = mapped_column(primary_key=True)
    version: Mapped[Word] = mapped_column(primary_key=True)
    agreed_at: Mapped[datetime]


class Subscription(Base):
    """How many messages of a purpose a resident still allows, as far as we know; the platform's own count decides."""

    __tablename__ = "subscriptions"
    __table_args__ = (one_of("purpose", PURPOSES, "purpose"), CheckConstraint("quota >= 0", name="quota"))

    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    purpose: Mapped[Word] = mapped_column(primary_key=True)
    quota: Mapped[int]
    changed_at: Mapped[datetime]
