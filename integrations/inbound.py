"""The first questions asked of everything that arrives from outside: is it fresh, is it one clean JSON object."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any

from services.ports import BadNotice

FRESH_SECONDS = 300
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def check_fresh(timestamp: str, now: datetime) -> None:
    """Raise `BadNotice` unless `timestamp` (Unix seconds as text) lies within 300 s of `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadNotice("timestamp is not a number")
    if abs(now.timestamp() - int(timestamp)) > FRESH_SECONDS:
        raise BadNotice("timestamp is more than five minutes off")


def json_object(text: bytes | str) -> dict[str, Any]:
    """Parse one JSON object; raises `BadNotice` for anything else.

    Characters that no database column and no UTF-8 answer can hold (NUL, lone surrogates) become U+FFFD. They are
    looked for only where they can be: each stands there as itself or is written as an escape.
    """
    try:
        told = text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass")
        value = _STRICT.decode(told)
        if not isinstance(value, dict):
            raise BadNotice("message is not a JSON object")
        return _storable(value) if _ESCAPED.search(told) or _UNSTORABLE.search(told) else value
    except (ValueError, RecursionError):
        raise BadNotice("message is not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("number is out of range")
    return value


_STRICT = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
