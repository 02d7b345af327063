"""The ticket behind a pickup QR: what it says, and the codes that a desk with the key of its day checks by itself."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import digest

from domain.ids import is_id

TICKET_VERSION = "LT2"
MAC_BYTES = 16
_DAY = re.compile(r"20[0-9]{6}", re.ASCII)


@dataclass(frozen=True)
class Ticket:
    """What a pickup QR says: which code, at which point (public ids), the day it was drawn, and the MAC over all."""

    code_id: str
    point_id: str
    day: str
    mac: str = ""

    @property
    def signed(self) -> str:
        """The part that the MAC covers."""
        return f"{TICKET_VERSION}.{self.code_id}.{self.point_id}.{self.day}"

    def text(self) -> str:
        """`LT2.<code>.<point>.<yyyymmdd>.<mac>`: 97 characters, so that a phone at arm's length reads it."""
        return f"{self.signed}.{self.mac}"


def read_ticket(text: str) -> Ticket | None:
    """The ticket in a scanned text, its MAC not yet checked; None when it is none."""
    version, *parts = text.strip().split(".")
    if version != TICKET_VERSION or len(parts) != 4 or not text.isascii():
        return None
    ticket = Ticket(*parts)
    ours = is_id("PickupCode", ticket.code_id) and is_id("PickupPoint", ticket.point_id)
    return ticket if ours and _DAY.fullmatch(ticket.day) else None


def day_of(date_in_shanghai: date) -> str:
    """`20261122`, as tickets and keys name a day."""
    return f"{date_in_shanghai:%Y%m%d}"


def mac(key: bytes, text: str) -> str:
    """The first 16 bytes of HMAC-SHA-256 over `text`, base64url without padding: 22 characters."""
    return urlsafe_b64encode(digest(key, text.encode(), sha256)[:MAC_BYTES]).decode().rstrip("=")


def code_mac(key: bytes, code: str) -> str:
    """By what a lease knows the eight digits of a code without holding them."""
    return mac(key, f"{TICKET_VERSION}.code.{code}")


def owner_mac(key: bytes, resident_id: str) -> str:
    """By what a lease tells that orders are one person's (public id) without naming the person."""
    return mac(key, f"{TICKET_VERSION}.owner.{resident_id}")


def tail_mac(key: bytes, tail: str) -> str:
    """By what a lease knows the last four digits of a phone without holding them."""
    return mac(key, f"{TICKET_VERSION}.tail.{tail}")
