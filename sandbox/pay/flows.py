"""The merchant's account as its statement shows it: each movement with the balance after it."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass

PAYMENT, FEE = ("交易", "交易"), ("交易", "扣除交易手续费")
REFUND, FEE_BACK = ("退款", "退款"), ("退款", "交易手续费退回")
TRANSFER, TRANSFER_BACK = ("商家转账", "商家转账"), ("商家转账", "商家转账退回")
TOP_UP, WITHDRAWAL = ("充值", "充值"), ("提现", "提现")


@dataclass(frozen=True)
class Voucher:
    """What a movement is for: the merchant's own number, the gateway's, and a remark."""

    number: str
    business_no: str
    remark: str = ""


def record(db: sqlite3.Connection, kind: tuple[str, str], voucher: Voucher, amount_fen: int, at: int) -> None:
    """Write one movement, negative when money leaves; none for nothing."""
    if amount_fen == 0:
        return
    last = db.execute("SELECT balance_fen FROM pay_flows ORDER BY id DESC LIMIT 1").fetchone()
    balance = (last["balance_fen"] if last else 0) + amount_fen
    db.execute(
        "INSERT INTO pay_flows (at, flow_no, business_no, name, kind, amount_fen, balance_fen, number, remark)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            at,
            f"{secrets.randbelow(10**28):028d}",
            voucher.business_no,
            *kind,
            amount_fen,
            balance,
            voucher.number,
            voucher.remark,
        ),
    )
