"""What a leader notes about orders for themselves: a remark and tags, shown to nobody else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Line, Word


class OrderRemark(Base):
    """The note of the campaign's leader about one order."""

    __tablename__ = "order_remarks"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    note: Mapped[Line] = mapped_column(default="")
    changed_at: Mapped[datetime]


class OrderTag(Base):
    """One tag of the campaign's leader on one order."""

    __tablename__ = "order_tags"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    tag: Mapped[Word] = mapped_column(primary_key=True)
