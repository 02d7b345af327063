"""Speaking into a WeCom group through its webhook: no answer but an error code, no edit, no message id."""

from __future__ import annotations

from typing import Any

import requests

from integrations.transport import attempt, timeouts
from services.ports import ChatAddress, ChatGone, OutsideError, Refused, Unknown, Unreachable

_GONE = frozenset({93000, 93004, 93008})
_TOO_OFTEN = 45009
_COOL_DOWN_SECONDS = 60
_BUSY = frozenset({-1, 45033})


class WecomWebhook:
    """Pushes by `ChatAddress.push_secret`, the webhook's key, which appears in no error and no log line."""

    kind = "wecom"

    def __init__(self, base_url: str, timeout: float = 8.0) -> None:
        self._url = base_url.rstrip("/") + "/cgi-bin/webhook/send"
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def push(self, address: ChatAddress, payload: dict[str, Any], key: str) -> str:
        """Send one message (`payload` is the webhook's body); WeCom tells no message id, so the answer is ""."""
        response = attempt(
            "wecom webhook",
            lambda: self._session.post(
                self._url,
                params={"key": address.push_secret},
                json=payload,
                timeout=self._timeout,
                allow_redirects=False,
            ),
        )
        if (failure := read_failure(response, "wecom webhook")) is not None:
            raise failure
        return ""

    def edit(self, address: ChatAddress, remote_id: str, payload: dict[str, Any]) -> None:
        """WeCom changes a card only in the answer to a click on it: always `Refused`."""
        raise Refused("wecom webhook: a sent message cannot be changed")


def read_failure(response: requests.Response, what: str) -> OutsideError | None:
    """What an answer of the platform's robot addresses means; None for success."""
    status = response.status_code
    if status != requests.codes.ok:
        kind = Unreachable if status == 429 else Refused if 400 <= status < 500 else Unknown
        return kind(f"{what}: HTTP {status}")
    try:
        errcode = response.json()["errcode"]
    except (ValueError, LookupError, TypeError):
        return Unknown(f"{what}: the answer holds no errcode")
    if errcode == 0:
        return None
    message, code = f"{what}: error {errcode}", str(errcode)
    if errcode in _GONE:
        return ChatGone(message, code=code)
    if errcode == _TOO_OFTEN:
        return Unreachable(message, code=code, retry_after=_COOL_DOWN_SECONDS)
    return Unreachable(message, code=code) if errcode in _BUSY else Refused(message, code=code)
