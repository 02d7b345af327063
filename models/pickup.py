"""From truck to hand: deliveries, pickup codes, redemptions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import DELIVERY, PICKUP_CODE
from models.base import Base, Line, Name, Pk, PublicId, Stated, Word, one_of, state_check


class Delivery(Stated, Base):
    """What one campaign brings to one point in one batch; `reminded_at`: its leader was told again that it is short."""

    __tablename__ = "deliveries"
    __table_args__ = (state_check(DELIVERY), UniqueConstraint("campaign_id", "point_id", "batch"))

    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"), index=True)
    batch: Mapped[int] = mapped_column(default=1)
    arrived_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class DeliveryLine(Base):
    """Units of one offer in a delivery: what was planned from confirmed lines, what was counted.

    `short` lines wait until the leader commits who gets what; `surplus_units` came beyond what was ordered (余货).
    """

    __tablename__ = "delivery_lines"
    __table_args__ = (
        UniqueConstraint("delivery_id", "offer_id"),
        CheckConstraint("planned_units >= 0 AND arrived_units >= 0", name="units"),
    )

    id: Mapped[Pk]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    planned_units: Mapped[int]
    arrived_units: Mapped[int] = mapped_column(default=0)
    surplus_units: Mapped[int] = mapped_column(default=0)
    short: Mapped[bool] = mapped_column(default=False)


class PickupCode(Stated, Base):
    """The code of one order; unique among the codes in use at its point."""

    __tablename__ = "pickup_codes"
    __table_args__ = (
        state_check(PICKUP_CODE),
        Index(
            "uq_pickup_codes_in_use",
            "point_id",
            "code",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        Index(
            "uq_pickup_codes_order",
            "order_id",
            unique=True,
            sqlite_where=text("state <> 'voided'"),
            postgresql_where=text("state <> 'voided'"),
        ),
    )

    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
    code: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]


class Redemption(Base):
    """One hand-over, or the reversal of one (`reverses_id`), by whom and how it was found.

    `fetched_by` is who fetched for the owner by a pass, in the owner's words.
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        one_of(
            "found_by",
            ("code", "qr", "roster", "batch", "chat", "undo", "photo", "courier", "payment", "pass", "offline"),
            "found_by",
        ),
        Index("ix_redemptions_order_id", "order_id"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("redemptions.id"), unique=True)
    by_label: Mapped[Word]
    by_name: Mapped[Line]
    found_by: Mapped[Word]
    fetched_by: Mapped[Name] = mapped_column(default="")
    reason: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]


class RedemptionLine(Base):
    """Units of a line handed over (negative in a reversal)."""

    __tablename__ = "redemption_lines"
    __table_args__ = (CheckConstraint("units <> 0", name="units"),)

    id: Mapped[Pk]
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemptions.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    units: Mapped[int]
