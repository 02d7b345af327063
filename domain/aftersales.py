"""Complaints about goods handed over: why, until when somebody must answer, and who bears what is given back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from domain.policy import Policy

LIVE = ("asked", "offered", "rejected", "escalated")
"""The states of a claim in which somebody may still move it."""
MOST_PICTURES = 6


class ClaimReason(StrEnum):
    """What is wrong."""

    BAD = "bad"
    MISSING = "missing"
    WRONG = "wrong"
    LATE = "late"
    OTHER = "other"


REASON_WORDS = {
    ClaimReason.BAD: "坏了",
    ClaimReason.MISSING: "少了",
    ClaimReason.WRONG: "发错了",
    ClaimReason.LATE: "送晚了",
    ClaimReason.OTHER: "其他",
}


class Bearer(StrEnum):
    """On whom an after-sales refund falls."""

    HOUSE = "house"
    """The holder of the merchant number, who is the seller."""
    SUPPLIER = "supplier"
    """The merchant, up to the supply price."""
    LEADER = "leader"
    """The leader, who loses the commission on it anyway."""


BEARER_WORDS = {Bearer.HOUSE: "平台", Bearer.SUPPLIER: "供货商家", Bearer.LEADER: "团长"}


def due_at(state: str, now: datetime, policy: Policy) -> datetime | None:
    """Until when a claim that just came to `state` waits for the next one to speak; None when no clock runs."""
    hours = {
        "asked": policy.claim_answer_hours,
        "offered": policy.claim_offer_hours,
        "rejected": policy.claim_escalate_hours,
    }
    return now + timedelta(hours=hours[state]) if state in hours else None


def buyers_moves(state: str, due: datetime | None, now: datetime) -> list[str]:
    """What the buyer may do about a claim: take_offer, escalate (an answer while it is fresh, silence when the
    leader's time is over), withdraw; nothing once it has ended.
    """
    overdue = due is not None and due <= now
    moves = ["take_offer"] if state == "offered" else []
    moves += ["escalate"] if overdue is (state == "asked") and state != "escalated" else []
    return [*moves, "withdraw"] if state in LIVE else []


def suppliers_part(amount_fen: int, supply_price_fen: int, units: int, handed: int, borne_fen: int) -> int:
    """What the supplier bears of `amount_fen`: at most the supply price of the units complained about (0: of all
    `handed` over), and with the `borne_fen` of earlier claims at most that of all handed over; never less than
    nothing, although a hand-over that was undone since may leave earlier claims above it.
    """
    left = max(0, supply_price_fen * handed - borne_fen)
    return min(amount_fen, supply_price_fen * (units or handed), left)


def leaders_part(amount_fen: int, commission_lost_fen: int) -> int:
    """What the leader bears of `amount_fen`: the commission lost by it is borne already."""
    return max(0, amount_fen - commission_lost_fen)
