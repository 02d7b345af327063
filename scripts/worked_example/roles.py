"""Giving every number of the story the name of its part in it, so that the page is the same each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from models import BankFile, Campaign, Leader, Order, Payment, Payout, Refund, Settlement
from scripts.worked_example.scenery import Cast

NUMBER = re.compile(r"\b[a-z]{3}_?[0-9a-z]{26}\b|\b42\d{20,}\b", re.ASCII)


def naming(cast: Cast) -> Callable[[str], str]:
    """A function that puts roles in the place of ids; one that has no role is an error."""
    roles = _roles(cast)
    return lambda text: NUMBER.sub(lambda found: roles[found[0]], text)


def _roles(cast: Cast) -> dict[str, str]:
    rows = cast.world.rows
    orders = {row.id: letter for row, letter in zip(rows(Order), "ABCD", strict=True)}
    payments = {row.id: (row, "P-" + orders[row.order_id]) for row in rows(Payment)}
    roles = {row.public_id: orders[row.id] for row in rows(Order)}
    roles |= {row.public_id: name for row, name in payments.values()}
    roles |= {row.transaction_id or "": name.replace("P", "W") for row, name in payments.values()}
    roles |= _counted("R-", [row.public_id for row in rows(Refund)])
    roles |= _counted("T-", [row.out_bill_no for row in rows(Payout)])
    roles |= {row.public_id: row.display_name for row in rows(Leader)}
    roles |= {row.public_id: _statement(cast, row) for row in rows(Settlement)}
    simple: tuple[tuple[type[Any], str], ...] = ((Campaign, "C-1"), (BankFile, "F-1"))
    return roles | {row.public_id: name for table, name in simple for row in rows(table)}


def _statement(cast: Cast, row: Settlement) -> str:
    return f"S-{cast.world.names.get(row.resident_id or 0, '商家')}"


def _counted(word: str, numbers: Sequence[str]) -> dict[str, str]:
    return {number: f"{word}{place}" for place, number in enumerate(numbers, 1)}
