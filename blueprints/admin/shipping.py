"""Shipping information in the operator's hands: where it stands, what is late, whose money is free, a new try."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken
from domain.errors import NotFound, WrongState
from domain.state_tables import SHIPPING
from services import shipping_uploads
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import shipping as reading
from services.queries.shipping import HeldFunds, LateShipping, ShippingView


class ShippingUploadSchema(Shown):
    """The upload for one payment."""

    payment = fields.String()
    order = fields.String()
    campaign = fields.String()
    state = fields.String()
    logistics = fields.String()
    item_desc = fields.String()
    tracking_number = fields.String()
    express_company = fields.String()
    attempts = fields.Integer()
    trouble = fields.String(metadata={"description": "why it was not taken, or is not needed"})
    due_at = fields.AwareDateTime(allow_none=True)
    reminded_at = fields.AwareDateTime(allow_none=True)
    uploaded_at = fields.AwareDateTime(allow_none=True)
    released_at = fields.AwareDateTime(allow_none=True)


class LateShippingSchema(Shown):
    """A payment that has waited for longer than the platform bears."""

    payment = fields.String()
    order = fields.String()
    campaign = fields.String()
    waits_for = fields.String(metadata={"description": "goods or upload"})
    received_fen = fields.Integer()
    paid_at = fields.AwareDateTime()
    reminded_at = fields.AwareDateTime(allow_none=True)


class HeldFundsSchema(Shown):
    """The gateway's money by our own knowledge, before its fee."""

    released_fen = fields.Integer()
    frozen_fen = fields.Integer()
    frozen_payments = fields.Integer()


class ShippingQuerySchema(Taken):
    """Uploads in one state, or all."""

    state = fields.String(validate=validate.OneOf(SHIPPING.states))


@door.get("/shipping", shows=ShippingUploadSchema(), query=ShippingQuerySchema(), paged=True)
def list_shipping(ctx: Ctx, query: dict[str, Any], page: Page) -> Slice[ShippingView]:
    """Uploads to the platform, newest first."""
    return reading.uploads(ctx, page, query.get("state"))


@door.get("/shipping-late", shows=LateShippingSchema(), paged=True)
def list_late_shipping(ctx: Ctx, page: Page) -> Slice[LateShipping]:
    """Payments that the platform has reason to remind of, newest first."""
    return reading.late(ctx, page)


@door.get("/shipping-funds", shows=HeldFundsSchema())
def show_held_funds(ctx: Ctx) -> HeldFunds:
    """How much of the gateway's money was released, and how much is still frozen."""
    return reading.held_funds(ctx)


@door.post("/shipping/<payment_id>/revive", shows=ShippingUploadSchema(), refuses=[NotFound, WrongState])
def revive_shipping(ctx: Ctx, payment_id: str) -> ShippingView:
    """Try an upload again that was given up."""
    shipping_uploads.revive(ctx, payment_id)
    return reading.upload(ctx, payment_id)
