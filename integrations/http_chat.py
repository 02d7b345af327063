"""Chat by signed JSON over HTTP, both ways: any bridge that keeps to it may speak for a chat.

A body is signed with `sha256=hex(hmac(secret, timestamp + "." + body))`. The sandbox's test channel is this channel
with messages that can be changed; it is refused in production.
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


class HttpChat:
    """Sends to and hears from one bridge; `clock` gives aware UTC, `url` is where its messages are posted."""

    def __init__(
        self, url: str, secret: str, clock: Callable[[], datetime], *, kind: str = "http", timeout: float = 5.0
    ) -> None:
        self.kind = kind
        self._url = url.rstrip("/")
        self._secret = secret.encode()
        self._clock = clock
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message and return its id; the same `key` again sends nothing new."""
        content = {"chat_id": address.chat_id, "payload": payload, "key": key}
        answer = self._call("POST", "", content, gone=ChatGone, key=key)
        message_id = answer.get("message_id")
        if not isinstance(message_id, str) or not message_id:
            raise Unknown(f"{self.kind} chat: the answer lacks message_id")
        return message_id

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """A bridge cannot change what it sent: always `Refused`."""
        raise Refused(f"{self.kind} chat: a sent message cannot be changed")

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

    def _call(
        self, method: str, path: str, content: dict[str, Any], *, gone: type[Refused], key: str = ""
    ) -> dict[str, Any]:
        """Send one signed call; `gone` is what a 404 means."""
        body = json.dumps(content, ensure_ascii=False).encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": self.sign(timestamp, body),
            **({"Idempotency-Key": key} if key else {}),
        }
        response = attempt(
            f"{self.kind} chat",
            lambda: self._session.request(
                method, self._url + path, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ),
        )
        if not response.ok or response.is_redirect:
            raise self._failure(response, gone)
        try:
            answer = response.json() if response.content else {}
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unknown(f"{self.kind} chat: the answer is not a JSON object")
        return answer

    def _failure(self, response: requests.Response, gone: type[Refused]) -> OutsideError:
        status = response.status_code
        message = f"{self.kind} chat: HTTP {status}"
        if status in (404, 410):
            return gone(message)
        if status == 429:
            return Unreachable(message, retry_after=retry_after(response))
        return Refused(message) if 400 <= status < 500 else Unknown(message)


class SandboxChat(HttpChat):
    """The sandbox's test channel: the same, and its messages can be changed at any time."""

    def __init__(self, base_url: str, secret: str, clock: Callable[[], datetime], timeout: float = 5.0) -> None:
        super().__init__(
            base_url.rstrip("/") + "/sandbox-chat/messages", secret, clock, kind="sandbox", timeout=timeout
        )

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace a message sent earlier."""
        self._call("PATCH", "/" + quote(remote_id, safe=""), {"payload": payload}, gone=Refused)
