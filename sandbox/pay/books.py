"""The gateway's own double-entry books: people's wallets, the merchant's account in its parts, fees, the bank."""

from __future__ import annotations

import sqlite3

from sandbox.context import Sandbox

FREE, FROZEN, IN_REFUND = "merchant_free", "merchant_frozen", "merchant_in_refund"
FEE, IN_TRANSFER, BANK = "fee", "in_transfer", "bank"


def wallet(openid: str) -> str:
    """The account of one person; it starts at 0 and may go below, the sandbox's people are never short."""
    return f"person:{openid}"


def post(db: sqlite3.Connection, entry: str, moves: dict[str, int], posted_at: int) -> None:
    """Book one entry; `moves` is fen per account and sums to zero."""
    if sum(moves.values()) != 0:
        raise ValueError(f"{entry} does not balance")
    rows = [(entry, account, amount, posted_at) for account, amount in moves.items() if amount]
    db.executemany("INSERT INTO pay_postings (entry, account, amount_fen, posted_at) VALUES (?, ?, ?, ?)", rows)
    db.executemany(
        "INSERT INTO pay_accounts VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET balance_fen = balance_fen + excluded.balance_fen",
        [(account, amount) for account, amount in moves.items() if amount],
    )


def balance_fen(box: Sandbox, *accounts: str) -> int:
    """What some accounts hold together."""
    return sum(_number(box, "SELECT balance_fen FROM pay_accounts WHERE account = ?", account) for account in accounts)


def balanced(box: Sandbox) -> bool:
    """Every entry sums to zero, the accounts are the sums of their postings, and they agree with the rows behind."""
    torn = box.store.one("SELECT 1 FROM pay_postings GROUP BY entry HAVING SUM(amount_fen) <> 0")
    drifted = box.store.one(
        "SELECT 1 FROM (SELECT account, SUM(amount_fen) AS fen FROM pay_postings GROUP BY account)"
        " LEFT JOIN pay_accounts USING (account) WHERE fen IS NOT balance_fen"
    )
    expected = sums(box)
    agrees = {
        FREE: expected["balance_fen"] - expected["frozen_fen"] - expected["in_refund_fen"],
        FROZEN: expected["frozen_fen"],
        IN_REFUND: expected["in_refund_fen"],
        FEE: expected["fee_fen"] - expected["fee_back_fen"],
        IN_TRANSFER: expected["transferring_fen"],
        BANK: expected["withdrawn_fen"] - expected["topped_up_fen"],
    }
    stated = _number(box, "SELECT balance_fen FROM pay_flows ORDER BY id DESC LIMIT 1")
    return (
        torn is None
        and drifted is None
        and stated == expected["balance_fen"]
        and all(balance_fen(box, account) == fen for account, fen in agrees.items())
    )


def sums(box: Sandbox) -> dict[str, int]:
    """The account by its rows (payments, refunds, transfers, funds), never by the postings."""
    found = {name: _number(box, f"SELECT SUM({query}") for name, query in _SUMS.items()}
    found["balance_fen"] = (
        found["settled_received_fen"] - found["settled_refunded_fen"] - found["fee_fen"] + found["fee_back_fen"]
        - found["transferred_fen"] + found["topped_up_fen"] - found["withdrawn_fen"]
    )  # fmt: skip
    return found


_SUMS = {
    "settled_received_fen": "payer_fen) FROM pay_orders WHERE success_at IS NOT NULL",
    "settled_refunded_fen": "payer_refund_fen) FROM pay_refunds WHERE success_at IS NOT NULL",
    "fee_fen": "fee_fen) FROM pay_orders WHERE success_at IS NOT NULL",
    "fee_back_fen": "fee_back_fen) FROM pay_refunds WHERE success_at IS NOT NULL",
    "transferred_fen": "amount_fen) FROM pay_transfers WHERE state NOT IN ('FAIL', 'CANCELLED')",
    "transferring_fen": "amount_fen) FROM pay_transfers WHERE state NOT IN ('SUCCESS', 'FAIL', 'CANCELLED')",
    "topped_up_fen": "amount_fen) FROM pay_funds WHERE amount_fen > 0",
    "withdrawn_fen": "-amount_fen) FROM pay_funds WHERE amount_fen < 0",
    "frozen_fen": "frozen_fen) FROM pay_orders WHERE success_at IS NOT NULL",
    "in_refund_fen": "payer_refund_fen - fee_back_fen) FROM pay_refunds WHERE state IN ('PROCESSING', 'ABNORMAL')",
}


def _number(box: Sandbox, query: str, *values: object) -> int:
    row = box.store.one(query, *values)
    return int(row[0] or 0) if row else 0
