"""The signed ticket behind the pickup QR: a desk with the key of its point and day checks it without the network.

The text is ASCII, five parts joined by dots: `LT2`, the pickup code's public id, the point's public id, the business
day in Shanghai on which the QR was drawn as `yyyymmdd`, and the MAC. The MAC is HMAC-SHA-256 under the 32-byte key of
that point and day over the first four parts with their three dots, cut to its first 16 bytes, in base64url without
padding (22 characters). The key is HKDF-SHA-256 of the house's secret without salt, 32 bytes, its info
`lintuan/key:pickup-day:<point>:<yyyymmdd>`; a lease brings the key of its day to the desk, base64url without padding.

A QR carries the day on which it was drawn, and the order page draws it anew each time it is opened. A desk without the
network knows the key of one day only; the server derives the key of whatever day a ticket names, so that a QR drawn
yesterday still opens its order there for as long as its code is in use. docs/pickup-qr.md has it with vectors.
"""

from __future__ import annotations

from hmac import compare_digest

from domain.clock import business_date
from domain.tickets import Ticket, day_of, mac, read_ticket
from services.context import Ctx


def make(ctx: Ctx, code_id: str, point_id: str) -> str:
    """The text of today's QR for a code at a point (public ids)."""
    ticket = Ticket(code_id, point_id, day_of(business_date(ctx.now)))
    return Ticket(code_id, point_id, ticket.day, mac(key(ctx, point_id, ticket.day), ticket.signed)).text()


def read(ctx: Ctx, text: str, point_id: str) -> Ticket | None:
    """The ticket, if we signed it for this point (public id) on whatever day; None for anything else."""
    ticket = read_ticket(text)
    if ticket is None or ticket.point_id != point_id:
        return None
    return ticket if compare_digest(mac(key(ctx, point_id, ticket.day), ticket.signed), ticket.mac) else None


def key(ctx: Ctx, point_id: str, day: str) -> bytes:
    """The 32 bytes under which tickets of a point (public id) and a day (`yyyymmdd`) are signed."""
    return ctx.vault.derive(f"pickup-day:{point_id}:{day}")
