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
    REFUND_AFTER_SALES = "refund_after_sales"
    """Money goes back for goods that had been handed over."""
    BORNE_BY_SUPPLIER = "borne_by_supplier"
    """The merchant bears (a part of) an after-sales refund."""
    BORNE_BY_LEADER = "borne_by_leader"
    """The leader bears (a part of) an after-sales refund."""
    REFUND_BY_HAND = "refund_by_hand"
    """Two people paid a refund outside the gateway; its gateway parts are what the gateway had taken for it before."""
    POINT_FEE = "point_fee"
    """An order was handed over at a point."""
    SUSPENSE_REFUNDED = "suspense_refunded"
    """Unmatched money goes back through the gateway."""
    SUSPENSE_BY_HAND = "suspense_by_hand"
    """Unmatched money went back by bank."""
    WITHDRAWAL_ASKED = "withdrawal_asked"
    """A payee's approved sum is on its way."""
    WITHDRAWAL_RETURNED = "withdrawal_returned"
    """It did not arrive and is owed again."""
    WITHDRAWAL_PAID = "withdrawal_paid"
    """The gateway paid it out."""
    MERCHANT_PAID = "merchant_paid"
    """A merchant's sum stands in a bank file."""
    MERCHANT_CONFIRMED = "merchant_confirmed"
    """The bank confirmed it."""
    MERCHANT_RETURNED = "merchant_returned"
    """The bank returned it."""
    DESK_CASH = "desk_cash"
    """Cash taken at a desk for goods."""
    CASH_HANDED_OVER = "cash_handed_over"
    """A closed drawer was handed over and banked."""
    CASH_DIFFERENCE = "cash_difference"
    """A drawer held less (negative: more) than it should."""
    BILL_TRADE = "bill_trade"
    """The gateway's bill shows a payment."""
    BILL_FEE = "bill_fee"
    """The gateway's bill shows a fee (negative: given back)."""
    BILL_REFUND = "bill_refund"
    """The gateway's bill shows a refund."""
    BILL_TRANSFER = "bill_transfer"
    """The gateway's bill shows a transfer to a payee (negative: come back)."""
    BILL_FUNDS = "bill_funds"
    """The gateway's bill shows our own money put in (negative: taken out)."""
    DIFFERENCE_ACCEPTED = "difference_accepted"
    """People accepted a difference with the bill."""


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
        Rule("helper", A.DEFERRED_COMMISSION, A.LEADER_PENDING, credit_owner="helper"),
    ),
    Event.GOODS_ARRIVED: (Rule("cost", A.GOODS_ON_HAND, A.MERCHANT_PAYABLE, credit_owner="merchant"),),
    Event.UNITS_HANDED_OVER: (
        Rule("sales", A.BUYER_ESCROW, A.SALES),
        Rule("delivery", A.BUYER_ESCROW, A.DELIVERY_INCOME),
        Rule("cost", A.COST_OF_GOODS, A.GOODS_ON_HAND),
        Rule("commission", A.COMMISSION_EXPENSE, A.DEFERRED_COMMISSION),
    ),
    Event.COMMISSION_RELEASED: (
        Rule("commission", A.LEADER_PENDING, A.LEADER_PAYABLE, debit_owner="leader", credit_owner="leader"),
        Rule("helper", A.LEADER_PENDING, A.LEADER_PAYABLE, debit_owner="helper", credit_owner="helper"),
    ),
    Event.REFUND_AFTER_SALES: (Rule("amount", A.RETURNS, A.REFUND_PAYABLE),),
    Event.BORNE_BY_SUPPLIER: (Rule("amount", A.MERCHANT_PAYABLE, A.COST_OF_GOODS, debit_owner="merchant"),),
    Event.BORNE_BY_LEADER: (Rule("amount", A.LEADER_PAYABLE, A.RETURNS, debit_owner="leader"),),
    Event.REFUND_BY_HAND: (
        Rule("bank", A.REFUND_PAYABLE, A.BANK),
        Rule("cash", A.REFUND_PAYABLE, A.CASH_AT_DESK, credit_owner="shift"),
        Rule("settled", A.GATEWAY_CLEARING, A.REFUND_PAYABLE),
        Rule("promotion", A.PROMOTION, A.REFUND_PAYABLE),
    ),
    Event.POINT_FEE: (Rule("fee", A.POINT_FEE_EXPENSE, A.POINT_FEE_PAYABLE, credit_owner="point"),),
    Event.SUSPENSE_REFUNDED: (Rule("amount", A.SUSPENSE, A.REFUND_PAYABLE),),
    Event.SUSPENSE_BY_HAND: (Rule("amount", A.SUSPENSE, A.BANK),),
    Event.WITHDRAWAL_ASKED: (
        Rule("commission", A.LEADER_PAYABLE, A.WITHDRAWAL_HOLD, debit_owner="payee", credit_owner="payee"),
        Rule("point_fee", A.POINT_FEE_PAYABLE, A.WITHDRAWAL_HOLD, debit_owner="payee", credit_owner="payee"),
    ),
    Event.WITHDRAWAL_RETURNED: (
        Rule("commission", A.WITHDRAWAL_HOLD, A.LEADER_PAYABLE, debit_owner="payee", credit_owner="payee"),
        Rule("point_fee", A.WITHDRAWAL_HOLD, A.POINT_FEE_PAYABLE, debit_owner="payee", credit_owner="payee"),
    ),
    Event.WITHDRAWAL_PAID: (Rule("amount", A.WITHDRAWAL_HOLD, A.GATEWAY_CLEARING, debit_owner="payee"),),
    Event.MERCHANT_PAID: (
        Rule("amount", A.MERCHANT_PAYABLE, A.BANK_IN_TRANSIT, debit_owner="payee", credit_owner="payee"),
    ),
    Event.MERCHANT_CONFIRMED: (Rule("amount", A.BANK_IN_TRANSIT, A.BANK, debit_owner="payee"),),
    Event.MERCHANT_RETURNED: (
        Rule("amount", A.BANK_IN_TRANSIT, A.MERCHANT_PAYABLE, debit_owner="payee", credit_owner="payee"),
    ),
    Event.DESK_CASH: (Rule("amount", A.CASH_AT_DESK, A.BUYER_ESCROW, debit_owner="shift"),),
    Event.CASH_HANDED_OVER: (Rule("amount", A.BANK, A.CASH_AT_DESK, credit_owner="shift"),),
    Event.CASH_DIFFERENCE: (Rule("amount", A.CASH_DIFFERENCE, A.CASH_AT_DESK, credit_owner="shift"),),
    Event.BILL_TRADE: (Rule("amount", A.GATEWAY_BALANCE, A.GATEWAY_CLEARING),),
    Event.BILL_FEE: (Rule("amount", A.GATEWAY_FEE, A.GATEWAY_BALANCE),),
    Event.BILL_REFUND: (Rule("amount", A.GATEWAY_CLEARING, A.GATEWAY_BALANCE),),
    Event.BILL_TRANSFER: (Rule("amount", A.GATEWAY_CLEARING, A.GATEWAY_BALANCE),),
    Event.BILL_FUNDS: (Rule("amount", A.GATEWAY_BALANCE, A.BANK),),
    Event.DIFFERENCE_ACCEPTED: (Rule("amount", A.DIFFERENCES, A.GATEWAY_CLEARING),),
}  # fmt: skip


def legs(event: Event, amounts: Mapping[str, int], owners: Mapping[str, str] | None = None) -> list[Leg]:
    """The legs that `event` books for `amounts` in fen (a negative amount reverses its pair); zero pairs are left out.

    An amount that is not given is zero. Raises KeyError for an amount that the table does not know, or an owner that
    it wants and the caller did not give.
    """
    rules = RULES[event]
    if unknown := set(amounts) - {rule.amount for rule in rules}:
        raise KeyError(f"{event} has no amount named {sorted(unknown)}")
    booked: list[Leg] = []
    for rule in rules:
        fen = amounts.get(rule.amount, 0)
        if fen:
            booked.append(Leg(rule.debit, fen, (owners or {})[rule.debit_owner] if rule.debit_owner else ""))
            booked.append(Leg(rule.credit, -fen, (owners or {})[rule.credit_owner] if rule.credit_owner else ""))
    return booked
