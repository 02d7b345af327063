"""The gateway's bills as it gives them: rows in fen, what could not be read, and the bytes as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class BillFault:
    """A line (counted from 1) that does not fit its columns, and why; the rest of the bill stands."""

    line: int
    problem: str


@dataclass(frozen=True)
class BillRow:
    """One payment or one refund of the trade bill, money in fen.

    `refund_id` and `out_refund_no` are "" for a payment. The fee is negative where the gateway gives it back.
    `settlement_fen` is what a payment brings (its total less coupons) and `refund_fen` what a refund takes;
    `requested_refund_fen` is what was asked back, coupons included.
    """

    line: int
    traded_at: datetime
    appid: str
    mchid: str
    transaction_id: str
    out_trade_no: str
    trade_state: str
    total_fen: int
    settlement_fen: int
    coupon_fen: int
    refund_id: str
    out_refund_no: str
    refund_fen: int
    requested_refund_fen: int
    refund_state: str
    fee_fen: int


@dataclass(frozen=True)
class FundFlowRow:
    """One movement of the merchant's own balance, money in fen; `amount_fen` is never negative.

    `business_no` is the gateway's number of what moved it (a trade, a refund, a transfer), `flow_no` the movement's
    own, `voucher_no` the number we gave.
    """

    line: int
    booked_at: datetime
    business_no: str
    flow_no: str
    business_name: str
    business_type: str
    direction: Literal["in", "out"]
    amount_fen: int
    balance_fen: int
    applicant: str
    note: str
    voucher_no: str


@dataclass(frozen=True)
class TradeBill:
    """One day's trade bill.

    `hash_matches` compares with the hash that the gateway announced; `adds_up` says whether the rows make the
    gateway's own totals (never true with a fault); `content` is the unzipped file, `content_sha256` its hex digest.
    """

    rows: tuple[BillRow, ...]
    faults: tuple[BillFault, ...]
    hash_matches: bool
    adds_up: bool
    content_sha256: str
    content: bytes


@dataclass(frozen=True)
class FundFlowBill:
    """One day's fund-flow bill of the basic account; fields as in `TradeBill`."""

    rows: tuple[FundFlowRow, ...]
    faults: tuple[BillFault, ...]
    hash_matches: bool
    adds_up: bool
    content_sha256: str
    content: bytes
