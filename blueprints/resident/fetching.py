"""Where an order is fetched, and by whom."""

from __future__ import annotations

from collections.abc import Mapping

from blueprints.resident.door import door
from blueprints.resident.orders import OrderSchema
from blueprints.shared.schemas import Taken, public_id
from domain.errors import NotFound, WrongState
from services import moving_points
from services.context import Ctx
from services.queries import orders as reading
from services.queries.orders import OrderPage


class PointBody(Taken):
    """Another point of the campaign."""

    point_id = public_id(required=True)


@door.put("/orders/<string:order_id>/point", takes=PointBody(), shows=OrderSchema(), refuses=[NotFound, WrongState])
def move_order(ctx: Ctx, order_id: str, body: Mapping[str, str]) -> OrderPage:
    """Fetch an own order at another point of its campaign, until picking starts at either."""
    return reading.mine(ctx, moving_points.move(ctx, order_id, body["point_id"]).public_id)
