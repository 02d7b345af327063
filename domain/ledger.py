"""The chart of accounts and what an entry is: legs that sum to zero, debit positive, credit negative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """One account of the books; each posting may also name its owner (a leader, a merchant) and its order."""

    GATEWAY_CLEARING = "gateway_clearing"
    """What the gateway holds for us until its bill is booked."""
    PROMOTION = "promotion"
    """The part of a payment that the gateway's own coupon paid."""
    BUYER_ESCROW = "buyer_escrow"
    """Buyers' money for goods not yet handed over."""
    REFUND_PAYABLE = "refund_payable"
    """Refunds decided and not yet accepted by the gateway."""
    SUSPENSE = "suspense"
    """Verified money that fits no order."""
    DEFERRED_COMMISSION = "deferred_commission"
    """Commission promised on goods not yet handed over."""
    LEADER_PENDING = "leader_pending"
    """A leader's commission until after-sales time is over."""
    LEADER_PAYABLE = "leader_payable"
    """A leader's commission that may be withdrawn."""
    COMMISSION_EXPENSE = "commission_expense"
    """Commission on goods handed over."""
    GOODS_ON_HAND = "goods_on_hand"
    """Goods that arrived, at supply price."""
    MERCHANT_PAYABLE = "merchant_payable"
    """What is owed to merchants for goods that arrived."""
    SALES = "sales"
    """Goods handed over or lapsed, at the buyer's price."""
    COST_OF_GOODS = "cost_of_goods"
    """Goods handed over or lapsed, at supply price."""
    DELIVERY_INCOME = "delivery_income"
    """Delivery fees of orders that reached their buyers."""
    RETURNS = "returns"
    """Money given back for goods that had been handed over."""
    POINT_FEE_EXPENSE = "point_fee_expense"
    """What hand-overs at pickup points cost."""
    POINT_FEE_PAYABLE = "point_fee_payable"
    """What is owed to the keepers of pickup points."""
    WITHDRAWAL_HOLD = "withdrawal_hold"
    """Money on its way to a payee until the gateway says it arrived."""
    GATEWAY_BALANCE = "gateway_balance"
    """What the gateway's own bill says it holds for us."""
    GATEWAY_FEE = "gateway_fee"
    """The gateway's fees, from its bill."""
    BANK = "bank"
    """Our bank account."""
    BANK_IN_TRANSIT = "bank_in_transit"
    """Transfers to merchants that the bank has not confirmed."""
    CASH_AT_DESK = "cash_at_desk"
    """Cash in the drawer of a shift."""
    CASH_DIFFERENCE = "cash_difference"
    """What counted drawers lacked (or had too much)."""
    DIFFERENCES = "differences"
    """Differences with the gateway's bill that people accepted."""


@dataclass(frozen=True)
class Leg:
    """One posting to be: a signed amount (debit positive) on an account, with its owner if it has one."""

    account: Account
    amount_fen: int
    owner: str = ""


def is_balanced(legs: Iterable[Leg]) -> bool:
    """Whether the legs sum to zero."""
    return sum(leg.amount_fen for leg in legs) == 0


def reverse(legs: Iterable[Leg]) -> list[Leg]:
    """The same legs with their signs turned: a correction, since nothing booked is ever changed."""
    return [Leg(leg.account, -leg.amount_fen, leg.owner) for leg in legs]
