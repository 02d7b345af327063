"""Reading what clients send: strict JSON, and every refusal names its field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NoReturn

from flask import Request
from flask.globals import request_ctx
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from blueprints.shared.loading import loader
from domain.errors import Invalid

View = Callable[..., Any]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 20
_READ = "lintuan.body"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


class StrictParser(FlaskParser):
    """webargs with our own refusals."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The query, without the two parameters of paging."""
        refuse_unstorable(req.args.to_dict())
        return MultiDictProxy(req.args, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Refuse with every field's complaints, under its dotted name."""
        by_place: dict[str, Any] = error.messages_dict
        raise Invalid(errors=_flat(by_place["query"], "")) from None


_PARSER = StrictParser()


def given(view: View, takes: Schema | None, query: Schema | None) -> View:
    """`view` with what the client sent: the loaded query as `query=`, then the loaded JSON object as `body=`."""
    if takes is None and query is None:
        return view
    load = None if takes is None else loader(takes)

    def read(**arguments: Any) -> Any:
        asked = request_ctx.request
        if query is not None:
            arguments["query"] = _PARSER.parse(query, asked, location="query")
        if load is not None:
            arguments["body"] = _loaded(load, asked)
        return view(**arguments)

    return read


def _loaded(load: Callable[[dict[str, Any]], Any], asked: Request) -> Any:
    try:
        return load(read_object(asked))
    except ValidationError as error:
        raise Invalid(errors=_flat(error.messages, "")) from None


def read_object(req: Request) -> dict[str, Any]:
    """The request's JSON object, read once; raises `Invalid(field="body")`, or 415 for another content type."""
    if _READ not in req.environ:
        req.environ[_READ] = _read(req)
    value: dict[str, Any] = req.environ[_READ]
    return value


def _read(req: Request) -> dict[str, Any]:
    raw = whole_body(req)
    if not req.is_json:
        if raw:
            raise UnsupportedMediaType("send application/json")
        return {}
    try:
        text = (raw or b"{}").decode(json.detect_encoding(raw), "surrogatepass")
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise Invalid("is not JSON", field="body") from None
    if not isinstance(value, dict):
        raise Invalid("is not a JSON object", field="body")
    if "\\u" in text or _UNSTORABLE.search(text) or text.count("{") + text.count("[") > DEEPEST:
        refuse_unstorable(value)
    return value


def whole_body(req: Request) -> bytes:
    """The whole body; raises 413, or 400 when the client has gone.

    Where its length is told, no more is asked for than that: to hear that nothing follows costs a wait for the server.
    """
    length, most, environ = req.content_length, req.max_content_length, req.environ
    if length is None or most is None or length > most or "wsgi.input_terminated" not in environ:
        return req.get_data()
    body = environ["wsgi.input"]
    try:
        raw: bytes = body.read(length)
        while len(raw) < length and (more := body.read(length - len(raw))):
            raw += more
    except (OSError, ValueError):
        raise ClientDisconnected from None
    environ["wsgi.input"] = BytesIO(raw)  # for whoever reads it again
    return raw


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
