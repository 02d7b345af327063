"""The leader picks, ships and counts, as long as warehouses have no door of their own."""

from __future__ import annotations

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.pickup_shapes import CountsSchema, DeliverySchema
from blueprints.shared.schemas import Shown
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.pickup import arriving
from services.pickup import deliveries as moving
from services.queries.deliveries import DeliveryShown, of_campaign, one


class DeliveriesSchema(Shown):
    """One delivery per point."""

    deliveries = fields.List(fields.Nested(DeliverySchema()), required=True)


@door.post("/campaigns/<campaign_id>/dispatch", shows=DeliveriesSchema(), status=201, refuses=[NotFound, WrongState])
def dispatch_campaign(ctx: Ctx, campaign_id: str) -> dict[str, list[DeliveryShown]]:
    """Start fulfilling: one delivery per point with what its orders need."""
    moving.dispatch(ctx, campaign_id)
    return {"deliveries": of_campaign(ctx, campaign_id)}


@door.get("/campaigns/<campaign_id>/deliveries", shows=DeliveriesSchema(), refuses=[NotFound])
def campaign_deliveries(ctx: Ctx, campaign_id: str) -> dict[str, list[DeliveryShown]]:
    """The deliveries of a campaign; as many as it has points, so there are no pages."""
    return {"deliveries": of_campaign(ctx, campaign_id)}


@door.post("/deliveries/<delivery_id>/pick", shows=DeliverySchema(), refuses=[NotFound, WrongState])
def pick_delivery(ctx: Ctx, delivery_id: str) -> DeliveryShown:
    """Begin to gather the goods."""
    return one(ctx, moving.pick(ctx, delivery_id))


@door.post("/deliveries/<delivery_id>/ship", shows=DeliverySchema(), refuses=[NotFound, WrongState])
def ship_delivery(ctx: Ctx, delivery_id: str) -> DeliveryShown:
    """The goods leave for the point."""
    return one(ctx, moving.ship(ctx, delivery_id))


@door.post(
    "/deliveries/<delivery_id>/arrive",
    takes=CountsSchema(),
    shows=DeliverySchema(),
    refuses=[NotFound, WrongState],
)
def arrive_delivery(ctx: Ctx, delivery_id: str, body: dict[str, dict[str, int]]) -> DeliveryShown:
    """Count a delivery in at its point; offers that came short wait for the shortage's commit."""
    return one(ctx, arriving.arrive(ctx, arriving.Arrive(delivery_id, body["counts"])))
