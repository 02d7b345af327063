"""The smart robot's late word: one plain answer to a callback's `response_url`, within the hour."""

from __future__ import annotations

from typing import Any

import requests

from integrations.transport import attempt, timeouts
from integrations.wecom.webhook import read_failure
from services.ports import Refused


class ResponseUrl:
    """Posts answers that came too late for the callback itself; the address is a secret and stays out of errors."""

    def __init__(self, base_url: str, timeout: float = 8.0) -> None:
        self._start = base_url.rstrip("/") + "/cgi-bin/aibot/response?"
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def answer(self, address: str, payload: dict[str, Any]) -> None:
        """Send `payload` (markdown, or a card in a single chat); raises `OutsideError`s, `Refused` for a strange
        address or one that was used or is older than an hour.
        """
        if not address.startswith(self._start):
            raise Refused("wecom response: no address of the platform")
        response = attempt(
            "wecom response",
            lambda: self._session.post(address, json=payload, timeout=self._timeout, allow_redirects=False),
        )
        if (failure := read_failure(response, "wecom response")) is not None:
            raise failure
