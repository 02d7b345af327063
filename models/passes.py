"""Passes with which somebody else fetches an order (代取)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import PICKUP_PASS
from models.base import Base, Name, PublicId, Stated, state_check


class PickupPass(Stated, Base):
    """One person may fetch one order once, until `expires_at`; only the hash of the token is kept.

    An order has one pass in use at most. `label` is who fetches, in the owner's words.
    """

    __tablename__ = "pickup_passes"
    __table_args__ = (
        state_check(PICKUP_PASS),
        Index(
            "uq_pickup_passes_in_use",
            "order_id",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
    )

    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[Name]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
