"""The judge's books balance, and each planted difference shows."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.sandbox.merchant import Inbox, Merchant

KINDS = [
    "payment_dropped",
    "payment_added",
    "payment_amount_plus_one_fen",
    "payment_state_changed",
    "payment_number_changed",
    "payment_duplicated",
    "refund_dropped",
    "refund_added",
    "refund_amount_minus_one_fen",
    "refund_state_changed",
    "refund_moved_to_other_payment",
    "transaction_id_changed",
]


def _rows(ledger: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(sorted(row.items())) for row in ledger["payments"] + ledger["refunds"])


@pytest.fixture
def ledger(merchant: Merchant, inbox: Inbox) -> dict[str, Any]:
    """One payment, refunded in part."""
    merchant.paid("pay_000001", silent=True)
    merchant.refund("ref_1", "pay_000001", 300)
    inbox.next()
    books: dict[str, Any] = merchant.control("ledger")
    return books


def test_the_books_balance_after_payments_and_refunds(ledger: dict[str, Any]) -> None:
    assert ledger["balanced"] is True
    assert (ledger["received_fen"], ledger["refunded_fen"], ledger["net_fen"]) == (1000, 300, 700)
    payment = ledger["payments"][0]
    assert (payment["total_fen"], payment["refunded_fen"], payment["state"]) == (1000, 300, "REFUND")
    assert payment["success_time"].endswith("+08:00")


def test_there_are_exactly_twelve_kinds_of_difference(merchant: Merchant) -> None:
    assert list(merchant.control("plant")["kinds"]) == KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payments", [1, 2])
def test_a_planted_difference_shows_row_by_row_and_can_be_taken_out(
    merchant: Merchant, ledger: dict[str, Any], kind: str, payments: int
) -> None:
    if payments == 2:
        merchant.paid("pay_000002", silent=True)
    true = merchant.control("ledger")
    merchant.control("plant", {"kind": kind})
    planted = merchant.control("ledger")
    assert _rows(planted) != _rows(true)
    assert planted["balanced"] is True
    merchant.control("plant", {"kind": "none"})
    assert merchant.control("ledger") == true


def test_planting_needs_a_payment_and_a_refund(merchant: Merchant) -> None:
    assert merchant.http.post("/control/plant", json={"kind": KINDS[0]}).status_code == 409
    assert merchant.http.post("/control/plant", json={"kind": "nonsense"}).status_code == 400
