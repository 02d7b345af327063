"""The offline lease of a desk: how long it lasts, how long it may still report, and why units went astray."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.clock import SHANGHAI, business_date
from domain.policy import Policy


class LeaseEnd(StrEnum):
    """How a lease ended."""

    GIVEN_BACK = "given_back"
    TAKEN_OVER = "taken_over"
    EXPIRED = "expired"


class Result(StrEnum):
    """What became of a hand-over that was noted without the network; AGAIN is answered only, never kept."""

    DONE = "done"
    AGAIN = "again"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Astray(StrEnum):
    """Why units that left a desk could not be booked on the order they were handed out for."""

    TWICE = "twice"
    """Somebody else had handed them over: a double hand-out."""
    REFUNDED = "refunded"
    """Their buyer had got or been promised the money."""
    LAPSED = "lapsed"
    """Their time to be fetched was over before the hand-over was reported."""
    NOT_HERE = "not_here"
    """They had not arrived, or belong to an order at another point."""
    CODE_VOID = "code_void"
    """The code that was shown had been voided before, or is not this order's."""
    UNPAID = "unpaid"
    """They are paid at their hand-over, and nothing was."""
    SENT = "sent"
    """They had left by courier."""
    TOO_LATE = "too_late"
    """The lease had ended too long ago."""


def lease_until(now: datetime, policy: Policy) -> datetime:
    """A lease ends after its hours, and with its day in Shanghai: its key is good for that day only."""
    midnight = datetime.combine(business_date(now) + timedelta(days=1), time(0), SHANGHAI)
    return min(now + timedelta(hours=policy.lease_hours), midnight)
