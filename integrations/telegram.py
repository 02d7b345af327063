"""Telegram's bot API: what its webhook brings, and messages that can be changed at any time.

The token is part of every address, so no error, log line or exception of ours holds an address.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import requests

from integrations.inbound import json_object
from integrations.transport import attempt, timeouts
from services.ports import (
    BadNotice,
    ChatAddress,
    ChatGone,
    ChatMoved,
    OutsideError,
    Refused,
    Unknown,
    Unreachable,
)

_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header, not what it holds
_UNCHANGED = "message is not modified"
_NO_CHAT = "chat not found"


class Telegram:
    """Sends by a bot's token and checks what comes by the secret its webhook was set up with."""

    kind = "telegram"

    def __init__(self, base_url: str, token: str, hook_secret: str, timeout: float = 8.0) -> None:
        self._url = f"{base_url.rstrip('/')}/bot{token}/"
        self._secret = hook_secret.encode()
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message (`payload` is sendMessage's without its chat) and return its id; `key` is of no use."""
        result = self._call("sendMessage", {"chat_id": address.chat_id, **payload})
        message_id = result.get("message_id") if isinstance(result, dict) else None
        if type(message_id) is not int:
            raise Unknown("telegram: the answer lacks message_id")
        return str(message_id)

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """Replace text and keyboard of a message sent earlier; content when it shows them already."""
        if not (remote_id.isascii() and remote_id.isdigit()):
            raise Refused("telegram: no message has such an id")
        try:
            self._call("editMessageText", {"chat_id": address.chat_id, "message_id": int(remote_id), **payload})
        except Refused as refusal:
            if refusal.code != _UNCHANGED:
                raise

    def read(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The update in a webhook call; raises `BadNotice` when the secret does not fit or it is malformed."""
        given = {name.lower(): value for name, value in headers.items()}
        secret = given.get(_SECRET_HEADER, "").encode(errors="replace")
        if not self._secret or not hmac.compare_digest(secret, self._secret):
            raise BadNotice("secret token does not match")
        return json_object(body)

    def _call(self, method: str, content: dict[str, Any]) -> Any:
        response = attempt(
            "telegram",
            lambda: self._session.post(self._url + method, json=content, timeout=self._timeout, allow_redirects=False),
        )
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or response.is_redirect:
            answer = {}
        if response.ok and answer.get("ok") is True:
            return answer.get("result")
        raise _failure(response.status_code, answer)


def _failure(status: int, answer: dict[str, Any]) -> OutsideError:
    """Read a refusal; what the platform writes is repeated only where we know its words."""
    message, code = f"telegram: error {status}", str(status)
    told, words = answer.get("parameters"), str(answer.get("description") or "").lower()
    parameters = told if isinstance(told, dict) else {}
    moved, pause = parameters.get("migrate_to_chat_id"), parameters.get("retry_after")
    if status == 429:
        return Unreachable(message, code=code, retry_after=pause if type(pause) is int and pause > 0 else 0)
    if status == 401:
        return Unreachable(message, code=code)
    if status == 400 and type(moved) is int:
        return ChatMoved(message, str(moved))
    if status == 403 or (status == 400 and _NO_CHAT in words):
        return ChatGone(message, code=code)
    if status == 400 and _UNCHANGED in words:
        return Refused(message, code=_UNCHANGED)
    return Refused(message, code=code) if 400 <= status < 500 else Unknown(message, code=code)
