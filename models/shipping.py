"""Shipping information that the platform wants for each payment before it releases the money."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import SHIPPING
from models.base import Base, Line, Stated, Word, one_of, state_check


class ShippingUpload(Stated, Base):
    """The upload for one payment: due when its last goods stand at the point, tried until the platform has it.

    A payment that the platform spoke of earlier has a waiting row. `reminded_at` is when the platform complained that
    48 hours have passed without it, `released_at` when the payment's money was no longer frozen. `due_at` is the next
    try or, once uploaded, the next question whether the money is free; null when nothing is left to do. `attempts`
    counts calls, `refusals` those that the platform said no to.
    """

    __tablename__ = "shipping_uploads"
    __table_args__ = (
        state_check(SHIPPING),
        one_of("logistics", ("pickup", "same_city", "express"), "logistics"),
        Index("ix_shipping_uploads_state_due_at", "state", "due_at"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), unique=True)
    logistics: Mapped[Word]
    item_desc: Mapped[Line]
    tracking_number: Mapped[str] = mapped_column(default="")
    express_company: Mapped[Word] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[Line] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]
    uploaded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
