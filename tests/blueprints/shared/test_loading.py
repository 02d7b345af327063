"""A load made beforehand says exactly what marshmallow says, of whatever is sent."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from blueprints.resident.orders import CancelBody, NewOrder
from blueprints.shared.loading import loader
from blueprints.shared.schemas import Flag, Taken, Text, Whole, public_id

ID = "cmp_" + "0" * 26
ORDER = {"campaign": ID, "point": ID, "lines": [{"offer": ID, "units": 1}]}
ANYTHING = st.none() | st.booleans() | st.integers(-2, 10**20) | st.floats() | st.text(max_size=40) | st.just(ID)
VALUES = st.recursive(ANYTHING, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
LINES = st.lists(st.dictionaries(st.sampled_from(["offer", "units", "more"]), VALUES, max_size=3), max_size=3)
CHANGES = st.dictionaries(st.sampled_from([*NewOrder().fields, "more", "units"]), VALUES | LINES, max_size=3)


def said(load: Any, value: Any) -> tuple[Any, Any]:
    """What was loaded, or what was said against it."""
    try:
        return load(value), None
    except ValidationError as error:
        return None, error.messages


@given(st.builds(lambda changes: {**ORDER, **changes}, CHANGES) | VALUES | CHANGES)
def test_orders_and_cancellations_load_as_marshmallow_loads_them(sent: Any) -> None:
    for schema in (NewOrder(), CancelBody()):
        assert repr(said(loader(schema), sent)) == repr(said(schema.load, sent))


def test_what_is_plainly_right_is_loaded_with_its_defaults() -> None:
    loaded = loader(NewOrder())({**ORDER, "recipient": " 王小明 "})
    assert loaded == NewOrder().load({**ORDER, "recipient": " 王小明 "})
    assert (loaded["recipient"], loaded["note"], loaded["again"]) == ("王小明", "", False)


class _Crossed(Taken):
    least = Whole(required=True)
    most = Whole(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, int], **_: object) -> None:
        if data["least"] > data["most"]:
            raise ValidationError("Wrong way round.")


class _Doubled(Taken):
    number = Whole(required=True)

    @post_load
    def _double(self, data: dict[str, int], **_: object) -> dict[str, int]:
        return {"number": 2 * data["number"]}


class _Odd(Taken):
    inner = fields.Nested(_Crossed())
    renamed = fields.String(data_key="given", attribute="kept", validate=validate.Length(max=3))
    changed = fields.String(pre_load=str.upper, allow_none=True)
    dotted = fields.String(attribute="a.b")


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        (_Crossed(), {"least": 2, "most": 1}),
        (_Doubled(), {"number": 4}),
        (_Odd(), {"inner": {"least": 2, "most": 1}}),
        (_Odd(), {"given": "abc", "changed": "x", "dotted": "y"}),
        (_Odd(), {"renamed": "abc", "changed": "y"}),
        (_Odd(exclude=["dotted"]), {"given": "abc", "changed": "x"}),
        (_Odd(exclude=["dotted"]), {"given": "abcd", "changed": "y", "inner": {"least": 2, "most": 1}}),
        (_Odd(only=["changed"], partial=True), {}),
        (NewOrder(many=True), [ORDER]),
        (Schema.from_dict({"flag": Flag(), "text": Text(3), "id": public_id()})(), {"flag": True, "text": "a"}),
    ],
)
def test_rules_beside_the_fields_are_kept(schema: Schema, sent: Any) -> None:
    assert said(loader(schema), sent) == said(schema.load, sent)


def test_printable_text_holds_nothing_to_drop_or_to_refuse() -> None:
    odd = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isprintable()]
    assert {unicodedata.category(char) for char in odd} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
