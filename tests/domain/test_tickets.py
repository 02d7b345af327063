"""The ticket behind the pickup QR, byte for byte: a desk's own program is written against the same vectors."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import date
from pathlib import Path

import pytest

from domain.tickets import Ticket, code_mac, day_of, mac, read_ticket, tail_mac
from integrations.vault import KeyVault

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "pickup_qr.json").read_text())
KEY = bytes.fromhex(VECTORS["key_hex"])


def _passes(text: str) -> bool:
    """What a desk does with what it scanned."""
    ticket = read_ticket(text)
    return (
        ticket is not None
        and (ticket.point_id, ticket.day) == (VECTORS["point_id"], VECTORS["day"])
        and mac(KEY, ticket.signed) == ticket.mac
    )


def test_the_key_of_a_day_is_derived_as_it_is_written_down() -> None:
    vault = KeyVault("a-published-pii-key-for-vectors-only", VECTORS["secret_key"])
    assert vault.derive(f"pickup-day:{VECTORS['point_id']}:{VECTORS['day']}") == KEY
    assert urlsafe_b64decode(VECTORS["key"] + "=") == KEY
    assert vault.derive(f"pickup-day:{VECTORS['point_id']}:20261123") != KEY


def test_the_ticket_is_what_the_vectors_say() -> None:
    said = VECTORS["ticket"]
    ticket = Ticket(VECTORS["code_id"], VECTORS["point_id"], VECTORS["day"], said["mac"])
    assert (ticket.signed, mac(KEY, ticket.signed), ticket.text()) == (said["signed"], said["mac"], said["text"])
    assert read_ticket(f" {said['text']}\n") == ticket
    assert _passes(said["text"])


@pytest.mark.parametrize("wrong", VECTORS["refused"], ids=lambda wrong: wrong["why"])
def test_what_the_vectors_refuse_does_not_pass(wrong: dict[str, str]) -> None:
    assert not _passes(wrong["text"])


def test_what_is_not_shaped_like_a_ticket_of_ours_is_none() -> None:
    code, point = VECTORS["code_id"], VECTORS["point_id"]
    for text in (f"LT2.{point}.{point}.20261122.x", f"LT2.{code}.{code}.20261122.x", f"LT2.{code}.{point}.2026112.x",
                 f"LT2.{code}.{point}.２０２６１１２２.x", f"LT2.{code}.{point}.20261122.é"):  # fmt: skip
        assert read_ticket(text) is None


def test_codes_and_tails_of_a_lease_are_what_the_vectors_say() -> None:
    assert [code_mac(KEY, each["code"]) for each in VECTORS["codes"]] == [e["code_hash"] for e in VECTORS["codes"]]
    assert [tail_mac(KEY, each["tail"]) for each in VECTORS["tails"]] == [e["tail_hash"] for e in VECTORS["tails"]]


def test_a_day_is_eight_digits() -> None:
    assert day_of(date(2026, 1, 2)) == "20260102"
