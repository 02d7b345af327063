"""Statements of what is owed: whose postings they gather, when, and in which words each posting explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.clock import SHANGHAI, business_date
from domain.ledger import Account
from domain.policy import Policy
from domain.posting_rules import Event


class PayeeKind(StrEnum):
    """Who is owed money."""

    LEADER = "leader"
    """Commission, paid by transfer."""
    POINT = "point"
    """Fees for hand-overs at a pickup point, paid by transfer to its keeper."""
    MERCHANT = "merchant"
    """Goods that arrived, paid by bank."""


ACCOUNTS: Mapping[PayeeKind, Account] = {
    PayeeKind.LEADER: Account.LEADER_PAYABLE,
    PayeeKind.POINT: Account.POINT_FEE_PAYABLE,
    PayeeKind.MERCHANT: Account.MERCHANT_PAYABLE,
}
WITHDRAWAL_AMOUNT = {PayeeKind.LEADER: "commission", PayeeKind.POINT: "point_fee"}
PAID_OUT = (Event.WITHDRAWAL_ASKED, Event.WITHDRAWAL_RETURNED, Event.MERCHANT_PAID, Event.MERCHANT_RETURNED)
"""What is booked on these accounts when a statement is paid; it stands in no statement itself."""

REASONS: Mapping[Event, tuple[str, str]] = {
    Event.COMMISSION_RELEASED: ("{goods}的佣金：售后期已过，可以结算", "{goods}的佣金调减：买家退款"),
    Event.BORNE_BY_LEADER: ("{goods}的售后承担冲回", "{goods}的售后：由团长承担的退款"),
    Event.POINT_FEE: ("自提点服务费：一单已交付", "服务费冲回：核销已撤销"),
    Event.GOODS_ARRIVED: ("{point}的货款：到货已点收", "{goods}的货款冲回：点收更正"),
    Event.BORNE_BY_SUPPLIER: ("{goods}的售后承担冲回", "{goods}的售后：由供应商承担的退款"),
}
"""Why a line raises the sum, and why it lowers it."""


def reason_of(event: str, amount_fen: int, goods: str = "商品", point: str = "自提点") -> str:
    """One Chinese sentence for a line of `amount_fen` (positive: owed to the payee), naming what it is about."""
    more, less = REASONS.get(Event(event), ("更正", "更正"))
    return (more if amount_fen > 0 else less).format(goods=goods, point=point)


def least_fen(kind: PayeeKind, policy: Policy) -> int:
    """The least sum worth a statement: what cannot be transferred waits for more."""
    return 1 if kind is PayeeKind.MERCHANT else policy.payout_least_fen


def out_bill_no(payout_id: str) -> str:
    """A payout's number at the gateway, where only letters and digits are allowed."""
    return payout_id.replace("_", "")


def week_begins(now: datetime, weekday: int) -> datetime:
    """The last Shanghai midnight of `weekday` (0 is Monday) not after `now`: the weekly statements end there."""
    today = business_date(now)
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    return datetime.combine(day, time(), SHANGHAI)
