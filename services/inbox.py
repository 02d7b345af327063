"""A resident's own notices: read, and marked as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select, update

from models import Campaign, Notification, Order
from services import finding
from services.context import Ctx
from services.paging import Page, Slice, cut
from services.writing import changed


@dataclass(frozen=True)
class Told:
    """One notice; `order_id` (only of an own order) and `campaign_id` name what it is about, None for nothing."""

    id: str
    kind: str
    title: str
    body: str
    order_id: str | None
    campaign_id: str | None
    read_at: datetime | None
    created_at: datetime


def mine(ctx: Ctx, page: Page) -> Slice[Told]:
    """The acting resident's notices, newest first: one statement."""
    wanted = _about().where(Notification.resident_id == ctx.resident_id)
    if page.after is not None:
        wanted = wanted.where(Notification.id < page.after[0])
    rows = ctx.session.execute(wanted.order_by(Notification.id.desc()).limit(page.limit + 1)).all()
    found = cut(rows, page, lambda row: (row[0].id,))
    return Slice([_told(row) for row in found.items], found.next_key)


def mark_read(ctx: Ctx, public_id: str) -> Told:
    """Mark one of the acting resident's notices as read, for good; raises `NotFound`."""
    row = finding.by_public_id(ctx, Notification, public_id, Notification.resident_id == ctx.resident_id)
    unread = update(Notification).where(Notification.id == row.id, Notification.read_at.is_(None))
    changed(ctx.session, unread.values(read_at=ctx.now))
    ctx.session.refresh(row)
    return _told(ctx.session.execute(_about().where(Notification.id == row.id)).one())


def _about() -> Select[Notification, str, str]:
    """Notices with what they are about; somebody else's order cannot be opened, so it is not named."""
    own = (Order.id == Notification.order_id) & (Order.resident_id == Notification.resident_id)
    notices = select(Notification, Order.public_id, Campaign.public_id)
    return notices.outerjoin(Order, own).outerjoin(Campaign, Campaign.id == Notification.campaign_id)


def _told(row: Row[Notification, str, str]) -> Told:
    notice, order, campaign = row
    return Told(
        notice.public_id, notice.kind, notice.title, notice.body, order, campaign, notice.read_at, notice.created_at
    )
