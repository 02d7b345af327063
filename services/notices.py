"""Telling a resident: the in-app inbox always, and one push through the outbox."""

from __future__ import annotations

from domain.ids import new_id
from models import Notification, Order
from services import outbox
from services.context import Ctx
from services.writing import insert_ignoring


def tell(ctx: Ctx, order: Order, kind: str, cause: str, title: str, body: str) -> bool:
    """Tell the owner of `order` once per `cause`; `kind` is arrival, refund, formed, failed, paid, reminder or changed.

    The push goes out with the outbox: subscribe message, else customer message, else chat mention, else this page only.
    """
    public_id = new_id("Notification", ctx.now)
    told = insert_ignoring(
        ctx.session, Notification, ["cause"], public_id=public_id, resident_id=order.resident_id,
        campaign_id=order.campaign_id, order_id=order.id, kind=kind, cause=cause, title=title, body=body[:255],
        reached_by="", read_at=None, created_at=ctx.now,
    )  # fmt: skip
    if told:
        outbox.enqueue(ctx, "notify", f"notify:{public_id}", {"notification": public_id}, must=True)
    return told
