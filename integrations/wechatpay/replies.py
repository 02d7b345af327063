"""From a verified reply to one of our values: it is a JSON object, it is about us, and every field is understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from integrations.inbound import json_object
from integrations.wechatpay import shapes
from services.ports import BadNotice, Refused, Unknown

_NUMBER = re.compile(r"[0-9A-Za-z_-]{6,64}")  # path arguments are not encoded by wechatpayv3

T = TypeVar("T")


def reply(answer: tuple[int, str]) -> dict[str, Any]:
    """The JSON object of a verified reply; raises `Unknown`."""
    try:
        return json_object(answer[1])
    except BadNotice:
        failure = Unknown("gateway: the reply is not a JSON object")
    raise failure


def owned(data: dict[str, Any], owner: dict[str, str], read: Callable[[dict[str, Any]], T]) -> T:
    """What `read` makes of `data` that names each of `owner`'s fields; raises `shapes.BadShape`."""
    shapes.check_owner(data, **owner)
    return read(data)


def understood(what: str, read: Callable[[], T]) -> T:
    """A verified reply that we cannot read leaves the fate of the call unknown."""
    try:
        return read()
    except shapes.BadShape as error:
        raise Unknown(f"gateway {what}: {error}") from None


def number(value: str) -> str:
    """An order or refund number that is safe in a path; raises `Refused`."""
    if not _NUMBER.fullmatch(value):
        raise Refused("an order or refund number holds letters, digits, _ and - only")
    return value
