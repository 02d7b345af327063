"""What an operator must look at: open alerts, and people whom no push reached."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, public_id
from domain.errors import NotFound
from models import Alert
from services import audit
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.unreached import Unreached, unreached


class AlertSchema(Shown):
    """Something that waits for an operator."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    cause = fields.String(required=True)
    detail = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class UnreachedSchema(Shown):
    """A notice that only the resident's page shows."""

    id = fields.String(required=True)
    campaign = fields.String(required=True, allow_none=True)
    order = fields.String(required=True, allow_none=True)
    resident = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "masked"})
    kind = fields.String(required=True)
    title = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class UnreachedQuerySchema(Taken):
    """One campaign, or all."""

    campaign = public_id()


@door.get("/alerts", shows=AlertSchema(many=True))
def list_alerts(ctx: Ctx) -> list[Alert]:
    """Open alerts, oldest first."""
    return audit.open_alerts(ctx)


@door.post("/alerts/<int:alert_id>/done", refuses=[NotFound])
def deal_with_alert(ctx: Ctx, alert_id: int) -> None:
    """Note that an alert was dealt with; the same trouble may raise it anew."""
    audit.deal_with(ctx, alert_id)


@door.get("/unreached", shows=UnreachedSchema(), query=UnreachedQuerySchema(), paged=True)
def list_unreached(ctx: Ctx, query: dict[str, Any], page: Page) -> Slice[Unreached]:
    """Who was told by no push, newest first."""
    return unreached(ctx, page, query.get("campaign"))
