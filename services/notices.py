"""Telling a resident: the in-app inbox always, and one push through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from domain.ids import new_id
from models import Campaign, Leader, Notification, Order
from services import outbox
from services.context import Ctx
from services.writing import insert_all, insert_ignoring


@dataclass(frozen=True)
class Notice:
    """What one owner is told: `cause` makes it unrepeatable; neither text holds a code or a phone."""

    cause: str
    title: str
    body: str


def tell(ctx: Ctx, order: Order, kind: str, cause: str, title: str, body: str, *, to: int | None = None) -> bool:
    """Tell the owner of `order`, or the resident `to`, once per `cause`.

    `kind` is arrival, refund, formed, failed, paid, reminder or changed.
    The push goes out with the outbox: subscribe message, else customer message, else chat mention, else this page only.
    """
    public_id = new_id("Notification", ctx.now)
    told = insert_ignoring(
        ctx.session, Notification, ["cause"], public_id=public_id, resident_id=to or order.resident_id,
        campaign_id=order.campaign_id, order_id=order.id, kind=kind, cause=cause, title=title, body=body[:255],
        reached_by="", read_at=None, created_at=ctx.now,
    )  # fmt: skip
    if told:
        outbox.enqueue(ctx, "notify", f"notify:{public_id}", {"notification": public_id}, must=True)
    return told


def tell_leader(ctx: Ctx, campaign: Campaign, cause: str, title: str, body: str) -> bool:
    """Tell the leader of a campaign that something of it needs a decision, once per `cause`."""
    public_id = new_id("Notification", ctx.now)
    told = insert_ignoring(
        ctx.session, Notification, ["cause"], public_id=public_id, campaign_id=campaign.id, kind="changed",
        resident_id=ctx.session.get_one(Leader, campaign.leader_id).resident_id, cause=cause, title=title,
        body=body[:255], reached_by="", created_at=ctx.now,
    )  # fmt: skip
    if told:
        outbox.enqueue(ctx, "notify", f"notify:{public_id}", {"notification": public_id}, must=True)
    return told


def tell_all(ctx: Ctx, kind: str, notices: Mapping[Order, Notice] | Mapping[Row[Any], Notice]) -> int:
    """As `tell`, for many orders with a few statements in all; returns how many were told now."""
    now = ctx.now
    rows = [
        {
            "public_id": new_id("Notification", now), "resident_id": order.resident_id,
            "campaign_id": order.campaign_id, "order_id": order.id, "cause": notice.cause, "title": notice.title[:80],
            "body": notice.body[:255],
        }
        for order, notice in notices.items()
    ]  # fmt: skip
    same = {"kind": kind, "reached_by": "", "created_at": now}
    inserted = insert_all(ctx.session, Notification, rows, Notification.public_id, same=same)
    told = [row.public_id for row in inserted]
    payloads = {f"notify:{public_id}": {"notification": public_id} for public_id in told}
    outbox.enqueue_all(ctx, "notify", payloads, must=True)
    return len(told)
