"""Nothing that a person can write is forgotten: each field and each column is checked, or says why it need not be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import String

from domain.content import PICTURES, Subject
from models.base import Base
from services.content_safety.rows import KEPT
from tests.blueprints.words_of_people import CHECKED, COLUMNS, NOT_CHECKED

SHORT = 32
"""Columns of this length hold names of kinds and states, and the few short words that are named in the table."""
SHORT_WORDS = {"skus.unit", "order_lines.unit", "order_tags.tag"}
BLUEPRINTS = Path(__file__).parents[2] / "blueprints"


def free_fields(document: dict[str, Any]) -> set[str]:
    """`Schema.field` of every text of a request body that is neither an id, a time, nor one of a list."""
    schemas = document["components"]["schemas"]
    bodies = [
        operation["requestBody"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "requestBody" in operation
    ]
    reached: set[str] = set()
    waiting = list(chain.from_iterable(map(_named, bodies)))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _named(schemas[name])
    return {
        f"{name}.{field}"
        for name in reached
        for field, node in schemas[name].get("properties", {}).items()
        if _is_free(node)
    }


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        yield from chain.from_iterable(map(_named, node.values()))
    elif isinstance(node, list):
        yield from chain.from_iterable(map(_named, node))


def _is_free(node: dict[str, Any]) -> bool:
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        return _is_free(node.get("items", {}))
    if isinstance(node.get("additionalProperties"), dict):
        return _is_free(node["additionalProperties"])
    return "string" in kinds and not {"enum", "pattern"} & node.keys() and "date" not in node.get("format", "")


def listed(tables: dict[Any, tuple[str, ...]]) -> list[str]:
    """All that stands in a table."""
    return list(chain.from_iterable(tables.values()))


def test_every_text_of_a_request_is_checked_or_says_why_not(client: FlaskClient) -> None:
    found = free_fields(client.get("/openapi.json").get_json())
    known = listed(CHECKED) + listed(NOT_CHECKED)
    assert len(known) == len(set(known))
    assert found - set(known) == set(), "say in words_of_people.py how others are kept from it"
    assert {field for field in known if not field.startswith("form.")} - found == set()


def test_a_new_field_would_be_missed() -> None:
    body = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}}}
    schema = {"properties": {"motto": {"type": "string"}, "state": {"type": "string", "enum": ["a"]},
                             "tags": {"type": "array", "items": {"type": "string"}}}}  # fmt: skip
    document = {"paths": {"/new": {"post": body}}, "components": {"schemas": {"New": schema}}}
    assert free_fields(document) == {"New.motto", "New.tags"}


def test_words_in_forms_are_read_in_one_place() -> None:
    readers = {path.relative_to(BLUEPRINTS).as_posix() for path in BLUEPRINTS.rglob("*.py")
               if "request.form" in path.read_text(encoding="utf-8")}  # fmt: skip
    assert {path for path in readers if not path.startswith("console/")} == {"leader/pictures.py", "mobile/papers.py"}


def test_every_kind_of_words_has_its_fields() -> None:
    assert set(CHECKED) == set(Subject) - set(PICTURES)


def test_every_column_of_text_is_filled_by_a_check_or_says_why_not() -> None:
    filled = {f"{kept.table.__tablename__}.{column}" for kept in KEPT.values() for column in kept.columns}
    texts = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and (column.type.length is None or column.type.length > SHORT)
    }
    known = listed(COLUMNS)
    assert len(known) == len(set(known))
    assert (texts | SHORT_WORDS) - filled - set(known) == set(), "say in words_of_people.py who writes it"
    assert set(known) - texts - SHORT_WORDS == set()
