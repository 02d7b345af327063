"""The signed ticket behind the pickup QR: a desk with its point's derived key can check it offline."""

from __future__ import annotations

from hmac import compare_digest

from domain.pickup import Ticket, read_ticket
from services.context import Ctx


def make(ctx: Ctx, code_id: str, point_id: str) -> str:
    """The text of the QR for a code at a point (public ids)."""
    unsigned = Ticket(code_id, point_id)
    return Ticket(code_id, point_id, ctx.vault.sign(_purpose(unsigned), unsigned.signed)).text()


def read(ctx: Ctx, text: str, point_id: str) -> Ticket | None:
    """The ticket, if we signed it for this point (public id); None for anything else."""
    ticket = read_ticket(text)
    if ticket is None or ticket.point_id != point_id or not ticket.signature.isascii():
        return None
    expected = ctx.vault.sign(_purpose(ticket), ticket.signed)
    return ticket if compare_digest(expected, ticket.signature) else None


def _purpose(ticket: Ticket) -> str:
    return f"pickup-qr:{ticket.point_id}"
