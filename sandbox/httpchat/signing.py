"""The two chats that speak signed JSON, and their signature."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from sandbox.context import Sandbox, current

SKEW_SECONDS = 300
BRIDGE_NAME = "bridge"


@dataclass(frozen=True)
class Way:
    """One of the two: where the product hears it, and how many messages a chat takes in a minute."""

    path: str
    a_minute: int


WAYS = {"sandbox": Way("/hooks/sandbox-chat", 600), "http": Way(f"/hooks/chat/{BRIDGE_NAME}", 60)}


def secret(box: Sandbox, kind: str) -> str:
    """What both sides of this kind know."""
    words = box.credentials.words
    return words.sandbox_chat_secret if kind == "sandbox" else words.http_chat_secret


def sign(key: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the hex HMAC over timestamp, a dot and the raw body."""
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(box: Sandbox, kind: str, body: bytes) -> dict[str, str]:
    """What goes with a body on its way to the product."""
    timestamp = str(box.clock.timestamp())
    signature = sign(secret(box, kind), timestamp, body)
    return {"Content-Type": "application/json", "X-Timestamp": timestamp, "X-Signature": signature}


def signed_body(kind: str) -> dict[str, Any]:
    """The product's body; 401 when it is unsigned or more than five minutes old, 400 when it is no object."""
    box, raw, timestamp = current(), request.get_data(), request.headers.get("X-Timestamp", "")
    given = request.headers.get("X-Signature", "").encode()
    if not hmac.compare_digest(sign(secret(box, kind), timestamp, raw).encode(), given):
        abort(401, "bad signature")
    if not timestamp.isdecimal() or abs(int(timestamp) - box.clock.timestamp()) > SKEW_SECONDS:
        abort(401, "stale timestamp")
    body = request.get_json(force=True)
    if not isinstance(body, dict):
        abort(400, "not an object")
    return body
