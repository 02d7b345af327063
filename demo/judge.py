"""The judge: our books against the gateway's, row by row and in both directions."""

from __future__ import annotations

from collections import Counter
from typing import Any

Row = dict[str, Any]
REFUND_STATES = {"submitted": "PROCESSING", "succeeded": "SUCCESS", "abnormal": "ABNORMAL", "closed": "CLOSED"}


def compare(payments: list[Row], refunds: list[Row], ledger: Row) -> list[str]:
    """Every difference between our payments and refunds (all pages of the operator's lists) and `/control/ledger`.

    An empty list when both agree: numbers, transaction ids, sums, states, and nothing twice.
    """
    captured = [row for row in payments if row["state"] == "succeeded"]
    sent = [row for row in refunds if row["state"] in REFUND_STATES]
    theirs, returned = ledger["payments"], ledger["refunds"]
    differences = [
        *_twice("we booked payment", captured, "id"),
        *_twice("the gateway lists payment", theirs, "out_trade_no"),
        *_twice("the gateway lists transaction", theirs, "transaction_id"),
        *_twice("we booked refund", sent, "id"),
        *_twice("the gateway lists refund", returned, "out_refund_no"),
        *_payments({row["id"]: row for row in captured}, {row["out_trade_no"]: row for row in theirs}, sent),
        *_refunds({row["id"]: row for row in sent}, {row["out_refund_no"]: row for row in returned}),
        *_sums(captured, sent, ledger),
    ]
    return differences if ledger["balanced"] else [*differences, "the gateway's own books do not balance"]


def payouts(statements: list[Row], ledger: Row) -> list[str]:
    """Every difference between our paid statements' transfers and the gateway's, in both directions."""
    ours = {
        row["payout"]["number"]: row["amount_fen"]
        for row in statements
        if row["payout"] and row["payout"]["state"] == "succeeded"
    }
    theirs = {row["out_bill_no"]: row["amount_fen"] for row in ledger["transfers"] if row["state"] == "SUCCESS"}
    return [
        f"payout {number} is {ours.get(number)} fen with us and {theirs.get(number)} at the gateway"
        for number in sorted(ours.keys() | theirs.keys())
        if ours.get(number) != theirs.get(number)
    ]


def totals(payments: list[Row], refunds: list[Row]) -> tuple[int, int]:
    """What we say was received and given back, in fen."""
    received = sum(row["received_fen"] for row in payments if row["state"] == "succeeded")
    return received, sum(row["amount_fen"] for row in refunds if row["state"] == "succeeded")


def _twice(words: str, rows: list[Row], name: str) -> list[str]:
    counts = Counter(row[name] for row in rows)
    return [f"{words} {number} {count} times" for number, count in counts.items() if count > 1]


def _payments(ours: dict[str, Row], theirs: dict[str, Row], refunds: list[Row]) -> list[str]:
    given_back: Counter[str] = Counter()
    for refund in refunds:
        given_back[refund["payment"]] += refund["amount_fen"] if refund["state"] == "succeeded" else 0
    touched = {refund["payment"] for refund in refunds}
    found = _missing("payment", ours, theirs)
    for number in ours.keys() & theirs.keys():
        mine, row = ours[number], theirs[number]
        expected = {
            "transaction_id": mine["transaction_id"],
            "total_fen": mine["received_fen"],
            "payer_fen": mine["settled_fen"],
            "refunded_fen": given_back[number],
            "state": "REFUND" if number in touched else "SUCCESS",
        }
        found += _unequal("payment", number, expected, row)
    return found


def _refunds(ours: dict[str, Row], theirs: dict[str, Row]) -> list[str]:
    found = _missing("refund", ours, theirs)
    for number in ours.keys() & theirs.keys():
        mine, row = ours[number], theirs[number]
        expected = {
            "out_trade_no": mine["payment"],
            "refund_fen": mine["amount_fen"],
            "payer_refund_fen": mine["settled_fen"],
            "state": REFUND_STATES[mine["state"]],
        }
        found += _unequal("refund", number, expected, row)
    return found


def _sums(captured: list[Row], sent: list[Row], ledger: Row) -> list[str]:
    received, refunded = totals(captured, sent)
    expected = {"received_fen": received, "refunded_fen": refunded, "net_fen": received - refunded}
    return _unequal("the sum", "of all", expected, ledger)


def _missing(kind: str, ours: dict[str, Row], theirs: dict[str, Row]) -> list[str]:
    lacking = [f"{kind} {number} is ours and not the gateway's" for number in sorted(ours.keys() - theirs.keys())]
    return lacking + [
        f"{kind} {number} is the gateway's and not ours" for number in sorted(theirs.keys() - ours.keys())
    ]


def _unequal(kind: str, number: str, expected: Row, row: Row) -> list[str]:
    return [
        f"{kind} {number}: {name} is {value} with us and {row[name]} at the gateway"
        for name, value in expected.items()
        if row[name] != value
    ]
