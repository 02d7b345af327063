"""Reading what a platform sent: every field checked, anything odd refused as malformed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chat.inbox import key_of
from services.ports import BadNotice

LONGEST_ID = 128


def text_of(message: Mapping[str, Any], name: str) -> str:
    """The text under `name`, "" when there is none; raises `BadNotice` for another type."""
    value = message.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadNotice(f"{name} is not text")
    return value


def id_of(message: Mapping[str, Any], name: str) -> str:
    """An identifier: text or number, not empty, of a length that fits; raises `BadNotice`."""
    value = message.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise BadNotice(f"{name} is missing or no identifier")
    return value


def part_of(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under `name`; raises `BadNotice`."""
    value = message.get(name)
    if not isinstance(value, dict):
        raise BadNotice(f"{name} is not an object")
    return value


def event_key(message: Mapping[str, Any], id_name: str, *parts: object) -> str:
    """The platform's own message id, else a hash of what makes an event unrepeatable."""
    value = message.get(id_name)
    if isinstance(value, int | str) and not isinstance(value, bool) and 0 < len(str(value)) <= LONGEST_ID:
        return str(value)
    return key_of(*parts)


def action_of(key: str) -> tuple[str, str]:
    """`join:cmp_…` -> action and subject."""
    action, _, subject = key.partition(":")
    return action, subject[:LONGEST_ID]


def units_of(chosen: object) -> int:
    """The quantity a selector stood at: 1 to 99, 1 for anything else."""
    text = chosen if isinstance(chosen, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) else 1
