"""Goods carried to the door: the list by building and room, and what was left there with a picture."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.leader.door import door
from blueprints.shared.pickup_shapes import DeskLineSchema, RedemptionSchema
from blueprints.shared.schemas import Shown, Taken, public_id
from domain.aftersales import MOST_PICTURES
from domain.errors import AlreadyCollected, NotFound, NotReady, PaymentDue, WrongState
from services.context import Ctx
from services.door import carrying
from services.paging import Page, Slice
from services.queries import bringing, redemptions
from services.queries.bringing import Carry
from services.queries.redemptions import RedemptionShown


class CarrySchema(Shown):
    """An order to carry to its door; names masked."""

    order_id = fields.String(required=True)
    building = fields.String(required=True)
    room = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    recipient = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True)
    due_fen = fields.Integer(required=True, metadata={"description": "to be paid before it is handed over"})
    lines = fields.List(fields.Nested(DeskLineSchema()), required=True)


class LeftAtDoorSchema(Taken):
    """Pictures of what was left, uploaded before for `door`."""

    evidence = fields.List(public_id(), required=True, validate=validate.Length(1, MOST_PICTURES))


@door.get("/campaigns/<campaign_id>/carry-list", shows=CarrySchema(), paged=True, refuses=[NotFound, WrongState])
def carry_list(ctx: Ctx, campaign_id: str, page: Page) -> Slice[Carry]:
    """What is to be carried to which door, by building and room."""
    return bringing.carry_list(ctx, campaign_id, page)


@door.post(
    "/orders/<string:order_id>/left-at-door",
    takes=LeftAtDoorSchema(),
    shows=RedemptionSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, AlreadyCollected, NotReady, PaymentDue],
)
def leave_at_door(ctx: Ctx, order_id: str, body: dict[str, Any]) -> RedemptionShown:
    """Left at its door and shown in a picture; against a code it is handed over as at the desk of its point."""
    made = carrying.leave(ctx, carrying.LeaveAtDoor(order_id, tuple(body["evidence"])))
    return redemptions.shown(ctx, [made])[0]
