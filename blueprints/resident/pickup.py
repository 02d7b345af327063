"""The pickup page of one's own order: code, QR, and a new code."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Response
from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown
from domain.errors import NotFound, NotReady
from services.context import Ctx
from services.pickup import codes
from services.queries.own_pickups import OwnPickup, own_pickup


class OwnPickupSchema(Shown):
    """Where, until when, and the code while goods wait; afterwards who handed them over."""

    order_id = fields.String(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True)
    qr = fields.String(required=True, metadata={"description": "the text of the QR"})
    point = fields.String(required=True)
    address = fields.String(required=True)
    hours = fields.String(required=True)
    pickup_deadline = fields.AwareDateTime(required=True, allow_none=True)
    collected_by = fields.String(required=True)
    collected_at = fields.String(required=True)


@door.get("/orders/<string:order_id>/pickup", shows=OwnPickupSchema(), refuses=[NotFound])
def show_pickup(ctx: Ctx, order_id: str) -> OwnPickup:
    """The pickup of one's own order."""
    return own_pickup(ctx, order_id)


@door.get("/orders/<string:order_id>/pickup/qr.png", status=200, refuses=[NotFound, NotReady])
def show_pickup_qr(ctx: Ctx, order_id: str) -> Response:
    """The QR to be shown at the desk, as a PNG."""
    shown = own_pickup(ctx, order_id)
    if not shown.qr:
        raise NotReady(state=shown.state)
    return qr_picture(shown.qr)


def qr_picture(text: str) -> Response:
    """The QR of a text as a PNG that nobody keeps."""
    picture = BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="png", scale=6)
    return Response(picture.getvalue(), 200, {"Cache-Control": "no-store"}, content_type="image/png")


@door.post("/orders/<string:order_id>/pickup/reissue", shows=OwnPickupSchema(), refuses=[NotFound, NotReady])
def reissue_code(ctx: Ctx, order_id: str) -> OwnPickup:
    """Void the code and get another, e.g. after it was shown to the wrong people."""
    codes.reissue(ctx, order_id)
    return own_pickup(ctx, order_id)
