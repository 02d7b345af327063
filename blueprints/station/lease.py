"""The offline lease: taken by one device, given back, and what was handed out under it reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from blueprints.shared.pickup_shapes import MOST_UNITS
from blueprints.shared.schemas import At, Flag, Shown, Taken, Text, Whole, public_id
from blueprints.station.door import door
from domain.actors import Actor
from domain.errors import LeaseTaken, NotFound
from domain.leases import Result
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import desk
from services.pickup import leases
from services.pickup.leases import TakeLease
from services.pickup.reporting import HandedOut, Reported
from services.queries.leases import LeaseShown, shown

MOST_REPORTS = 100
MOST_LINES = 100


class TakeLeaseSchema(Taken):
    """What this device is called; `take_over` ends the lease of another one."""

    makes = TakeLease
    device_label = Text(80, required=True)
    take_over = Flag(load_default=False)


class LeasedItemSchema(Shown):
    """Units of one line that may be handed out."""

    line_id = fields.String(required=True)
    name = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    units_left = fields.Integer(required=True)


class LeasedOrderSchema(Shown):
    """One order that waits; names masked, code and phone tail as hashes under the key: docs/pickup-qr.md."""

    order_id = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    recipient = fields.String(required=True)
    campaign = fields.String(required=True)
    code_id = fields.String(required=True, metadata={"description": "the second part of the QR"})
    code_hash = fields.String(required=True)
    owner_hash = fields.String(required=True, metadata={"description": "the same for all orders of one person"})
    tail_hash = fields.String(required=True, metadata={"description": "empty without a phone"})
    state = fields.String(required=True)
    pickup_deadline = fields.AwareDateTime(required=True, allow_none=True)
    due_fen = fields.Integer(required=True, metadata={"description": "to be paid first, which needs the network"})
    items = fields.List(fields.Nested(LeasedItemSchema()), required=True)


class LeaseSchema(Shown):
    """The lease and all it needs to work without the network until `until`."""

    id = fields.String(required=True)
    point = fields.String(required=True, metadata={"description": "the point's id, the third part of the QR"})
    point_name = fields.String(required=True)
    day = fields.String(required=True, metadata={"description": "yyyymmdd, the fourth part of the QR"})
    key = fields.String(required=True, metadata={"description": "32 bytes, base64url: HMAC-SHA-256 of point and day"})
    taken_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    orders = fields.List(fields.Nested(LeasedOrderSchema()), required=True)


class HandedLineSchema(Taken):
    """Units of one line that were handed out."""

    line_id = public_id(required=True)
    units = Whole(least=1, most=MOST_UNITS, required=True)


class HandedOutSchema(Taken):
    """One hand-over as the device noted it; `at` is its clock, `token` what was shown (the QR's text, or the code)."""

    client_id = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{8,64}\Z"))
    order_id = public_id(required=True)
    lines = fields.List(fields.Nested(HandedLineSchema()), required=True, validate=validate.Length(1, MOST_LINES))
    token = Text(200, load_default=None, allow_none=True)
    at = At(required=True)

    @validates_schema
    def _each_line_once(self, data: Mapping[str, Any], **_: object) -> None:
        if len({line["line_id"] for line in data["lines"]}) != len(data["lines"]):
            raise ValidationError("Name each line once.", "lines")


class UploadSchema(Taken):
    """Hand-overs under one lease, in the order in which they happened."""

    lease_id = public_id(required=True)
    items = fields.List(fields.Nested(HandedOutSchema()), required=True, validate=validate.Length(1, MOST_REPORTS))


class ReportedSchema(Shown):
    """What became of one hand-over: `again` had been reported before, `conflict` and `refused` are loss cases."""

    client_id = fields.String(required=True)
    result = fields.String(required=True, validate=validate.OneOf([*Result]))
    detail = fields.String(required=True)


class UploadedSchema(Shown):
    """One result for each hand-over, in their order."""

    items = fields.List(fields.Nested(ReportedSchema()), required=True)


@door.post("/lease", takes=TakeLeaseSchema(), shows=LeaseSchema(), refuses=[LeaseTaken])
def take_lease(ctx: Ctx, body: TakeLease) -> LeaseShown:
    """Let this device hand out without the network; its own lease again is the same with a fresh list."""
    return shown(ctx, leases.take(ctx, body))


@door.delete("/lease", refuses=[NotFound])
def give_lease_back(ctx: Ctx) -> None:
    """Everything was uploaded: end this device's lease."""
    leases.give_back(ctx)


@door.post("/lease/uploads", takes=UploadSchema(), shows=UploadedSchema(), flow=True, refuses=[NotFound])
def upload_hand_overs(product: Lintuan, actor: Actor, body: dict[str, Any]) -> dict[str, list[Reported]]:
    """Book what was handed out without the network: each by itself, once per `client_id`, the first upload wins."""
    noted = [
        HandedOut(each["client_id"], each["order_id"], {line["line_id"]: line["units"] for line in each["lines"]},
                  each["token"], each["at"])
        for each in body["items"]
    ]  # fmt: skip
    return {"items": desk.report(product, actor, body["lease_id"], noted)}
