"""The callback of a WeCom smart robot: JSON envelope, enterprise-owned, so the receiver's id is empty."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from integrations.inbound import check_fresh, json_object
from integrations.wechat.crypt import MessageCrypt
from integrations.wechat.envelopes import sealed_in_json


class AibotCallback:
    """Checks, opens and answers the robot's callbacks; `clock` gives aware UTC."""

    def __init__(self, token: str, encoding_aes_key: str, clock: Callable[[], datetime]) -> None:
        self._crypt = MessageCrypt(token, encoding_aes_key, "")
        self._clock = clock

    def check_url(self, query: Mapping[str, str]) -> str:
        """The plain text to answer to WeCom's address check (GET, within one second); raises `BadNotice`."""
        return self._open(query, query.get("echostr", ""))

    def read(self, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The message or event in a POST; raises `BadNotice`. Repeats carry the same `msgid`."""
        return json_object(self._open(query, sealed_in_json(body, "encrypt")))

    def seal(self, payload: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The encrypted answer to a callback; `nonce` is the one in the callback's address."""
        timestamp = int(self._clock().timestamp())
        sealed = self._crypt.seal(json.dumps(payload, ensure_ascii=False))
        return {
            "encrypt": sealed,
            "msgsignature": self._crypt.sign(str(timestamp), nonce, sealed),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def _open(self, query: Mapping[str, str], sealed: str) -> str:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._crypt.check(query.get("msg_signature", ""), timestamp, nonce, sealed)
        check_fresh(timestamp, self._clock())
        return self._crypt.open(sealed)
