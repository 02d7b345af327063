"""What each event books: the money table of the product as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.ledger import Account, Leg


class Event(StrEnum):
    """A thing that happened to money."""

    PAYMENT_SUCCEEDED = "payment_succeeded"
    """A payment was captured for its order."""
    PAYMENT_UNWANTED = "payment_unwanted"
    """A late or second payment was captured; it goes back."""
    PAYMENT_UNMATCHED = "payment_unmatched"
    """A verified payment fits no order or has the wrong amount."""
    REFUND_DECIDED = "refund_decided"
    """Buyer's money for goods not handed over goes back."""
    REFUND_ACCEPTED = "refund_accepted"
    """The gateway took the refund order."""
    REFUND_CLOSED = "refund_closed"
    """The gateway closed a refund without paying it."""
    COMMISSION_PENDING = "commission_pending"
    """Commission of a confirmed line, or the change of it."""
    GOODS_ARRIVED = "goods_arrived"
    """Goods stand at the point."""
    UNITS_HANDED_OVER = "units_handed_over"
    """Units were collected, or lapsed."""
    COMMISSION_RELEASED = "commission_released"
    """After-sales time is over."""


@dataclass(frozen=True)
class Rule:
    """One debit-credit pair: the amount's name, the two accounts, and who owns each side ("" for the house)."""

    amount: str
    debit: Account
    credit: Account
    debit_owner: str = ""
    credit_owner: str = ""


A = Account
RULES: Mapping[Event, tuple[Rule, ...]] = {
    Event.PAYMENT_SUCCEEDED: (
        Rule("settled", A.GATEWAY_CLEARING, A.BUYER_ESCROW),
        Rule("promotion", A.PROMOTION, A.BUYER_ESCROW),
    ),
    Event.PAYMENT_UNWANTED: (
        Rule("settled", A.GATEWAY_CLEARING, A.REFUND_PAYABLE),
        Rule("promotion", A.PROMOTION, A.REFUND_PAYABLE),
    ),
    Event.PAYMENT_UNMATCHED: (
        Rule("settled", A.GATEWAY_CLEARING, A.SUSPENSE),
        Rule("promotion", A.PROMOTION, A.SUSPENSE),
    ),
    Event.REFUND_DECIDED: (Rule("amount", A.BUYER_ESCROW, A.REFUND_PAYABLE),),
    Event.REFUND_ACCEPTED: (
        Rule("settled", A.REFUND_PAYABLE, A.GATEWAY_CLEARING),
        Rule("promotion", A.REFUND_PAYABLE, A.PROMOTION),
    ),
    Event.REFUND_CLOSED: (
        Rule("settled", A.GATEWAY_CLEARING, A.REFUND_PAYABLE),
        Rule("promotion", A.PROMOTION, A.REFUND_PAYABLE),
    ),
    Event.COMMISSION_PENDING: (
        Rule("commission", A.DEFERRED_COMMISSION, A.LEADER_PENDING, credit_owner="leader"),
    ),
    Event.GOODS_ARRIVED: (Rule("cost", A.GOODS_ON_HAND, A.MERCHANT_PAYABLE, credit_owner="merchant"),),
    Event.UNITS_HANDED_OVER: (
        Rule("sales", A.BUYER_ESCROW, A.SALES),
        Rule("cost", A.COST_OF_GOODS, A.GOODS_ON_HAND),
        Rule("commission", A.COMMISSION_EXPENSE, A.DEFERRED_COMMISSION),
    ),
    Event.COMMISSION_RELEASED: (
        Rule("commission", A.LEADER_PENDING, A.LEADER_PAYABLE, debit_owner="leader", credit_owner="leader"),
    ),
}  # fmt: skip


def legs(event: Event, amounts: Mapping[str, int], owners: Mapping[str, str] | None = None) -> list[Leg]:
    """The legs that `event` books for `amounts` in fen (a negative amount reverses its pair); zero pairs are left out.

    Raises KeyError for an amount or an owner that the table wants and the caller did not give.
    """
    rules = RULES[event]
    if unknown := set(amounts) - {rule.amount for rule in rules}:
        raise KeyError(f"{event} has no amount named {sorted(unknown)}")
    booked: list[Leg] = []
    for rule in rules:
        fen = amounts[rule.amount]
        if fen:
            booked.append(Leg(rule.debit, fen, (owners or {})[rule.debit_owner] if rule.debit_owner else ""))
            booked.append(Leg(rule.credit, -fen, (owners or {})[rule.credit_owner] if rule.credit_owner else ""))
    return booked
