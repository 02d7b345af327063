"""Shapes of a broken unit refused at a desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from blueprints.shared.pickup_shapes import LineUnitsSchema
from blueprints.shared.schemas import Shown, Taken, Text, public_id
from domain.aftersales import MOST_PICTURES
from services.pickup.refusing import RefuseUnits

MOST_LINES = 50


class RefuseBrokenSchema(Taken):
    """Broken units by line, and the pictures that show them."""

    lines = fields.List(fields.Nested(LineUnitsSchema()), required=True, validate=validate.Length(1, MOST_LINES))
    evidence = fields.List(public_id(), required=True, validate=validate.Length(1, MOST_PICTURES))
    reason = Text(200, least=0, load_default="")

    @validates_schema
    def _each_line_once(self, data: Mapping[str, Any], **_: object) -> None:
        if len({line["line"] for line in data["lines"]}) != len(data["lines"]):
            raise ValidationError("Name each line once.", "lines")


class AfterRefusalSchema(Shown):
    """Where the order stands now; what was paid for the units goes back by itself."""

    id = fields.String(attribute="public_id", required=True)
    state = fields.String(required=True)


def refuse_command(order_id: str, body: Mapping[str, Any]) -> RefuseUnits:
    """The command in a loaded `RefuseBrokenSchema`."""
    units = {line["line"]: line["units"] for line in body["lines"]}
    return RefuseUnits(order_id, units, tuple(body["evidence"]), body["reason"])
