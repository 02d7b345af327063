"""The operator asks where each fen of an order, a payment, a leader or a campaign came from and went."""

from __future__ import annotations

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown
from domain.actors import Actor
from domain.errors import NotFound
from services.assembly import Lintuan
from services.explaining import subjects
from services.explaining.shapes import Explanation


class LegSchema(Shown):
    """One posting, debit positive; `owner` is a payee's public name, empty for the house."""

    account = fields.String(required=True)
    owner = fields.String(required=True)
    amount_fen = fields.Integer(required=True)


class EntrySchema(Shown):
    """One journal entry: what happened, in words and in legs that sum to zero."""

    id = fields.String(required=True)
    event = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    order = fields.String(required=True, allow_none=True)
    sentence = fields.String(required=True)
    legs = fields.List(fields.Nested(LegSchema()), required=True)


class TermSchema(Shown):
    """One sum of an equation."""

    name = fields.String(required=True)
    words = fields.String(required=True)
    fen = fields.Integer(required=True)


class EquationSchema(Shown):
    """`total` less all `parts` is `left_fen`, which is 0."""

    total = fields.Nested(TermSchema(), required=True)
    parts = fields.List(fields.Nested(TermSchema()), required=True)
    left_fen = fields.Integer(required=True)
    words = fields.String(required=True)


class DifferenceSchema(Shown):
    """An account that does not hold what the rows say."""

    account = fields.String(required=True)
    owner = fields.String(required=True)
    booked_fen = fields.Integer(required=True)
    expected_fen = fields.Integer(required=True)


class ExplanationSchema(Shown):
    """Sentences for people, and the journal behind them (the first entries of `entry_count`); `margin` is a campaign's.

    `unexplained_fen` is what neither the equation nor the accounts can account for: 0.
    """

    kind = fields.String(required=True)
    id = fields.String(required=True)
    sentences = fields.List(fields.String(), required=True)
    entries = fields.List(fields.Nested(EntrySchema()), required=True)
    entry_count = fields.Integer(required=True)
    equation = fields.Nested(EquationSchema(), required=True)
    margin = fields.Nested(EquationSchema(), required=True, allow_none=True)
    differences = fields.List(fields.Nested(DifferenceSchema()), required=True)
    unexplained_fen = fields.Integer(required=True)


@door.get("/explain/<kind>/<subject_id>", shows=ExplanationSchema(), flow=True, refuses=[NotFound])
def explain(product: Lintuan, actor: Actor, kind: str, subject_id: str) -> Explanation:
    """Explain an order, payment, leader or campaign; who looked is on record."""
    with product.unit(actor) as ctx:
        return subjects.explain(ctx, kind, subject_id)
