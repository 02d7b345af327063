"""Shapes of deliveries and of the desk, for staff and leaders alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from blueprints.shared.schemas import Shown, Taken, Text, Whole, check_state, public_id
from services.pickup.batching import OneOfBatch
from services.pickup.finding import Search
from services.pickup.redeeming import Redeem

MOST_ORDERS = 100
MOST_UNITS = 1_000_000
FOUND_BY = ("code", "qr", "roster", "payment", "batch", "pass")


class DeliveryLineSchema(Shown):
    """Units of one offer in a delivery; what the orders need and what was counted may differ."""

    offer_id = fields.String(required=True)
    name = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    planned_units = fields.Integer(required=True)
    arrived_units = fields.Integer(required=True)
    surplus_units = fields.Integer(required=True, metadata={"description": "余货: counted and nobody's"})
    short = fields.Boolean(required=True, metadata={"description": "its orders wait until the leader commits"})


class DeliverySchema(Shown):
    """One batch of a campaign for a point."""

    id = fields.String(required=True)
    campaign_id = fields.String(required=True)
    campaign = fields.String(required=True)
    point_id = fields.String(required=True)
    point = fields.String(required=True)
    batch = fields.Integer(required=True)
    state = fields.String(required=True)
    arrived_at = fields.AwareDateTime(required=True, allow_none=True)
    lines = fields.List(fields.Nested(DeliveryLineSchema()), required=True)


class CountsSchema(Taken):
    """Counted units by offer id; every line of the delivery is named."""

    counts = fields.Dict(
        keys=public_id(), values=Whole(most=MOST_UNITS), required=True, validate=validate.Length(1, 100)
    )


class SearchSchema(Taken):
    """One proof: `code`, `qr`, `payment_id`, `order_id` of a list, `roster_number`, `phone_tail`, or both of these."""

    makes = Search
    code = Text(20)
    qr = Text(200)
    roster_number = Whole(least=1, most=10_000_000)
    phone_tail = fields.String(validate=validate.Regexp(r"[0-9]{4}\Z"))
    payment_id = public_id()
    order_id = public_id()

    @validates_schema
    def _one_proof(self, data: Mapping[str, Any], **_: object) -> None:
        single = ({"code"}, {"qr"}, {"payment_id"}, {"order_id"}, {"roster_number"}, {"phone_tail"})
        if set(data) not in (*single, {"roster_number", "phone_tail"}):
            raise ValidationError("Give code, qr, payment_id, order_id, roster_number, phone_tail, or the last two.")


class DeskLineSchema(Shown):
    """A line in units: waiting here, still to come, collected before."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    spec = fields.String(required=True)
    unit = fields.String(required=True)
    waiting = fields.Integer(required=True)
    to_come = fields.Integer(required=True)
    collected = fields.Integer(required=True)


class DeskOrderSchema(Shown):
    """An order at the desk; names masked."""

    id = fields.String(required=True)
    campaign = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    recipient = fields.String(required=True)
    state = fields.String(required=True)
    pickup_deadline = fields.AwareDateTime(required=True, allow_none=True)
    due_fen = fields.Integer(required=True, metadata={"description": "to be paid before it is handed over"})
    lines = fields.List(fields.Nested(DeskLineSchema()), required=True)


class HitSchema(Shown):
    """One of several owners that fit."""

    order_id = fields.String(required=True)
    owner = fields.String(required=True)
    campaign = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)


class SearchResultSchema(Shown):
    """Everything of the one owner found, or several hits to ask further with."""

    found_by = fields.String(required=True)
    ambiguous = fields.Boolean(required=True)
    orders = fields.List(fields.Nested(DeskOrderSchema()), required=True)
    hits = fields.List(fields.Nested(HitSchema()), required=True)
    fetched_by = fields.String(required=True, metadata={"description": "who fetches for the owner by a pass"})


class LineUnitsSchema(Taken):
    """Units of one line to hand over."""

    line = public_id(required=True)
    units = Whole(least=1, most=MOST_UNITS, required=True)


class ByPass(Taken):
    """`pass_shown`: the text of the scanned pass when `found_by` is pass; the desk's word alone opens nothing."""

    pass_shown = Text(200, least=0, load_default="")

    @validates_schema
    def _pass_only_with_its_text(self, data: Mapping[str, Any], **_: object) -> None:
        if (data["found_by"] == "pass") != bool(data["pass_shown"]):
            raise ValidationError("Give the text of the pass, and only of a pass.", "pass_shown")


class RedeemSchema(ByPass):
    """Orders to hand over; without `lines` everything that waits in them."""

    orders = fields.List(public_id(), required=True, validate=validate.Length(1, MOST_ORDERS))
    found_by = fields.String(required=True, validate=validate.OneOf(FOUND_BY))
    lines = fields.List(fields.Nested(LineUnitsSchema()), load_default=list, validate=validate.Length(max=MOST_ORDERS))

    @validates_schema
    def _each_line_once(self, data: Mapping[str, Any], **_: object) -> None:
        if len({line["line"] for line in data["lines"]}) != len(data["lines"]):
            raise ValidationError("Name each line once.", "lines")


class BatchedLineSchema(Taken):
    """Units of one line to hand over."""

    line_id = public_id(required=True)
    units = Whole(least=1, most=MOST_UNITS, required=True)


class BatchedOrderSchema(Taken):
    """One order of a batch; without `lines` everything that waits in it."""

    order_id = public_id(required=True)
    lines = fields.List(
        fields.Nested(BatchedLineSchema()), load_default=list, validate=validate.Length(max=MOST_ORDERS)
    )


class BatchSchema(Taken):
    """Orders to hand over, each by itself."""

    orders = fields.List(fields.Nested(BatchedOrderSchema()), required=True, validate=validate.Length(1, MOST_ORDERS))

    @validates_schema
    def _each_once(self, data: Mapping[str, Any], **_: object) -> None:
        if len({order["order_id"] for order in data["orders"]}) != len(data["orders"]):
            raise ValidationError("Name each order once.", "orders")
        for order in data["orders"]:
            if len({line["line_id"] for line in order["lines"]}) != len(order["lines"]):
                raise ValidationError("Name each line once.", "orders")


class UndoSchema(Taken):
    """Why it is taken back."""

    reason = Text(200, required=True)


class HandedItemSchema(Shown):
    """Units of a line that changed hands; negative when taken back."""

    line_id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)


class RedemptionSchema(Shown):
    """One hand-over or undo."""

    id = fields.String(required=True)
    order_id = fields.String(required=True)
    order_state = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    by = fields.String(required=True)
    found_by = fields.String(required=True)
    reason = fields.String(required=True)
    reason_check = check_state()
    at = fields.AwareDateTime(required=True)
    reverses = fields.String(required=True, allow_none=True)
    undone_by = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(HandedItemSchema()), required=True)
    fetched_by = fields.String(required=True, metadata={"description": "who fetched for the owner by a pass"})


class RedeemedSchema(Shown):
    """One redemption per order."""

    redemptions = fields.List(fields.Nested(RedemptionSchema()), required=True)


class BatchedSchema(Shown):
    """What became of one order: its redemption, or the refusal's code and a Chinese sentence."""

    order_id = fields.String(required=True)
    result = fields.String(required=True, validate=validate.OneOf(["done", "refused"]))
    code = fields.String(required=True)
    detail = fields.String(required=True)
    redemption = fields.Nested(RedemptionSchema(), required=True, allow_none=True)


class BatchDoneSchema(Shown):
    """One result for each order, in their order."""

    items = fields.List(fields.Nested(BatchedSchema()), required=True)


def redeem_command(body: Mapping[str, Any]) -> Redeem:
    """The command in a loaded `RedeemSchema`."""
    units = {line["line"]: line["units"] for line in body["lines"]}
    return Redeem(tuple(body["orders"]), body["found_by"], units, body["pass_shown"])


def batch_command(body: Mapping[str, Any]) -> list[OneOfBatch]:
    """The orders in a loaded `BatchSchema`."""
    return [
        OneOfBatch(order["order_id"], {line["line_id"]: line["units"] for line in order["lines"]})
        for order in body["orders"]
    ]
