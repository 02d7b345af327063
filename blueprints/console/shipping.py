"""Shipping information for the platform: where each upload stands, what is late, a new try."""

from __future__ import annotations

from typing import Any

from blueprints.console.door import door
from blueprints.console.forms import wanted
from domain.operators import Duty
from domain.state_tables import SHIPPING
from services import shipping_uploads
from services.context import Ctx
from services.paging import Page
from services.queries import shipping as reading


@door.page("/shipping", query=wanted(SHIPPING), paged=True)
def shipping(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Uploads to the platform, newest first, and how much of the gateway's money is free."""
    return {"part": reading.uploads(ctx, page, query["state"] or None), "query": query, "states": SHIPPING.states,
            "funds": reading.held_funds(ctx)}  # fmt: skip


@door.page("/shipping-late", paged=True)
def late_shipping(ctx: Ctx, page: Page) -> dict[str, Any]:
    """Payments that the platform has reason to remind of, newest first."""
    return {"part": reading.late(ctx, page)}


@door.act("/shipping/<public_id>/revive", duty=Duty.MESSAGES)
def revive_shipping(ctx: Ctx, public_id: str) -> str:
    """Try the upload of a payment again that was given up."""
    shipping_uploads.revive(ctx, public_id)
    return "/console/shipping"
