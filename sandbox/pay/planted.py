"""The twelve differences that a comparison of two books must find, each one planted in a copy of the true rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One difference: what it does, and the hand that does it to (payments, refunds)."""

    doc: str
    plant: Callable[[Rows, Rows], None]


def _payment_dropped(payments: Rows, refunds: Rows) -> None:
    del payments[-1]


def _payment_added(payments: Rows, refunds: Rows) -> None:
    payments.append(_another(payments[-1], "out_trade_no", "transaction_id") | {"refunded_fen": 0, "state": "SUCCESS"})


def _payment_amount_plus_one_fen(payments: Rows, refunds: Rows) -> None:
    payments[-1]["total_fen"] += 1
    payments[-1]["payer_fen"] += 1


def _payment_state_changed(payments: Rows, refunds: Rows) -> None:
    payments[-1]["state"] = "REFUND" if payments[-1]["state"] == "SUCCESS" else "SUCCESS"


def _payment_number_changed(payments: Rows, refunds: Rows) -> None:
    payments[-1] |= _another(payments[-1], "out_trade_no")


def _payment_duplicated(payments: Rows, refunds: Rows) -> None:
    payments.append(dict(payments[-1]))


def _refund_dropped(payments: Rows, refunds: Rows) -> None:
    refunds.remove(_succeeded(refunds))


def _refund_added(payments: Rows, refunds: Rows) -> None:
    refunds.append(_another(_succeeded(refunds), "out_refund_no"))


def _refund_amount_minus_one_fen(payments: Rows, refunds: Rows) -> None:
    _succeeded(refunds)["refund_fen"] -= 1


def _refund_state_changed(payments: Rows, refunds: Rows) -> None:
    _succeeded(refunds)["state"] = "ABNORMAL"


def _refund_moved_to_other_payment(payments: Rows, refunds: Rows) -> None:
    refund = _succeeded(refunds)
    others = [row["out_trade_no"] for row in payments if row["out_trade_no"] != refund["out_trade_no"]]
    refund["out_trade_no"] = others[0] if others else _altered(refund["out_trade_no"])


def _transaction_id_changed(payments: Rows, refunds: Rows) -> None:
    payments[-1] |= _another(payments[-1], "transaction_id")


KINDS: dict[str, Kind] = {
    "payment_dropped": Kind("the last payment is missing", _payment_dropped),
    "payment_added": Kind("a payment more, under numbers nobody knows", _payment_added),
    "payment_amount_plus_one_fen": Kind("the last payment is one fen larger", _payment_amount_plus_one_fen),
    "payment_state_changed": Kind("the last payment's SUCCESS and REFUND are swapped", _payment_state_changed),
    "payment_number_changed": Kind("the last payment has another out_trade_no", _payment_number_changed),
    "payment_duplicated": Kind("the last payment stands there twice", _payment_duplicated),
    "refund_dropped": Kind("the first succeeded refund is missing", _refund_dropped),
    "refund_added": Kind("a succeeded refund more, under a number nobody knows", _refund_added),
    "refund_amount_minus_one_fen": Kind("the first succeeded refund is one fen smaller", _refund_amount_minus_one_fen),
    "refund_state_changed": Kind("the first succeeded refund reads ABNORMAL", _refund_state_changed),
    "refund_moved_to_other_payment": Kind(
        "the first succeeded refund belongs to another payment", _refund_moved_to_other_payment
    ),
    "transaction_id_changed": Kind("the last payment has another transaction_id", _transaction_id_changed),
}


def _succeeded(refunds: Rows) -> dict[str, Any]:
    return next(row for row in refunds if row["state"] == "SUCCESS")


def _another(row: dict[str, Any], *numbers: str) -> dict[str, Any]:
    return {**row, **{number: _altered(row[number]) for number in numbers}}


def _altered(number: str) -> str:
    """The number with its last character turned into another."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")
