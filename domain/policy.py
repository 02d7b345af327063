"""Every number of the rules with its default; the settings may change each one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Policy:
    """Days, minutes and limits, in the unit their name says."""

    hold_minutes: int = 30
    pay_grace_minutes: int = 3
    least_prepay_seconds: int = 75
    duplicate_order_minutes: int = 5
    silent_payment_poll_seconds: int = 60
    gateway_alert_minutes: int = 10
    one_time_code_minutes: int = 10
    one_time_code_tries: int = 5
    staff_invite_hours: int = 24
    session_days: int = 30
    desk_session_hours: int = 16
    console_idle_minutes: int = 30
    operator_link_minutes: int = 10
    fresh_pickup_hour: int = 21
    fresh_pickup_least_hours: int = 2
    pickup_days: int = 3
    pickup_reminder_hours: int = 2
    undo_minutes: int = 30
    lease_hours: int = 12
    lease_report_hours: int = 24
    aftersales_fresh_hours: int = 24
    aftersales_days: int = 7
    idempotency_days: int = 7
    chat_line_minutes: int = 3
    chat_line_orders: int = 10
    chat_session_minutes: int = 5
    transcript_days: int = 30
    pasted_text_days: int = 7
    refund_spacing_seconds: int = 61
    refund_parts: int = 50
    refund_days: int = 365
    refunds_per_second: int = 50
    refund_refusals_per_sweep: int = 5
    outbox_tries: int = 8
    channel_failing_minutes: int = 5
    claim_answer_hours: int = 24
    claim_accept_up_to_fen: int = 5000
    claim_escalate_hours: int = 48
    claim_offer_hours: int = 48
    broken_units_per_day: int = 20
    evidence_per_hour: int = 30
    no_shows: int = 2
    no_show_days: int = 90
    desk_payment_minutes: int = 10
    door_reminder_hours: int = 24
    shortage_reminder_hours: int = 6
    courier_confirm_days: int = 10
    suspense_days: int = 7
    gateway_fee_bps: int = 60
    bill_hour: int = 10
    bill_late_days: int = 1
    bill_kept_days: int = 89
    payout_least_fen: int = 10
    payout_name_from_fen: int = 200_000
    payout_confirm_hours: int = 24
    settlement_weekday: int = 0
    shipping_reminder_hours: int = 48
    shipping_tries: int = 12
    outbox_lease_seconds: int = 30
    code_tries_per_minute: int = 10
    content_safety: bool = False
    content_push_minutes: int = 35
    content_alert_minutes: int = 10
    content_wait_hours: int = 24
    consent_needed: bool = False
    pass_days: int = 7
    bag_units: int = 10
    buyer_labels: int = 40
    paper_orders_at_once: int = 300
    paper_link_minutes: int = 10
    export_batch: int = 500
    export_lease_seconds: int = 60
    export_tries: int = 5
    export_days: int = 7

    @property
    def pay_grace(self) -> timedelta:
        """How long past the deadline a last-second order may still be paid (never under two minutes)."""
        return timedelta(minutes=max(2, self.pay_grace_minutes))
