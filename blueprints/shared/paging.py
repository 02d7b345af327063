"""`?limit=&cursor=` into a Page and back: the cursor is opaque, signed, and good for its own list only."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from blueprints.shared.product import lintuan
from domain.errors import Invalid
from services.paging import DEFAULT, MOST, Key, Page, Slice

PARAMETERS: list[dict[str, Any]] = [
    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}},
    {"in": "query", "name": "cursor", "schema": {"type": "string"}, "description": "next_cursor of the page before"},
]
NAMES = ("limit", "cursor")


def asked() -> Page:
    """The page the request asks for; raises `Invalid` naming `limit` or `cursor`."""
    text = request.args.get("limit", str(DEFAULT))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise Invalid(f"must be 1 to {MOST}", field="limit")
    cursor = request.args.get("cursor")
    return Page(int(text), _open(cursor) if cursor else None)


def dump(part: Slice[Any], schema: Schema) -> dict[str, Any]:
    """The body of one page."""
    return {"items": schema.dump(part.items, many=True), "next_cursor": next_cursor(part)}


def next_cursor(part: Slice[Any]) -> str | None:
    """What asks for the page after this one; None when nothing follows."""
    return _seal(part.next_key)


def page_schema(item: Schema) -> Schema:
    """The schema of a page of `item`, for the document."""
    return _page_class(type(item))()


@cache
def _page_class(item: type[Schema]) -> type[Schema]:
    """One class per kind of item: two lists of the same things share one name in the document."""
    made = Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True, validate=validate.Length(max=512)),
        },
        name=item.__name__.removesuffix("Schema") + "Page",
    )
    made.__module__ = item.__module__
    return made


def _seal(key: Key | None) -> str | None:
    if key is None:
        return None
    payload = urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{payload}.{_signature(payload)}"


def _open(cursor: str) -> Key:
    payload, _, signature = cursor.partition(".")
    if len(cursor) > 512 or not hmac.compare_digest(signature.encode(), _signature(payload).encode()):
        raise Invalid("not a cursor of this list", field="cursor")
    return tuple(json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def _signature(payload: str) -> str:
    return lintuan().vault.sign("cursor", f"{request.endpoint}:{payload}")
