"""The OpenAPI document as a source of requests: what each route asks for, right values, and wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
FUTURE = "2026-11-27T12:00:00+08:00"
# One text for each pattern of the document: an id, a digest, the tail of a telephone number.
SAMPLES = ("ord_" + "0" * 26, "0" * 64, "0" * 4)
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (1, 1.5, True, None, [], {}, ["a"], {"a": 1}),
    "integer": ("1", 1.5, True, None, [], {}, 2**63, -(2**63) - 1, 10**400),
    "boolean": (0, 1, "true", None, [], {}),
    "array": ("a", 1, True, None, {}, {"a": []}),
    "object": ("a", 1, True, None, []),
}


@dataclass(frozen=True)
class Operation:
    """One route: its method, its path with made-up ids, who may call it, what body and key it asks for."""

    name: str
    method: str
    path: str
    public: bool
    body: Schema | None
    keyed: bool
    paged: bool
    query: tuple[str, ...]
    parts: tuple[str, ...]


class Document:
    """A parsed document; `operations` are those under /api."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._schemas: dict[str, Schema] = content["components"]["schemas"]
        self.operations = list(self._operations(content["paths"]))

    def _operations(self, paths: dict[str, Any]) -> Iterator[Operation]:
        for path, methods in paths.items():
            for method, told in methods.items():
                if method == "parameters" or not path.startswith("/api/"):
                    continue
                asked = [*told.get("parameters", []), *methods.get("parameters", [])]
                names = {(one["in"], one["name"]) for one in asked}
                media = told.get("requestBody", {}).get("content", {}).get("application/json")
                yield Operation(
                    told["operationId"], method.upper(), path, not told["security"], media and media["schema"],
                    ("header", "Idempotency-Key") in names, ("query", "cursor") in names,
                    tuple(name for where, name in names if where == "query" and name not in ("limit", "cursor")),
                    tuple(name for where, name in names if where == "path"),
                )  # fmt: skip

    def resolved(self, schema: Schema) -> Schema:
        """A schema with its reference followed."""
        return self.resolved(self._schemas[schema["$ref"].rpartition("/")[2]]) if "$ref" in schema else schema

    def right(self, schema: Schema) -> Any:
        """A value the schema allows."""
        schema = self.resolved(schema)
        kind = _kind(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if kind == "object":
            return {name: self.right(schema["properties"][name]) for name in schema.get("required", [])}
        if kind == "array":
            return [self.right(schema["items"])] * max(1, schema.get("minItems", 0))
        if kind == "string":
            return _text(schema)
        return {"integer": schema.get("minimum", 1), "boolean": True}[kind]

    def wrong(self, schema: Schema) -> Iterator[tuple[str, Any]]:
        """Bodies for a body schema, each wrong in one place: (dotted name of the place, body)."""
        schema = self.resolved(schema)
        body = self.right(schema)
        yield "surprise", {**body, "surprise": 1}
        for name in schema.get("required", []):
            yield name, {key: value for key, value in body.items() if key != name}
        for name, field in schema.get("properties", {}).items():
            for place, value in self._wrong_values(name, field):
                yield place, {**body, name: value}

    def _wrong_values(self, place: str, schema: Schema) -> Iterator[tuple[str, Any]]:
        schema = self.resolved(schema)
        kind = _kind(schema)
        nullable = "null" in schema.get("type", [])
        for value in WRONG[kind]:
            if not (value is None and nullable):
                yield place, value
        if kind == "string":
            yield from ((place, text) for text in _wrong_texts(schema))
        if kind == "integer":
            yield from (
                (place, schema[edge] + step) for edge, step in (("minimum", -1), ("maximum", 1)) if edge in schema
            )
        if kind == "array":
            yield from self._wrong_lists(place, schema)

    def _wrong_lists(self, place: str, schema: Schema) -> Iterator[tuple[str, Any]]:
        item = self.resolved(schema["items"])
        if schema.get("minItems"):
            yield place, []
        if "maxItems" in schema:
            yield place, [self.right(item)] * (schema["maxItems"] + 1)
        inner = self.wrong(item) if _kind(item) == "object" else self._wrong_values("", item)
        for name, value in inner:
            yield f"{place}.0.{name}".strip("."), [value]


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "string" if "enum" in schema else "object")
    return str(next(one for one in kind if one != "null") if isinstance(kind, list) else kind)


def _text(schema: Schema) -> str:
    if schema.get("format") == "date-time":
        return FUTURE
    if "pattern" in schema:
        return next(sample for sample in SAMPLES if re.match(schema["pattern"], sample))
    return "字" * max(1, schema.get("minLength", 1))


def _wrong_texts(schema: Schema) -> Iterator[str]:
    yield from ("\x00", "a\ud800b")
    if "enum" in schema or "pattern" in schema or schema.get("format") == "date-time":
        yield from ("", "x", "ord_", "2026-13-45T99:99:99Z", "字" * 300)
    if "maxLength" in schema:
        yield "字" * (schema["maxLength"] + 1)
    if schema.get("minLength", 0) > 0:
        yield ""
