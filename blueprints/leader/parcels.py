"""Goods sent by courier: what is to be sent, an address with a reason, and the tracking number."""

from __future__ import annotations

from marshmallow import fields, validate

from blueprints.leader.door import door
from blueprints.shared.address_shapes import CourierAddressSchema
from blueprints.shared.pickup_shapes import DeskLineSchema
from blueprints.shared.schemas import Shown, Taken, Text
from domain.couriers import COURIERS
from domain.errors import BeingChecked, ContentRefused, NotFound, NotReady, StillToCome, WrongState
from models import Parcel
from services.context import Ctx
from services.door import addresses, parcels
from services.door.addresses import CourierAddress
from services.door.parcels import SendParcel
from services.paging import Page, Slice
from services.queries import bringing
from services.queries.bringing import ToSend


class ToSendSchema(Shown):
    """An order to send, or sent; recipient and phone masked."""

    order_id = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    recipient = fields.String(required=True)
    phone = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True)
    company = fields.String(required=True)
    tracking_number = fields.String(required=True)
    shipped_at = fields.AwareDateTime(required=True, allow_none=True)
    confirm_by = fields.AwareDateTime(required=True, allow_none=True)
    lines = fields.List(fields.Nested(DeskLineSchema()), required=True)


class ParcelNumberSchema(Taken):
    """The courier company by its code, and its tracking number."""

    company = fields.String(validate=validate.OneOf(list(COURIERS)), required=True)
    tracking_number = Text(40, least=4, required=True)


class LeaderParcelSchema(Shown):
    """A parcel on its way."""

    company = fields.String(required=True)
    tracking_number = fields.String(required=True)
    shipped_at = fields.AwareDateTime(required=True)
    confirm_by = fields.AwareDateTime(required=True)


class RevealSchema(Taken):
    """Why the address is needed."""

    reason = Text(100, required=True)


@door.get("/campaigns/<campaign_id>/parcels", shows=ToSendSchema(), paged=True, refuses=[NotFound, WrongState])
def list_parcels(ctx: Ctx, campaign_id: str, page: Page) -> Slice[ToSend]:
    """What is to be sent and what is on its way, the oldest first."""
    return bringing.parcels(ctx, campaign_id, page)


@door.post("/orders/<string:order_id>/address", takes=RevealSchema(), shows=CourierAddressSchema(),
           refuses=[NotFound, WrongState, BeingChecked, ContentRefused])  # fmt: skip
def reveal_address(ctx: Ctx, order_id: str, body: dict[str, str]) -> CourierAddress:
    """Show where an order is to be sent, as long as it is; who looked, when and why is kept."""
    return addresses.reveal(ctx, order_id, body["reason"])


@door.post("/orders/<string:order_id>/parcel", takes=ParcelNumberSchema(), shows=LeaderParcelSchema(), status=201,
           refuses=[NotFound, NotReady, StillToCome, WrongState])  # fmt: skip
def send_parcel(ctx: Ctx, order_id: str, body: dict[str, str]) -> Parcel:
    """The order left by courier; its buyer reads the number and confirms receipt."""
    return parcels.send(ctx, SendParcel(order_id, **body))


@door.put("/orders/<string:order_id>/parcel", takes=ParcelNumberSchema(), shows=LeaderParcelSchema(),
          refuses=[NotFound, WrongState])  # fmt: skip
def correct_parcel(ctx: Ctx, order_id: str, body: dict[str, str]) -> Parcel:
    """Correct a mistyped number, until the parcel was received."""
    return parcels.correct(ctx, SendParcel(order_id, **body))
