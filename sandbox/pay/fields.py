"""Reads the fields of a gateway request; what does not fit is refused by name."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from flask import request

from sandbox.context import current
from sandbox.pay.errors import PayError, bad_field


def body() -> dict[str, Any]:
    """The request's JSON object."""
    try:
        content = json.loads(request.get_data())
    except ValueError:
        raise PayError(400, "PARAM_ERROR", "请求体不是合法的 JSON") from None
    if not isinstance(content, dict):
        raise PayError(400, "PARAM_ERROR", "请求体不是合法的 JSON")
    return content


def parameters_hash(content: dict[str, Any]) -> str:
    """Tells a repeated request from one that changed."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def text(content: dict[str, Any], field: str, longest: int, *, pattern: str = r"(?s).+") -> str:
    """A required text of at most `longest` characters that fits `pattern`."""
    value = content.get(field)
    if not isinstance(value, str) or len(value) > longest or not re.fullmatch(pattern, value):
        raise bad_field(field)
    return value


def optional_text(content: dict[str, Any], field: str, longest: int) -> str:
    """An optional text; "" when absent."""
    return text(content, field, longest) if content.get(field) is not None else ""


def fen(content: dict[str, Any], field: str) -> int:
    """A required amount inside `amount`: a whole JSON number of at least 1, in CNY."""
    amount = content.get("amount")
    value = amount.get(field) if isinstance(amount, dict) else None
    if type(value) is not int or not 1 <= value < 2**53:
        raise bad_field(f"amount.{field}")
    if isinstance(amount, dict) and amount.get("currency", "CNY") != "CNY":
        raise bad_field("amount.currency")
    return value


def notify_url(content: dict[str, Any], *, required: bool) -> str:
    """A full address without a query; the real gateway wants https, loopback is plain."""
    if not required and content.get("notify_url") is None:
        return ""
    return text(content, "notify_url", 255, pattern=r"https?://[^\s?#]+")


def moment(content: dict[str, Any], field: str) -> int | None:
    """An optional RFC 3339 moment in seconds since 1970."""
    if content.get(field) is None:
        return None
    try:
        parsed = datetime.fromisoformat(text(content, field, 64))
    except ValueError:
        raise bad_field(field) from None
    if parsed.tzinfo is None:
        raise bad_field(field)
    return int(parsed.timestamp())


def require_merchant(mchid: object) -> None:
    """Raise unless `mchid` is ours."""
    if mchid != current().credentials.words.mchid:
        raise bad_field("mchid")
