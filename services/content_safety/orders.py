"""Note and recipient of an order: written down when they have passed; the order itself waits for nothing."""

from __future__ import annotations

from domain.content import Subject
from domain.policy import Policy
from models import Order
from services.content_safety import holding
from services.context import Ctx


def waits(policy: Policy, note: str, recipient: str) -> bool:
    """Whether an order with these words must be placed by the plain way, which keeps them back."""
    return policy.content_safety and bool(note or recipient)


def hold(ctx: Ctx, order: Order) -> None:
    """Take note and recipient off an order that was placed just now, until they have passed."""
    words = {"note": order.note, "recipient": order.recipient}
    if holding.hold(ctx, Subject.ORDER, order.id, order.resident_id, words):
        order.note = order.recipient = ""
        ctx.session.flush()


def own_words(ctx: Ctx, order: Order) -> tuple[str, str, str]:
    """Note and recipient as their author sees them, and where their check stands ("" when there is none)."""
    check = holding.newest(ctx, Subject.ORDER, order.id) if ctx.policy.content_safety else None
    if check is None:
        return order.note, order.recipient, ""
    words = holding.words_of(check)
    return words.get("note", order.note), words.get("recipient", order.recipient), check.state
