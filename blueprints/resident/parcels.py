"""Goods that a courier brings: one's own address, and receipt confirmed."""

from __future__ import annotations

from blueprints.resident.door import door
from blueprints.resident.orders import OrderSchema
from blueprints.shared.address_shapes import CourierAddressSchema
from domain.errors import NotFound, WrongState
from services.context import Ctx
from services.door import parcels
from services.door.addresses import CourierAddress
from services.queries import bringing
from services.queries import orders as reading
from services.queries.orders import OrderPage


@door.get("/orders/<string:order_id>/address", shows=CourierAddressSchema(), refuses=[NotFound])
def own_address(ctx: Ctx, order_id: str) -> CourierAddress:
    """Where the courier brings your order."""
    return bringing.own_address(ctx, order_id)


@door.post("/orders/<string:order_id>/receipt", shows=OrderSchema(), idempotent=True, refuses=[NotFound, WrongState])
def confirm_receipt(ctx: Ctx, order_id: str) -> OrderPage:
    """Confirm that the parcel has come; its after-sales time begins now."""
    return reading.mine(ctx, parcels.confirm(ctx, order_id).public_id)
