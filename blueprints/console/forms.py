"""What forms and filters of the console carry, and money as people type it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from blueprints.shared.schemas import MOST_FEN, Taken, Text
from domain.lifecycle import Machine

_YUAN = re.compile(r"¥?(\d{1,8})(?:\.(\d{1,2}))?")


class Yuan(fields.Field[int]):
    """`12.8` as 1280 fen, up to `most`; never through a binary fraction."""

    def __init__(self, *, most: int = MOST_FEN, zero: bool = False, **how: Any) -> None:
        super().__init__(**how)
        self.least, self.most = 0 if zero else 1, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> int:
        found = _YUAN.fullmatch(str(value).strip())
        fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
        if not self.least <= fen <= self.most:
            raise ValidationError("Not an amount.")
        return fen


class ReasonForm(Taken):
    """Why."""

    reason = Text(255, required=True)


class ShortReasonForm(Taken):
    """Why, where the record has less room."""

    reason = Text(100, required=True)


class MaybeReasonForm(Taken):
    """Why, for those who want to say so."""

    reason = Text(255, load_default="")


class ByHandForm(Taken):
    """The bank's number of a transfer, and why."""

    reference = Text(80, required=True)
    reason = Text(255, required=True)


def wanted(machine: Machine | None = None, **others: int) -> Schema:
    """A filter by state of `machine`, and by texts of at most so many characters."""
    columns: dict[str, fields.Field[Any]] = {name: Text(most, load_default="") for name, most in others.items()}
    if machine is not None:
        columns["state"] = fields.String(validate=validate.OneOf(machine.states), load_default="")
    return Taken.from_dict(columns)()
