"""Links by which somebody opens a paper in a browser, where nobody is logged in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Pk, Word


class PaperLink(Base):
    """Opens one paper once, until `expires_at`, with the eyes of the leader or the member of staff who made it.

    Only the hash of its token is kept. The paper is an export (`export_id`) or drawn when it is opened: `campaign_id`
    and `point_id` are public ids, empty where a paper names none.
    """

    __tablename__ = "paper_links"
    __table_args__ = (CheckConstraint("(leader_id IS NULL) != (staff_id IS NULL)", name="one_maker"),)

    id: Mapped[Pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("leaders.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_staff.id"), index=True)
    kind: Mapped[Word]
    campaign_id: Mapped[Word] = mapped_column(default="")
    point_id: Mapped[Word] = mapped_column(default="")
    export_id: Mapped[Word] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
