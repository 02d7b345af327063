"""A resident's own notices: read, and marked as read."""

from __future__ import annotations

from sqlalchemy import select, update

from models import Notification
from services import finding
from services.context import Ctx
from services.paging import Page, Slice, cut
from services.writing import changed


def mine(ctx: Ctx, page: Page) -> Slice[Notification]:
    """The acting resident's notices, newest first."""
    wanted = select(Notification).where(Notification.resident_id == ctx.resident_id)
    if page.after is not None:
        wanted = wanted.where(Notification.id < page.after[0])
    rows = ctx.session.scalars(wanted.order_by(Notification.id.desc()).limit(page.limit + 1)).all()
    return cut(rows, page, lambda row: (row.id,))


def mark_read(ctx: Ctx, public_id: str) -> Notification:
    """Mark one of the acting resident's notices as read, for good; raises `NotFound`."""
    row = finding.by_public_id(ctx, Notification, public_id, Notification.resident_id == ctx.resident_id)
    unread = update(Notification).where(Notification.id == row.id, Notification.read_at.is_(None))
    changed(ctx.session, unread.values(read_at=ctx.now))
    ctx.session.refresh(row)
    return row
