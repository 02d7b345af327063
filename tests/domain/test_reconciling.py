"""How a row of the bill differs from what we know, decided without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reconciling import (
    ALLOWED,
    NOTES,
    Difference,
    OurPayment,
    OurPayout,
    OurRefund,
    Resolution,
    Theirs,
    fee_back,
    fee_of,
    payment_differences,
    refund_differences,
    transfer_differences,
)

DAY = date(2026, 11, 26)
PAID = Theirs("pay_1", "42", "", True, "SUCCESS", 2990, 2990, 18, DAY)
OURS = OurPayment("succeeded", 2990, 2990, "42", DAY)
BACK = Theirs("rfd_1", "50", "pay_1", True, "SUCCESS", 1000, 1000, -6, DAY)
OUR_BACK = OurRefund("succeeded", "gateway", 1000, 1000, "pay_1", 2990, 0, DAY)
D = Difference


def classes(found: list[Any]) -> list[Difference]:
    return [one.difference for one in found]


@pytest.mark.parametrize(
    ("row", "ours", "expected"),
    [
        ({}, {}, []),
        ({"is_ours": False}, {}, [D.UNKNOWN_MERCHANT]),
        ({"state": "REVOKED"}, {}, [D.STATUS]),
        ({}, {"state": "closed"}, [D.STATUS]),
        ({"gateway_number": "43"}, {}, [D.MISSING_HERE]),
        ({"amount_fen": 2991, "total_fen": 2991}, {}, [D.AMOUNT]),
        ({"amount_fen": 2890}, {}, [D.AMOUNT]),
        ({"amount_fen": 2890, "fee_fen": 17}, {"settled_fen": 2890}, []),
        ({"fee_fen": 19}, {}, [D.FEE]),
        ({"fee_fen": 0}, {}, [D.FEE]),
        ({"day": date(2026, 11, 27)}, {}, [D.ACROSS_MIDNIGHT]),
        ({"day": date(2026, 11, 25)}, {}, [D.ACROSS_MIDNIGHT]),
        ({"day": date(2026, 11, 28)}, {}, [D.LATE]),
        ({"day": date(2026, 11, 28), "fee_fen": 1}, {}, [D.FEE, D.LATE]),
        ({"day": date(2026, 11, 28)}, {"day": None}, []),
    ],
)
def test_a_payments_row_is_told_apart(row: dict[str, Any], ours: dict[str, Any], expected: list[Difference]) -> None:
    assert classes(payment_differences(replace(PAID, **row), replace(OURS, **ours), 60, 1)) == expected


def test_a_payment_nobody_knows_is_missing_here() -> None:
    assert classes(payment_differences(PAID, None, 60, 1)) == [D.MISSING_HERE]


@pytest.mark.parametrize(
    ("row", "ours", "expected"),
    [
        ({}, {}, []),
        ({"is_ours": False}, {}, [D.UNKNOWN_MERCHANT]),
        ({"payment_number": "pay_2"}, {}, [D.REFUND_MISMATCH]),
        ({"amount_fen": 999}, {}, [D.REFUND_MISMATCH]),
        ({"total_fen": 1001}, {}, [D.REFUND_MISMATCH]),
        ({"total_fen": 1100}, {"asked_fen": 1100}, []),
        ({"state": "PROCESSING"}, {}, [D.STATUS]),
        ({}, {"state": "closed"}, [D.STATUS]),
        ({}, {"state": "succeeded", "channel": "bank"}, [D.STATUS]),
        ({}, {"state": "submitted", "day": None}, []),
        ({"fee_fen": 0}, {}, [D.FEE]),
        ({"day": date(2026, 11, 27)}, {}, [D.ACROSS_MIDNIGHT]),
        ({"day": date(2026, 11, 29)}, {}, [D.LATE]),
    ],
)
def test_a_refunds_row_is_told_apart(row: dict[str, Any], ours: dict[str, Any], expected: list[Difference]) -> None:
    assert classes(refund_differences(replace(BACK, **row), replace(OUR_BACK, **ours), 60, 1)) == expected


def test_a_refund_nobody_knows_is_missing_here() -> None:
    assert classes(refund_differences(BACK, None, 60, 1)) == [D.MISSING_HERE]


@pytest.mark.parametrize(
    ("ours", "back", "expected"),
    [
        (OurPayout("succeeded", 1000), False, []),
        (OurPayout("submitted", 1000), False, []),
        (OurPayout("failed", 1000), True, []),
        (OurPayout("succeeded", 1000), True, [D.STATUS]),
        (OurPayout("succeeded", 1001), False, [D.AMOUNT]),
        (None, False, [D.MISSING_HERE]),
    ],
)
def test_a_transfers_row_is_told_apart(ours: OurPayout | None, back: bool, expected: list[Difference]) -> None:
    assert classes(transfer_differences(replace(PAID, amount_fen=1000), ours, back=back)) == expected


@given(st.integers(0, 10**9), st.integers(0, 1000))
def test_the_fee_is_the_rate_half_up(settled: int, bps: int) -> None:
    exact = Decimal(settled) * bps / 10_000
    assert fee_of(settled, bps) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=50))
def test_the_fees_given_back_make_the_whole_fee_of_a_wholly_refunded_payment(refunds: list[int]) -> None:
    settled = sum(refunds)
    fee, before, back = fee_of(settled, 60), 0, 0
    for refund in refunds:
        back += fee_back(fee, settled, before, refund)
        before += refund
    assert back == fee


def test_a_payment_of_coupons_alone_has_no_fee_to_give_back() -> None:
    assert fee_back(0, 0, 0, 0) == 0


def test_every_class_but_the_notes_has_a_way_to_end() -> None:
    assert set(ALLOWED) == set(Difference)
    assert {difference for difference, ways in ALLOWED.items() if not ways} == NOTES
    by_the_clock = {Resolution.VANISHED, Resolution.NOTED}
    assert not any(by_the_clock.intersection(ways) for ways in ALLOWED.values())
