"""What is dumped beforehand is what marshmallow dumps."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from marshmallow import Schema, fields

from blueprints.shared.dumping import dumper
from blueprints.shared.schemas import Shown

AT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


class LeafSchema(Shown):
    """One field only."""

    name = fields.String()


class CountedSchema(Shown):
    """No field of the object itself."""

    twice = fields.Function(lambda thing: 2 * thing.units)


class TreeSchema(Shown):
    """Every kind of field."""

    id = fields.String(attribute="public_id")
    units = fields.Integer(data_key="count")
    gone = fields.Boolean()
    at = fields.AwareDateTime(allow_none=True)
    leaf = fields.Nested(LeafSchema(), allow_none=True)
    leaves = fields.List(fields.Nested(LeafSchema()))
    more = fields.Nested(LeafSchema(), many=True)
    times = fields.List(fields.AwareDateTime())
    words = fields.List(fields.String())
    twice = fields.Function(lambda thing: 2 * thing.units)
    share = fields.Float()


LEAF = Thing(name="草莓")
TREE = Thing(public_id="x_1", units=3, gone=False, at=AT, leaf=LEAF, leaves=(LEAF, LEAF), more=[LEAF], times=[AT],
             words=("a", "b"), share=0.5)  # fmt: skip
BARE = Thing(**{**vars(TREE), "at": None, "leaf": None, "leaves": (), "more": [], "times": [], "words": []})


@pytest.mark.parametrize(
    ("schema", "shown"), [(TreeSchema(), TREE), (TreeSchema(), BARE), (LeafSchema(), LEAF), (CountedSchema(), TREE)]
)
def test_a_dump_made_beforehand_equals_marshmallows(schema: Schema, shown: Any) -> None:
    assert dumper(schema)(shown) == schema.dump(shown)
