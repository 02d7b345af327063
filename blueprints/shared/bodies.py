"""Reading what clients send: strict JSON, and every refusal names its field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.exceptions import UnsupportedMediaType

from domain.errors import Invalid

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 20
_READ = "lintuan.body"


class StrictParser(FlaskParser):
    """webargs with our own JSON reading and our own refusals."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, one JSON object; raises `Invalid` or 415."""
        return read_object(req)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The query, without the two parameters of paging."""
        refuse_unstorable(req.args.to_dict())
        return MultiDictProxy(req.args, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Refuse with every field's complaints, under its dotted name."""
        by_place = error.messages if isinstance(error.messages, dict) else {"body": error.messages}
        complaints: dict[str, list[str]] = {}
        for place in by_place.values() if set(by_place) <= {"json", "query"} else [by_place]:
            complaints.update(_flat(place, ""))
        raise Invalid(errors=complaints) from None


def read_object(req: Request) -> dict[str, Any]:
    """The request's JSON object, read once; raises `Invalid(field="body")`, or 415 for another content type."""
    if _READ not in req.environ:
        req.environ[_READ] = _read(req)
    value: dict[str, Any] = req.environ[_READ]
    return value


def _read(req: Request) -> dict[str, Any]:
    raw = req.get_data()
    if not req.is_json:
        if raw:
            raise UnsupportedMediaType("send application/json")
        return {}
    try:
        value = json.loads(raw or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid("is not JSON", field="body") from None
    if not isinstance(value, dict):
        raise Invalid("is not a JSON object", field="body")
    refuse_unstorable(value)
    return value


def refuse_unstorable(value: Any) -> None:
    """Raise `Invalid` for text that no database column and no UTF-8 answer can hold (NUL, lone surrogates).

    So it does for what is nested deeper than `DEEPEST`, before anything else climbs down there.
    """
    for path, text in _texts(value, ""):
        if _UNSTORABLE.search(text):
            raise Invalid("holds characters that cannot be stored", field=_UNSTORABLE.sub("?", path) or "body")


def _texts(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        raise Invalid("is nested too deeply", field=path.partition(".")[0])
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}.{number}", depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield f"{path}.{name}".strip("."), name
            yield from _texts(item, f"{path}.{name}".strip("."), depth + 1)


def _flat(messages: Any, path: str) -> dict[str, list[str]]:
    if isinstance(messages, dict):
        found: dict[str, list[str]] = {}
        for name, inner in messages.items():
            found.update(_flat(inner, path if name == "_schema" else f"{path}.{name}".strip(".")))
        return found
    return {path or "body": [str(message) for message in messages]}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
