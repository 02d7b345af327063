"""Giving back, as leaders and operators ask for it alike."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.shared.schemas import Fen, Flag, Shown, Taken, Text, Whole, public_id
from domain.errors import Invalid
from services.giving_back import GiveBack
from services.placing import MAX_UNITS


class UnitsOfLine(Taken):
    """Units of one line."""

    line = public_id(required=True)
    units = Whole(least=1, most=MAX_UNITS, required=True)


class AmountOfLine(Taken):
    """An amount for one line whose goods the buyer keeps."""

    line = public_id(required=True)
    amount_fen = Fen(least=1, required=True)


class GiveBackSchema(Taken):
    """`units` not handed over, units `handed_over`, a `compensation`; or the `rest` of what is not handed over."""

    reason = Text(255, required=True)
    units = fields.List(fields.Nested(UnitsOfLine()), load_default=list, validate=validate.Length(max=50))
    handed_over = fields.List(fields.Nested(UnitsOfLine()), load_default=list, validate=validate.Length(max=50))
    compensation = fields.List(fields.Nested(AmountOfLine()), load_default=list, validate=validate.Length(max=50))
    rest = Flag(load_default=False)


class GivenBackSchema(Shown):
    """What was decided to go back, and where the order stands; it ends when the gateway has paid."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    decided_fen = fields.Integer(required=True)


def give_back_command(order_id: str, body: dict[str, Any]) -> GiveBack:
    """The command of a loaded body; raises `Invalid` for a line that stands twice in one list."""
    return GiveBack(
        order_id, body["reason"], _by_line(body, "units", "units"), _by_line(body, "handed_over", "units"),
        _by_line(body, "compensation", "amount_fen"), body["rest"],
    )  # fmt: skip


def _by_line(body: dict[str, Any], name: str, value: str) -> dict[str, int]:
    found = {part["line"]: part[value] for part in body[name]}
    if len(found) < len(body[name]):
        raise Invalid("Name each line once.", field=name)
    return found
