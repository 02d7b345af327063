"""The resident's inbox: everything they were told, whether or not a push reached them."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown
from domain.errors import NotFound
from services import inbox
from services.context import Ctx
from services.inbox import Told
from services.paging import Page, Slice


class NotificationSchema(Shown):
    """Something I was told; `order_id` only when it is about an order of mine."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    order_id = fields.String(required=True, allow_none=True)
    campaign_id = fields.String(required=True, allow_none=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


@door.get("/notifications", shows=NotificationSchema(), paged=True)
def list_notifications(ctx: Ctx, page: Page) -> Slice[Told]:
    """What I was told, newest first."""
    return inbox.mine(ctx, page)


@door.post("/notifications/<notification_id>/read", shows=NotificationSchema(), refuses=[NotFound])
def mark_read(ctx: Ctx, notification_id: str) -> Told:
    """Mark a notice as read."""
    return inbox.mark_read(ctx, notification_id)
