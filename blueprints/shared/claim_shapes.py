"""Shapes of after-sales: a claim for each party, and the words that move it."""

from __future__ import annotations

from collections.abc import Iterable

from marshmallow import fields, validate

from blueprints.shared.schemas import Fen, Shown, Taken, Text, check_state
from domain.aftersales import Bearer
from domain.state_tables import CLAIM


class ClaimSchema(Shown):
    """A claim; `answer_fen` is what was offered or paid back, `evidence` names pictures."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    order_id = fields.String(required=True)
    campaign_id = fields.String(required=True)
    campaign_title = fields.String(required=True)
    line_id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    reason = fields.String(required=True)
    words = fields.String(required=True)
    asked_units = fields.Integer(required=True)
    asked_fen = fields.Integer(required=True)
    answer_fen = fields.Integer(required=True)
    answer_words = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    buyer_may = fields.List(fields.String(), required=True, metadata={"description": "take_offer, escalate, withdraw"})
    evidence = fields.List(fields.String(), required=True)
    words_check = check_state()


class ClaimCaseSchema(ClaimSchema):
    """A claim as leader and operator read it: whose it is, masked, and on whom it falls."""

    roster_number = fields.Integer(required=True, allow_none=True)
    owner = fields.String(required=True)
    borne_by = fields.String(required=True)
    borne_fen = fields.Integer(required=True)


class ClaimsQuery(Taken):
    """One state, or all."""

    state = fields.String(validate=validate.OneOf(CLAIM.states), load_default=None)


class RefusalSchema(Taken):
    """Why not; the buyer reads it."""

    words = Text(255, required=True)


def bearer(allowed: Iterable[Bearer], default: Bearer) -> fields.Enum[Bearer]:
    """On whom the refund falls: one of `allowed`."""
    return fields.Enum(Bearer, by_value=True, validate=validate.OneOf(tuple(allowed)), load_default=default)


def offered_fen() -> Fen:
    """What is offered, less than was asked."""
    return Fen(least=1, required=True)


def answer_words() -> Text:
    """What the buyer reads with it."""
    return Text(255, least=0, load_default="")
