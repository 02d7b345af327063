"""What to do with captured money: one table over what arrived and where its order stands."""

from __future__ import annotations

from enum import StrEnum


class Arrival(StrEnum):
    """The written outcome of a verified success of the gateway."""

    COUNT = "count"
    """The order becomes paid and counts."""
    HAND_OVER = "hand_over"
    """The order, asked for at a desk, becomes paid and its goods change hands."""
    ALREADY_BOOKED = "already_booked"
    """The same success again: no effect."""
    REFUND_LATE = "refund_late"
    """The order was expired or cancelled: refunded, never revived."""
    REFUND_SECOND = "refund_second"
    """The order was paid by another payment: this one is refunded."""
    SUSPEND = "suspend"
    """The amount differs: a suspense case, never counted as paid."""


def classify(payment_state: str, order_state: str, asked_fen: int, total_fen: int, *, at_desk: bool = False) -> Arrival:
    """Decide by the payment's state, the order's state and the two totals (fen).

    `at_desk` says that the goods wait at a desk for exactly this payment.
    """
    if payment_state == "succeeded":
        return Arrival.ALREADY_BOOKED
    if total_fen != asked_fen:
        return Arrival.SUSPEND
    if at_desk:
        return Arrival.HAND_OVER
    if order_state == "pending_payment":
        return Arrival.COUNT
    if order_state in ("expired", "cancelled"):
        return Arrival.REFUND_LATE
    return Arrival.REFUND_SECOND


def split_settled(refund_fen: int, refunded_before_fen: int, total_fen: int, settled_fen: int) -> int:
    """The part of a refund that goes back to the payer's pocket when a coupon paid the rest (fen).

    Cumulative and floored, so that the parts of a fully refunded payment sum to exactly `settled_fen`.
    """
    after = settled_fen * (refunded_before_fen + refund_fen) // total_fen
    return after - settled_fen * refunded_before_fen // total_fen
