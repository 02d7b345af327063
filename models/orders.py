"""Orders and their lines: what was promised at which price, and how far each unit has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import ORDER
from models.base import Base, Line, Name, Pk, PublicId, Stated, Word, one_of, state_check


class Order(Stated, Base):
    """One order of one owner in one campaign at one pickup point; the roster is a query over these rows.

    `counted` says that it counts now; `roster_number` is issued in the transaction in which it starts to and is never
    taken away. `refunded_fen` is what has reached the buyer; what is decided stands on the lines. `settled_epoch` is
    the campaign's epoch whose outcome was carried out on it; it is unsettled while that is behind the campaign's own.
    """

    __tablename__ = "orders"
    __table_args__ = (
        state_check(ORDER),
        one_of("channel", ("app", "chat"), "channel"),
        UniqueConstraint("campaign_id", "roster_number"),
        CheckConstraint("total_fen >= 0 AND paid_fen >= 0", name="money"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= paid_fen", name="refunded"),
        CheckConstraint("NOT counted OR roster_number IS NOT NULL", name="counted_has_number"),
        Index("ix_orders_campaign_id_state_id", "campaign_id", "state", "id"),
        Index("ix_orders_state_hold_until", "state", "hold_until"),
        Index("ix_orders_point_id_resident_id", "point_id", "resident_id"),
        Index("ix_orders_resident_id_id", "resident_id", "id"),
    )

    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
    recipient: Mapped[Name] = mapped_column(default="")
    note: Mapped[Line] = mapped_column(default="")
    channel: Mapped[Word]
    lines_digest: Mapped[str] = mapped_column(String(64))
    total_fen: Mapped[int]
    paid_fen: Mapped[int] = mapped_column(default=0)
    refunded_fen: Mapped[int] = mapped_column(default=0)
    roster_number: Mapped[int | None]
    counted: Mapped[bool] = mapped_column(default=False)
    settled_epoch: Mapped[int] = mapped_column(default=0)
    hold_until: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(32))
    pickup_deadline: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    collected_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    aftersales_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OrderLine(Base):
    """Units of one offer in an order, with the price and texts the buyer saw; amounts in fen, units whole.

    `refunded_units` and `refunded_fen` are decided refunds before collection, `refunded_after_units` later ones.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "offer_id"),
        CheckConstraint("ordered_units > 0", name="ordered"),
        CheckConstraint(
            "ordered_units >= confirmed_units AND confirmed_units >= arrived_units"
            " AND arrived_units >= collected_units + lapsed_units AND collected_units >= 0 AND lapsed_units >= 0",
            name="progress",
        ),
        CheckConstraint(
            "collected_units + lapsed_units + refunded_units <= ordered_units AND refunded_units >= 0", name="refunded"
        ),
        CheckConstraint("refunded_after_units >= 0 AND refunded_after_units <= collected_units", name="after"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= amount_fen", name="money"),
        CheckConstraint("amount_fen = unit_price_fen * ordered_units", name="amount"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    offer_name: Mapped[Name]
    spec: Mapped[Name]
    unit: Mapped[Word]
    fresh: Mapped[bool]
    unit_price_fen: Mapped[int]
    supply_price_fen: Mapped[int]
    commission_bps: Mapped[int]
    amount_fen: Mapped[int]
    ordered_units: Mapped[int]
    confirmed_units: Mapped[int] = mapped_column(default=0)
    arrived_units: Mapped[int] = mapped_column(default=0)
    collected_units: Mapped[int] = mapped_column(default=0)
    lapsed_units: Mapped[int] = mapped_column(default=0)
    refunded_units: Mapped[int] = mapped_column(default=0)
    refunded_after_units: Mapped[int] = mapped_column(default=0)
    refunded_fen: Mapped[int] = mapped_column(default=0)
    commission_fen: Mapped[int] = mapped_column(default=0)
    commission_expensed_fen: Mapped[int] = mapped_column(default=0)
    commission_released_at: Mapped[datetime | None]
