"""Pickup codes and deadlines."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from domain.clock import evening
from domain.policy import Policy

CODE_DIGITS = 8


def check_digit(body: str) -> str:
    """The Luhn digit of a string of digits: catches every single wrong digit and nearly all swapped neighbours."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def new_code() -> str:
    """Seven random digits and their check digit."""
    body = f"{secrets.randbelow(10 ** (CODE_DIGITS - 1)):0{CODE_DIGITS - 1}d}"
    return body + check_digit(body)


def is_code(text: str) -> bool:
    """Whether `text` is eight ASCII digits whose last one checks."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


FETCHED_FOR = "LTP1."


def pass_text(token: str) -> str:
    """The text of the QR of a pass: unlike a ticket only the server checks it, which knows whether it was used."""
    return f"{FETCHED_FOR}{token}"


def pass_token(text: str) -> str | None:
    """The token in a scanned text; None when it is no pass."""
    text = text.strip()
    return text.removeprefix(FETCHED_FOR) if text.startswith(FETCHED_FOR) else None


def live_units(ordered: int, confirmed: int, refunded: int) -> int:
    """Confirmed units of a line that were not refunded since; what was refunded before settling was never confirmed."""
    return min(confirmed, ordered - refunded)


def pickup_deadline(arrived_at: datetime, fresh: bool, policy: Policy) -> datetime:
    """Until when goods wait: fresh ones until this evening (the next, if they came too late), others for days."""
    if fresh:
        return evening(arrived_at, policy.fresh_pickup_hour, timedelta(hours=policy.fresh_pickup_least_hours))
    return arrived_at + timedelta(days=policy.pickup_days)


def aftersales_until(collected_at: datetime, fresh: bool, policy: Policy) -> datetime:
    """Until when a buyer may complain, counted from collection or lapse."""
    if fresh:
        return collected_at + timedelta(hours=policy.aftersales_fresh_hours)
    return collected_at + timedelta(days=policy.aftersales_days)
