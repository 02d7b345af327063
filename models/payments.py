"""Money in and money back: payments, refunds with their lines, verified gateway events, suspense cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.campaigns import CancelReason
from domain.state_tables import PAYMENT, REFUND, SUSPENSE
from models.base import Base, Line, Pk, PublicId, Stated, Word, one_of, state_check


class Payment(Stated, Base):
    """One attempt at the gateway; `public_id` is its `out_trade_no`, amounts in fen.

    `amount_fen` was asked; `received_fen` was captured in all, `settled_fen` of it from the payer's pocket;
    `refunded_fen` is decided to go back. `counted` marks the one payment that paid the order. `method` is wechat, or
    cash taken in a shift; `desk_by` names who at the desk hands over the moment a payment asked for there succeeds.
    """

    __tablename__ = "payments"
    __table_args__ = (
        state_check(PAYMENT),
        one_of("method", ("wechat", "cash"), "method"),
        CheckConstraint("(method = 'cash') = (shift_id IS NOT NULL)", name="cash_has_shift"),
        CheckConstraint("amount_fen >= 1", name="amount"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= received_fen", name="refunded"),
        CheckConstraint("settled_fen >= 0 AND settled_fen <= received_fen", name="settled"),
        Index(
            "uq_payments_live",
            "order_id",
            "payer_id",
            unique=True,
            sqlite_where=text("state IN ('created', 'awaiting_payer')"),
            postgresql_where=text("state IN ('created', 'awaiting_payer')"),
        ),
        Index(
            "uq_payments_counted",
            "order_id",
            unique=True,
            sqlite_where=text("counted"),
            postgresql_where=text("counted"),
        ),
        Index("ix_payments_state_asked_at", "state", "asked_at"),
    )

    public_id: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    amount_fen: Mapped[int]
    counted: Mapped[bool] = mapped_column(default=False)
    method: Mapped[Word] = mapped_column(default="wechat")
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shifts.id"), index=True)
    desk_by: Mapped[Word] = mapped_column(default="")
    prepay_id: Mapped[str | None] = mapped_column(String(128))
    transaction_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_fen: Mapped[int] = mapped_column(default=0)
    settled_fen: Mapped[int] = mapped_column(default=0)
    refunded_fen: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    trouble_since: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Refund(Stated, Base):
    """Money on its way back out of one payment; `public_id` is its `out_refund_no` and never changes.

    `first_sent_at` freezes the amount: decisions made later wait in a refund of their own. `channel` is how it was
    paid in the end: the gateway, or by hand (bank, cash) when two people decided so.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        state_check(REFUND),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("settled_fen >= 0 AND settled_fen <= amount_fen", name="settled"),
        one_of("channel", ("gateway", "bank", "cash"), "channel"),
        Index("ix_refunds_state_due_at", "state", "due_at"),
    )

    public_id: Mapped[PublicId]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    amount_fen: Mapped[int]
    settled_fen: Mapped[int] = mapped_column(default=0)
    reason: Mapped[Word]
    channel: Mapped[Word] = mapped_column(default="gateway")
    waiting: Mapped[Word] = mapped_column(default="")
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_sent_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RefundLine(Base):
    """Why a refund holds this part of its sum: units or an amount of a line, or what belongs to no line.

    `kind` is units (before collection), rebate, aftersales (units or an amount after hand-over), fee (delivery) or
    whole (a payment that was not wanted).
    """

    __tablename__ = "refund_lines"
    __table_args__ = (
        one_of("reason", CancelReason, "reason"),
        one_of("kind", ("units", "rebate", "aftersales", "fee", "whole"), "kind"),
        CheckConstraint("(order_line_id IS NULL) = (kind IN ('fee', 'whole'))", name="line"),
        CheckConstraint("amount_fen > 0 AND units >= 0", name="amount"),
    )

    id: Mapped[Pk]
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)
    kind: Mapped[Word]
    units: Mapped[int]
    amount_fen: Mapped[int]
    reason: Mapped[Word]
    created_at: Mapped[datetime]


class GatewayEvent(Base):
    """The inbox of verified gateway notices: one row per event id, however often it is sent."""

    __tablename__ = "gateway_events"

    id: Mapped[Pk]
    event_id: Mapped[str] = mapped_column(String(64), unique=True)
    event_type: Mapped[Word]
    number: Mapped[str] = mapped_column(String(64))
    deliveries: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]


class SuspenseCase(Stated, Base):
    """Verified money that fits no order, with its evidence; it waits for people."""

    __tablename__ = "suspense_cases"
    __table_args__ = (state_check(SUSPENSE),)

    public_id: Mapped[PublicId]
    out_trade_no: Mapped[str] = mapped_column(String(64))
    transaction_id: Mapped[str] = mapped_column(String(64), unique=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    received_fen: Mapped[int]
    settled_fen: Mapped[int]
    reason: Mapped[Word]
    detail: Mapped[Line]
    resolution: Mapped[Word] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
