"""Papers that are made in the background and fetched when they are ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import EXPORT
from models.base import Base, PublicId, Stated, Word, one_of, state_check


class Export(Stated, Base):
    """A paper of a leader's campaign, or of a desk for its staff, on its way to a file behind the file port.

    `read_orders` of `all_orders` were read. While it is being made, `turn` names the attempt that may go on, until
    `lease_until`. `live_key` is unique while it is on its way: the same paper asked for twice is made once.
    """

    __tablename__ = "exports"
    __table_args__ = (
        state_check(EXPORT),
        one_of("format", ("html", "xlsx"), "format"),
        CheckConstraint("(leader_id IS NULL) != (staff_id IS NULL)", name="one_maker"),
        CheckConstraint("read_orders >= 0 AND all_orders >= 0 AND turn >= 0", name="progress"),
        Index("ix_exports_state_lease_until", "state", "lease_until"),
    )

    public_id: Mapped[PublicId]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("leaders.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_staff.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"), index=True)
    kind: Mapped[Word]
    format: Mapped[Word]
    live_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    read_orders: Mapped[int] = mapped_column(default=0)
    all_orders: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
