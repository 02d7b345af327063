"""The gateway's own double-entry books: payers' wallets, the platform's promotion, the merchant, money in refund."""

from __future__ import annotations

import sqlite3

from sandbox.context import Sandbox

MERCHANT, IN_REFUND, PROMOTION = "merchant", "in_refund", "promotion"


def wallet(openid: str) -> str:
    """The account of one payer; it starts at 0 and may go below, the sandbox's people are never short."""
    return f"payer:{openid}"


def post(db: sqlite3.Connection, entry: str, moves: dict[str, int], posted_at: int) -> None:
    """Book one entry; `moves` is fen per account and sums to zero."""
    if sum(moves.values()) != 0:
        raise ValueError(f"{entry} does not balance")
    rows = [(entry, account, amount, posted_at) for account, amount in moves.items() if amount]
    db.executemany("INSERT INTO pay_postings (entry, account, amount_fen, posted_at) VALUES (?, ?, ?, ?)", rows)


def balance_fen(box: Sandbox, account: str) -> int:
    """What an account holds."""
    return _sum(box, "SELECT SUM(amount_fen) AS fen FROM pay_postings WHERE account = ?", account)


def balanced(box: Sandbox) -> bool:
    """Every entry sums to zero, and the accounts agree with the orders and refunds they came from."""
    torn = box.store.one("SELECT 1 FROM pay_postings GROUP BY entry HAVING SUM(amount_fen) <> 0")
    received = _sum(box, "SELECT SUM(total_fen) AS fen FROM pay_orders WHERE transaction_id IS NOT NULL")
    given = _sum(box, "SELECT SUM(refund_fen) AS fen FROM pay_refunds WHERE state <> 'CLOSED'")
    waiting = _sum(box, "SELECT SUM(refund_fen) AS fen FROM pay_refunds WHERE state IN ('PROCESSING', 'ABNORMAL')")
    merchant, in_refund = balance_fen(box, MERCHANT), balance_fen(box, IN_REFUND)
    return torn is None and merchant == received - given and in_refund == waiting


def _sum(box: Sandbox, query: str, *values: object) -> int:
    row = box.store.one(query, *values)
    return int(row["fen"] or 0) if row else 0
