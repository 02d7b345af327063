"""The judge finds every kind of difference between our books and the gateway's, and none where there is none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from demo.judge import compare, payouts, totals

Row = dict[str, Any]
Books = tuple[list[Row], list[Row], Row]


def payment(number: str, fen: int, state: str = "succeeded") -> Row:
    captured = fen if state == "succeeded" else 0
    transaction = f"42{number}" if captured else None
    return {
        "id": number, "state": state, "transaction_id": transaction, "received_fen": captured, "settled_fen": captured,
    }  # fmt: skip


def refund(number: str, payment_number: str, fen: int, state: str = "succeeded") -> Row:
    return {"id": number, "payment": payment_number, "state": state, "amount_fen": fen, "settled_fen": fen}


def agreeing() -> Books:
    payments = [payment("pay_1", 500), payment("pay_2", 300), payment("pay_3", 900, "closed")]
    refunds = [refund("ref_1", "pay_1", 200), refund("ref_2", "pay_2", 300, "requested")]
    rows = [
        {"out_trade_no": "pay_1", "transaction_id": "42pay_1", "total_fen": 500, "payer_fen": 500, "refunded_fen": 200,
         "state": "REFUND"},
        {"out_trade_no": "pay_2", "transaction_id": "42pay_2", "total_fen": 300, "payer_fen": 300, "refunded_fen": 0,
         "state": "SUCCESS"},
    ]  # fmt: skip
    returned = [{"out_refund_no": "ref_1", "out_trade_no": "pay_1", "refund_fen": 200, "payer_refund_fen": 200,
                 "state": "SUCCESS"}]  # fmt: skip
    sums = {"received_fen": 800, "refunded_fen": 200, "net_fen": 600, "balanced": True}
    return payments, refunds, {"payments": rows, "refunds": returned, **sums}


def _ours_lost(books: Books) -> None:
    del books[0][1]


def _theirs_lost(books: Books) -> None:
    del books[2]["payments"][1]


def _our_refund_lost(books: Books) -> None:
    del books[1][0]


def _our_payment_twice(books: Books) -> None:
    books[0].append(dict(books[0][0]))


def _their_payment_twice(books: Books) -> None:
    books[2]["payments"].append(dict(books[2]["payments"][0]))


def _their_refund_twice(books: Books) -> None:
    books[2]["refunds"].append(dict(books[2]["refunds"][0]))


def _one_transaction_for_two(books: Books) -> None:
    books[2]["payments"][1]["transaction_id"] = "42pay_1"


def _unbalanced(books: Books) -> None:
    books[2]["balanced"] = False


def _their(rows: str, place: int, name: str, value: object) -> Callable[[Books], None]:
    def spoil(books: Books) -> None:
        books[2][rows][place][name] = value

    return spoil


def _their_sum(name: str) -> Callable[[Books], None]:
    def spoil(books: Books) -> None:
        books[2][name] += 1

    return spoil


SPOILT = {
    "a payment of ours is missing": _ours_lost,
    "a payment of theirs is missing": _theirs_lost,
    "a refund of ours is missing": _our_refund_lost,
    "a payment of ours stands twice": _our_payment_twice,
    "a payment of theirs stands twice": _their_payment_twice,
    "a refund of theirs stands twice": _their_refund_twice,
    "two payments share a transaction": _one_transaction_for_two,
    "their books do not balance": _unbalanced,
    "one fen more": _their("payments", 0, "total_fen", 501),
    "another payer share": _their("payments", 0, "payer_fen", 499),
    "another sum given back": _their("payments", 1, "refunded_fen", 1),
    "another payment state": _their("payments", 1, "state", "REFUND"),
    "another transaction": _their("payments", 1, "transaction_id", "42pay_9"),
    "another payment number": _their("payments", 1, "out_trade_no", "pay_9"),
    "another refund sum": _their("refunds", 0, "refund_fen", 199),
    "another share of a refund": _their("refunds", 0, "payer_refund_fen", 199),
    "another refund state": _their("refunds", 0, "state", "ABNORMAL"),
    "a refund of another payment": _their("refunds", 0, "out_trade_no", "pay_2"),
    "another refund number": _their("refunds", 0, "out_refund_no", "ref_9"),
    "another sum received": _their_sum("received_fen"),
    "another sum refunded": _their_sum("refunded_fen"),
    "another sum kept": _their_sum("net_fen"),
}


def test_books_that_agree_have_no_difference() -> None:
    assert compare(*agreeing()) == []


@pytest.mark.parametrize("kind", SPOILT)
def test_a_difference_is_found(kind: str) -> None:
    books = copy.deepcopy(agreeing())
    SPOILT[kind](books)
    assert compare(*books), kind


def test_what_was_not_captured_and_what_was_not_sent_is_no_difference() -> None:
    payments, refunds, ledger = agreeing()
    payments.append(payment("pay_4", 100, "awaiting_payer"))
    refunds.append(refund("ref_4", "pay_2", 100, "requested"))
    assert compare(payments, refunds, ledger) == []


def test_totals_count_captured_money_and_refunds_that_arrived() -> None:
    payments, refunds, _ = agreeing()
    assert totals(payments, refunds) == (800, 200)


def _statement(number: str, fen: int, state: str = "succeeded") -> Row:
    return {"amount_fen": fen, "payout": {"number": number, "state": state}}


@pytest.mark.parametrize(("theirs", "found"), [
    ([("pyt1", 500, "SUCCESS"), ("pyt2", 90, "FAIL")], 0), ([("pyt1", 501, "SUCCESS")], 1), ([], 1),
    ([("pyt1", 500, "SUCCESS"), ("pyt2", 90, "SUCCESS")], 1),
])  # fmt: skip
def test_payouts_are_compared_in_both_directions(theirs: list[tuple[str, int, str]], found: int) -> None:
    ledger = {
        "transfers": [{"out_bill_no": number, "amount_fen": fen, "state": state} for number, fen, state in theirs]
    }
    ours = [_statement("pyt1", 500), _statement("pyt2", 90, "failed"), {"amount_fen": 7, "payout": None}]
    assert len(payouts(ours, ledger)) == found
