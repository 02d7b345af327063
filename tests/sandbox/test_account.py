"""The merchant's account: coupons, fees, frozen and free money, and refunds that run out of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from sandbox.config import Config
from sandbox.pay import fees
from sandbox.store import OtherVersion, Store
from tests.sandbox.merchant import Inbox, Merchant


@pytest.fixture
def till(merchant: Merchant) -> Merchant:
    """The merchant whose refunds need no minute between them and end at once."""
    merchant.control("knobs", {"refund_spacing_seconds": 0, "refund_delay_ms": 0})
    return merchant


def refunded(till: Merchant, inbox: Inbox, number: str, trade: str, fen: int, total: int = 1000) -> None:
    """A refund that has ended."""
    assert till.refund(number, trade, fen, total).status_code == 200
    while till.opened(inbox.next()[1]).get("out_refund_no") != number:
        pass


def sums(till: Merchant, *names: str) -> tuple[Any, ...]:
    ledger = till.control("ledger")
    assert ledger["balanced"] is True
    return tuple(ledger[name] for name in names)


def test_a_coupon_brings_the_merchant_only_what_the_payer_paid(till: Merchant, inbox: Inbox) -> None:
    till.paid("pay_000001", coupon_fen=400)
    assert sums(till, "received_fen", "settled_received_fen", "fee_fen", "balance_fen") == (1000, 600, 4, 596)
    refunded(till, inbox, "ref_1", "pay_000001", 500)
    assert sums(till, "refunded_fen", "settled_refunded_fen", "fee_back_fen", "balance_fen") == (500, 300, 2, 298)


@pytest.mark.parametrize(
    ("paid", "fee"), [(1, 0), (83, 0), (84, 1), (249, 1), (250, 2), (1000, 6), (1083, 6), (1084, 7)]
)
def test_the_fee_is_six_in_a_thousand_rounded_half_up(paid: int, fee: int) -> None:
    assert fees.charged_fen(paid) == fee


@pytest.mark.parametrize("parts", [(1000,), (333, 333, 334), (1, 1, 998), (999, 1), (100,) * 10])
def test_a_fully_refunded_payment_has_its_whole_fee_back(till: Merchant, inbox: Inbox, parts: tuple[int, ...]) -> None:
    till.paid("pay_000001", coupon_fen=17)
    for number, fen in enumerate(parts):
        refunded(till, inbox, f"ref_{number}", "pay_000001", fen)
    assert sums(till, "fee_fen", "fee_back_fen", "balance_fen", "frozen_fen", "available_fen") == (6, 6, 0, 0, 0)


def test_what_is_paid_is_frozen_and_pays_its_own_refunds(till: Merchant, inbox: Inbox) -> None:
    till.paid("pay_000001")
    assert sums(till, "frozen_fen", "available_fen") == (994, 0)
    assert till.http.post("/control/funds/withdraw", json={"fen": 1}).get_json() == {"error": "not_enough"}
    refunded(till, inbox, "ref_1", "pay_000001", 500)
    assert sums(till, "frozen_fen", "available_fen", "in_refund_fen") == (497, 0, 0)


def test_without_freezing_the_money_is_free_at_once(till: Merchant) -> None:
    till.control("knobs", {"freeze": "off"})
    till.paid("pay_000001")
    assert sums(till, "frozen_fen", "available_fen") == (0, 994)


def test_an_empty_account_refuses_a_refund_until_it_is_filled(till: Merchant, inbox: Inbox) -> None:
    till.control("knobs", {"freeze": "off"})
    till.paid("pay_000001")
    assert till.control("funds/withdraw", {"fen": 994})["available_fen"] == 0
    refused = till.refund("ref_1", "pay_000001", 500)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "NOT_ENOUGH")
    assert sums(till, "balance_fen", "withdrawn_fen") == (0, 994)
    assert till.control("funds/top-up", {"fen": 497})["available_fen"] == 497
    refunded(till, inbox, "ref_1", "pay_000001", 500)
    assert sums(till, "balance_fen", "topped_up_fen", "available_fen") == (0, 497, 0)


def test_a_frozen_payment_is_refunded_first_from_its_own_and_never_from_anothers(till: Merchant) -> None:
    till.control("knobs", {"freeze": "off"})
    till.paid("pay_000001")
    till.control("knobs", {"freeze": "on"})
    till.paid("pay_000002")
    till.control("funds/withdraw", {"fen": 900})
    assert till.refund("ref_1", "pay_000001", 1000).get_json()["code"] == "NOT_ENOUGH"
    assert till.refund("ref_2", "pay_000002", 1000).status_code == 200
    assert till.control("funds")["available_fen"] == 94


@pytest.mark.parametrize("end", ["CLOSED", "ABNORMAL"])
def test_what_a_refund_set_aside_comes_back_only_when_it_is_closed(till: Merchant, inbox: Inbox, end: str) -> None:
    till.control("knobs", {"refund_result": end, "refund_result_times": 1})
    till.paid("pay_000001")
    refunded(till, inbox, "ref_1", "pay_000001", 500)
    expected = (994, 0, 994) if end == "CLOSED" else (497, 497, 994)
    assert sums(till, "frozen_fen", "in_refund_fen", "balance_fen") == expected


def test_closed_refunds_among_others_leave_nothing_over_at_the_end(till: Merchant, inbox: Inbox) -> None:
    till.paid("pay_000001", coupon_fen=333)
    for number, (fen, end) in enumerate(
        [(1, "CLOSED"), (7, "SUCCESS"), (300, "CLOSED"), (1, "SUCCESS"), (992, "SUCCESS")]
    ):
        till.control("knobs", {"refund_result": end, "refund_result_times": 1})
        refunded(till, inbox, f"ref_{number}", "pay_000001", fen)
    assert sums(till, "settled_refunded_fen", "fee_fen", "fee_back_fen", "balance_fen") == (667, 4, 4, 0)


def test_the_funds_take_whole_fen_only(till: Merchant) -> None:
    for wish in ({}, {"fen": 0}, {"fen": "5"}, {"fen": 1.5}, {"fen": True}):
        assert till.http.post("/control/funds/top-up", json=wish).status_code == 400


def test_a_folder_of_another_version_is_refused_in_words(sandbox_config: Config) -> None:
    path = sandbox_config.data_dir / "sandbox.db"
    store = Store(path)
    store.create("PRAGMA user_version=1")
    store.close()
    with pytest.raises(OtherVersion, match="remove its folder"):
        Store(path)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE pay_accounts SET balance_fen = balance_fen + 1 WHERE account = 'merchant_free'",
        "UPDATE pay_postings SET amount_fen = amount_fen + 1 WHERE id = 1",
        "UPDATE pay_orders SET payer_fen = payer_fen + 1",
        "UPDATE pay_orders SET fee_fen = fee_fen - 1",
        "UPDATE pay_orders SET frozen_fen = frozen_fen - 1",
        "UPDATE pay_refunds SET payer_refund_fen = payer_refund_fen + 1",
        "UPDATE pay_refunds SET state = 'CLOSED', success_at = NULL",
        "UPDATE pay_flows SET balance_fen = balance_fen + 1",
        "UPDATE pay_funds SET amount_fen = amount_fen + 1",
        "DELETE FROM pay_postings WHERE account = 'fee'",
    ],
)
def test_books_that_were_tampered_with_do_not_balance(
    till: Merchant, sandbox_app: Flask, inbox: Inbox, tampering: str
) -> None:
    till.paid("pay_000001")
    refunded(till, inbox, "ref_1", "pay_000001", 500)
    till.control("funds/top-up", {"fen": 5000})
    assert sums(till, "balance_fen") == (5497,)
    with sandbox_app.extensions["sandbox"].store.transaction() as db:
        db.execute(tampering)
    assert till.control("ledger")["balanced"] is False
