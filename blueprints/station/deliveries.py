"""Deliveries for this point, and counting them in."""

from __future__ import annotations

from blueprints.shared.pickup_shapes import CountsSchema, DeliverySchema
from blueprints.station.door import door
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.paging import Page, Slice
from services.pickup.arriving import Arrive
from services.pickup.arriving import arrive as take_in
from services.queries.deliveries import DeliveryShown, at_desk, one


@door.get("/deliveries", shows=DeliverySchema(), paged=True)
def deliveries(ctx: Ctx, page: Page) -> Slice[DeliveryShown]:
    """What comes or came to this point, newest first."""
    return at_desk(ctx, page)


@door.post(
    "/deliveries/<delivery_id>/arrive",
    takes=CountsSchema(),
    shows=DeliverySchema(),
    refuses=[NotFound, WrongState],
)
def arrive(ctx: Ctx, delivery_id: str, body: dict[str, dict[str, int]]) -> DeliveryShown:
    """Count a delivery in: orders whose goods came in full get their codes; what is short waits for the leader."""
    return one(ctx, take_in(ctx, Arrive(delivery_id, body["counts"])))
