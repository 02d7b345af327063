"""Shapes of drawers and of money taken at a desk, for staff, leaders and operators alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from blueprints.shared.pickup_shapes import MOST_ORDERS, ByPass
from blueprints.shared.schemas import Fen, Shown, Taken, Text, check_state, public_id
from domain.state_tables import SHIFT
from services.desk_money.cash import TakeCash
from services.desk_money.shifts import CloseShift


class ShiftSchema(Shown):
    """One person's drawer at one point; sums in fen."""

    id = fields.String(required=True)
    point_id = fields.String(required=True)
    point = fields.String(required=True)
    by = fields.String(required=True)
    state = fields.String(required=True)
    taken_fen = fields.Integer(required=True)
    counted_fen = fields.Integer(required=True)
    difference_fen = fields.Integer(required=True, metadata={"description": "missing when counted; negative: over"})
    difference_reason = fields.String(required=True)
    received_by = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    handed_over_at = fields.AwareDateTime(required=True, allow_none=True)
    reason_check = check_state()


class CashTakenSchema(Shown):
    """One payment in a drawer; the owner is masked."""

    payment = fields.String(required=True)
    order = fields.String(required=True)
    campaign = fields.String(required=True)
    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class ShiftStatementSchema(Shown):
    """A drawer with every payment in it."""

    shift = fields.Nested(ShiftSchema(), required=True)
    payments = fields.List(fields.Nested(CashTakenSchema()), required=True)


class ShiftQuery(Taken):
    """Drawers in one state only, or of one point only."""

    state = fields.String(validate=validate.OneOf(sorted(SHIFT.states)), load_default="")
    point = public_id(load_default="")


class CountedSchema(Taken):
    """What is in the drawer (fen), and why it is not what was taken."""

    counted_fen = Fen(required=True)
    reason = Text(200, least=0, load_default="")


class TakeCashSchema(ByPass):
    """The orders whose cash was taken; what is due is never the client's to say."""

    orders = fields.List(public_id(), required=True, validate=validate.Length(1, MOST_ORDERS))
    found_by = fields.String(required=True, validate=validate.OneOf(["code", "qr", "roster", "payment", "pass"]))


class DeskPaymentSchema(Shown):
    """A payment that the buyer may make at the desk now, and until when."""

    id = fields.String(attribute="public_id", required=True)
    amount_fen = fields.Integer(required=True)
    expires_at = fields.AwareDateTime(required=True)


def take_command(body: Mapping[str, Any]) -> TakeCash:
    """The command in a loaded `TakeCashSchema`."""
    return TakeCash(tuple(body["orders"]), body["found_by"], body["pass_shown"])


def close_command(shift_id: str, body: Mapping[str, Any]) -> CloseShift:
    """The command in a loaded `CountedSchema`."""
    return CloseShift(shift_id, body["counted_fen"], body["reason"])
