"""The sandbox's own chat channel for tests: signed JSON both ways, messages that can be changed at any time.

It is refused in production and imitates no real platform.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from integrations.inbound import check_fresh, json_object
from integrations.transport import attempt, retry_after, timeouts
from services.ports import BadNotice, ChatAddress, ChatGone, OutsideError, Refused, Unknown, Unreachable


class SandboxChat:
    """Sends to and hears from the sandbox; `clock` gives aware UTC."""

    kind = "sandbox"

    def __init__(self, base_url: str, secret: str, clock: Callable[[], datetime], timeout: float = 5.0) -> None:
        self._url = base_url.rstrip("/") + "/sandbox-chat/messages"
        self._secret = secret.encode()
        self._clock = clock
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message and return its id; the same `key` again sends nothing new."""
        answer = self._call("POST", "", {"chat_id": address.chat_id, "payload": payload, "key": key}, gone=ChatGone)
        message_id = answer.get("message_id")
        if not isinstance(message_id, str) or not message_id:
            raise Unknown("sandbox chat: the answer lacks message_id")
        return message_id

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace a message sent earlier."""
        self._call("PATCH", "/" + quote(remote_id, safe=""), {"payload": payload}, gone=Refused)

    def read(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """A signed inbound body; raises `BadNotice` when unsigned, stale or malformed."""
        given = {name.lower(): value for name, value in headers.items()}
        timestamp = given.get("x-timestamp", "")
        signature = given.get("x-signature", "").encode(errors="replace")
        if not hmac.compare_digest(signature, self.sign(timestamp, body).encode()):
            raise BadNotice("signature does not match")
        check_fresh(timestamp, self._clock())
        return json_object(body)

    def sign(self, timestamp: str, body: bytes) -> str:
        """The X-Signature of a body sent at `timestamp` (Unix seconds as text)."""
        text = timestamp.encode(errors="replace") + b"." + body
        return "sha256=" + hmac.new(self._secret, text, hashlib.sha256).hexdigest()

    def _call(self, method: str, path: str, content: dict[str, Any], *, gone: type[Refused]) -> dict[str, Any]:
        """Send one signed call; `gone` is what a 404 means."""
        body = json.dumps(content, ensure_ascii=False).encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": self.sign(timestamp, body),
        }
        response = attempt(
            "sandbox chat",
            lambda: self._session.request(
                method, self._url + path, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ),
        )
        if not response.ok or response.is_redirect:
            raise _failure(response, gone)
        try:
            answer = response.json() if response.content else {}
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unknown("sandbox chat: the answer is not a JSON object")
        return answer


def _failure(response: requests.Response, gone: type[Refused]) -> OutsideError:
    status = response.status_code
    message = f"sandbox chat: HTTP {status}"
    if status in (404, 410):
        return gone(message)
    if status == 429:
        return Unreachable(message, retry_after=retry_after(response))
    return Refused(message) if 400 <= status < 500 else Unknown(message)
