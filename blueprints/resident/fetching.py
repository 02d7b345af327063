"""Where an order is fetched, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from blueprints.resident.door import door
from blueprints.resident.orders import OrderSchema
from blueprints.resident.pickup import qr_picture
from blueprints.shared.campaign_shapes import PointSchema
from blueprints.shared.schemas import Shown, Taken, Text, check_state, public_id
from domain.errors import NotFound, PassOver, WrongState
from services import moving_points
from services.context import Ctx
from services.pickup import passes
from services.pickup.passes import MadePass, OwnPass
from services.queries import orders as reading
from services.queries import passes as pass_reading
from services.queries.orders import OrderPage
from services.queries.passes import PassShown

PAGE = "pages/pass/pass"


class PointBody(Taken):
    """Another point of the campaign."""

    point_id = public_id(required=True)


class NewPass(Taken):
    """Who fetches, in my words."""

    label = Text(30, required=True)


def _path(made: Any) -> str:
    return f"{PAGE}?token={made.token}"


class MadePassSchema(Shown):
    """A fresh pass; the token is shown here only, `path` is the page to send to the neighbour."""

    id = fields.String(required=True)
    token = fields.String(required=True)
    path = fields.Function(_path, required=True, metadata={"type": "string"})
    expires_at = fields.AwareDateTime(required=True)


class OwnPassSchema(Shown):
    """A pass of mine that may still be used."""

    id = fields.String(attribute="public_id", required=True)
    label = fields.String(required=True)
    label_check = check_state()
    expires_at = fields.AwareDateTime(required=True)


class OwnPassesSchema(Shown):
    """One at most: a new one replaces the one before."""

    items = fields.List(fields.Nested(OwnPassSchema()), required=True)


class PassItemSchema(Shown):
    """Units of one offer to be fetched."""

    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)


class PassSchema(Shown):
    """What a pass shows to the neighbour who fetches; the owner's name is masked, a used one has no `code_token`."""

    point = fields.Nested(PointSchema(), required=True)
    number = fields.Integer(required=True, allow_none=True)
    items = fields.List(fields.Nested(PassItemSchema()), required=True)
    owner = fields.String(required=True)
    ready = fields.Boolean(required=True, metadata={"description": "the goods stand at the point"})
    code_token = fields.String(required=True, metadata={"description": "the text of the QR"})
    expires_at = fields.AwareDateTime(required=True)
    used = fields.Boolean(required=True)


@door.put("/orders/<string:order_id>/point", takes=PointBody(), shows=OrderSchema(), refuses=[NotFound, WrongState])
def move_order(ctx: Ctx, order_id: str, body: Mapping[str, str]) -> OrderPage:
    """Fetch an own order at another point of its campaign, until picking starts at either."""
    return reading.mine(ctx, moving_points.move(ctx, order_id, body["point_id"]).public_id)


@door.post("/orders/<string:order_id>/passes", takes=NewPass(), shows=MadePassSchema(), status=201,
           refuses=[NotFound, WrongState])  # fmt: skip
def make_pass(ctx: Ctx, order_id: str, body: Mapping[str, str]) -> MadePass:
    """A one-time pass with which a neighbour fetches an own order; an earlier one is dead."""
    return passes.make(ctx, order_id, body["label"])


@door.get("/orders/<string:order_id>/passes", shows=OwnPassesSchema(), refuses=[NotFound])
def list_passes(ctx: Ctx, order_id: str) -> dict[str, list[OwnPass]]:
    """The pass of an own order that may still be used."""
    return {"items": passes.of_order(ctx, order_id)}


@door.delete("/orders/<string:order_id>/passes/<string:pps_id>", refuses=[NotFound, WrongState])
def revoke_pass(ctx: Ctx, order_id: str, pps_id: str) -> None:
    """Take a pass back."""
    passes.revoke(ctx, order_id, pps_id)


@door.get("/passes/<string:token>", shows=PassSchema(), refuses=[NotFound, PassOver])
def show_pass(ctx: Ctx, token: str) -> PassShown:
    """What I was asked to fetch for a neighbour."""
    return pass_reading.shown(ctx, token)


@door.get("/passes/<string:token>/qr.png", status=200, refuses=[NotFound, PassOver])
def show_pass_qr(ctx: Ctx, token: str) -> Response:
    """The QR to be shown at the desk, as a PNG."""
    shown = pass_reading.shown(ctx, token)
    if shown.used:
        raise PassOver
    return qr_picture(shown.code_token)
