"""Requests as the bytes that go over the wire, made before the time is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def get(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A GET that keeps its connection."""
    return _head("GET", path, headers or {}, 0)


def post(path: str, body: Any, headers: Mapping[str, str]) -> bytes:
    """A POST of a JSON value, or of bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    return _head("POST", path, {"Content-Type": "application/json", **headers}, len(content)) + content


def bearer(token: str, key: str = "") -> dict[str, str]:
    """The headers of somebody's request, with an idempotency key if it needs one."""
    headers = {"Authorization": f"Bearer {token}"}
    return {**headers, "Idempotency-Key": key} if key else headers


def _head(method: str, path: str, headers: Mapping[str, str], length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if length:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
