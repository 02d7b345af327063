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
    `total_fen` is what the lines (net of discount) and the delivery fee cost when ordered. `point_fee_fen` is what its
    hand-over owes the point's keeper; `finishes` counts how often it was handed over or taken back.
    """

    __tablename__ = "orders"
    __table_args__ = (
        state_check(ORDER),
        one_of("channel", ("app", "chat"), "channel"),
        UniqueConstraint("campaign_id", "roster_number"),
        CheckConstraint("total_fen >= 0 AND paid_fen >= 0", name="money"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= paid_fen", name="refunded"),
        CheckConstraint(
            "delivery_fee_fen >= fee_refunded_fen + fee_earned_fen AND fee_refunded_fen >= 0 AND fee_earned_fen >= 0",
            name="delivery_fee",
        ),
        CheckConstraint("NOT counted OR roster_number IS NOT NULL", name="counted_has_number"),
        Index("ix_orders_campaign_id_state_id", "campaign_id", "state", "id"),
        Index("ix_orders_campaign_id_settled_epoch_id", "campaign_id", "settled_epoch", "id"),
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
    help_sell_id: Mapped[int | None] = mapped_column(ForeignKey("help_sells.id"), index=True)
    delivery_fee_fen: Mapped[int] = mapped_column(default=0)
    fee_refunded_fen: Mapped[int] = mapped_column(default=0)
    fee_earned_fen: Mapped[int] = mapped_column(default=0)
    point_fee_fen: Mapped[int] = mapped_column(default=0)
    finishes: Mapped[int] = mapped_column(default=0)
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


class OrderAddress(Base):
    """Where a leader carries an order (building and room), or what a courier must know, sealed."""

    __tablename__ = "order_addresses"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    building: Mapped[Name] = mapped_column(default="")
    room: Mapped[Name] = mapped_column(default="")
    courier_enc: Mapped[str | None] = mapped_column(String(1024))


class Parcel(Base):
    """An order on its way by courier; confirmed by its buyer, or by the clock when time is up."""

    __tablename__ = "parcels"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    company: Mapped[Word]
    tracking_number: Mapped[Name]
    shipped_at: Mapped[datetime]
    confirm_by: Mapped[datetime] = mapped_column(index=True)


class OrderLine(Base):
    """Units of one offer in an order, with the price and texts the buyer saw; amounts in fen, units whole.

    `amount_fen` is what the line costs: units at `unit_price_fen` less its part of the order's discount. How it falls
    on single units is `domain.line_money`. `refunded_fen` is all that was decided to leave the line: refunded units,
    `rebate_fen` (a lower tier reached, `rebate_unit_fen` a confirmed unit) and `aftersales_fen` (after hand-over);
    `waived_fen` of it had never been paid. `sales_fen` belongs to the units handed over. `refunded_units` are units
    refunded before collection, `refunded_after_units` later ones. `helper_commission_fen` is a part of
    `commission_fen`.
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
        CheckConstraint("refunded_fen >= rebate_fen + aftersales_fen AND refunded_fen <= amount_fen", name="money"),
        CheckConstraint("rebate_fen >= 0 AND waived_fen >= 0 AND waived_fen <= refunded_fen", name="parts"),
        CheckConstraint("aftersales_fen >= 0 AND aftersales_fen <= sales_fen", name="aftersales"),
        CheckConstraint("sales_fen >= 0 AND sales_fen <= amount_fen", name="sales"),
        CheckConstraint(
            "amount_fen = unit_price_fen * ordered_units - discount_fen AND discount_fen >= 0", name="amount"
        ),
        CheckConstraint("helper_commission_fen >= 0 AND helper_commission_fen <= commission_fen", name="commission"),
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
    helper_bps: Mapped[int] = mapped_column(default=0)
    discount_fen: Mapped[int] = mapped_column(default=0)
    amount_fen: Mapped[int]
    ordered_units: Mapped[int]
    confirmed_units: Mapped[int] = mapped_column(default=0)
    arrived_units: Mapped[int] = mapped_column(default=0)
    collected_units: Mapped[int] = mapped_column(default=0)
    lapsed_units: Mapped[int] = mapped_column(default=0)
    refunded_units: Mapped[int] = mapped_column(default=0)
    refunded_after_units: Mapped[int] = mapped_column(default=0)
    refunded_fen: Mapped[int] = mapped_column(default=0)
    rebate_unit_fen: Mapped[int] = mapped_column(default=0)
    rebate_fen: Mapped[int] = mapped_column(default=0)
    aftersales_fen: Mapped[int] = mapped_column(default=0)
    waived_fen: Mapped[int] = mapped_column(default=0)
    sales_fen: Mapped[int] = mapped_column(default=0)
    commission_fen: Mapped[int] = mapped_column(default=0)
    helper_commission_fen: Mapped[int] = mapped_column(default=0)
    commission_expensed_fen: Mapped[int] = mapped_column(default=0)
    commission_released_at: Mapped[datetime | None]
