"""The desk without a network: who holds a point's lease, what was handed over under it, and what went astray."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.leases import Astray, LeaseEnd, Result
from models.base import Base, Line, Name, Pk, PublicId, Word, one_of


class DeskLease(Base):
    """One device may hand out at one point without the network, until `until` at the latest.

    `day` is the `yyyymmdd` of the key it holds. `ended_at` and `how_ended` are empty while nobody ended it, even when
    `until` has passed: the next who asks closes it.
    """

    __tablename__ = "desk_leases"
    __table_args__ = (
        one_of("how_ended", ("", *LeaseEnd), "how_ended"),
        Index(
            "uq_desk_leases_live",
            "point_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("pickup_staff.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    device: Mapped[Name]
    day: Mapped[str] = mapped_column(String(8))
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    how_ended: Mapped[Word] = mapped_column(default="")


class OfflineHandOver(Base):
    """One hand-over that a device noted and reported, once per `client_id` at a point, and what became of it.

    `units` left the desk; those that the order still had are in the redemption, the others are loss cases. `handed_at`
    is the device's word. Without an order the id that was named is nobody's.
    """

    __tablename__ = "offline_hand_overs"
    __table_args__ = (
        one_of("result", [result for result in Result if result is not Result.AGAIN], "result"),
        UniqueConstraint("point_id", "client_id"),
        CheckConstraint("units > 0", name="units"),
    )

    id: Mapped[Pk]
    lease_id: Mapped[int] = mapped_column(ForeignKey("desk_leases.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemptions.id"), unique=True)
    units: Mapped[int]
    result: Mapped[Word]
    detail: Mapped[Line] = mapped_column(default="")
    by_label: Mapped[Word]
    by_name: Mapped[Line]
    handed_at: Mapped[datetime]
    reported_at: Mapped[datetime]


class LossCase(Base):
    """Units of a line that left a desk without the network and that its order no longer had; never the buyer's debt.

    `why` names it; `first_by` and `first_at` tell who had handed them over before. Its leader closes it with a remark.
    """

    __tablename__ = "loss_cases"
    __table_args__ = (
        one_of("why", Astray, "why"),
        UniqueConstraint("hand_over_id", "order_line_id"),
        CheckConstraint("units > 0", name="units"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("offline_hand_overs.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    units: Mapped[int]
    why: Mapped[Word]
    first_by: Mapped[Line] = mapped_column(default="")
    first_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Word] = mapped_column(default="")
    remark: Mapped[Line] = mapped_column(default="")
