"""Reading the mini-program's message push: JSON format, safe mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from integrations.inbound import check_fresh, json_object
from integrations.wechat.crypt import MessageCrypt
from integrations.wechat.envelopes import sealed_in_json


class MessagePush:
    """Checks and opens what WeChat posts to our push address; `clock` gives aware UTC."""

    def __init__(self, token: str, encoding_aes_key: str, appid: str, clock: Callable[[], datetime]) -> None:
        self._crypt = MessageCrypt(token, encoding_aes_key, appid)
        self._clock = clock

    def check_url(self, query: Mapping[str, str]) -> str:
        """The text to answer to the console's address check (GET); raises `BadNotice`."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        self._crypt.check(query.get("signature", ""), timestamp, nonce)
        check_fresh(timestamp, self._clock())
        return query.get("echostr", "")

    def read(self, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The message in a POST; raises `BadNotice` when unsigned, stale, foreign or malformed.

        Repeats carry the same `MsgId`, or for events the same sender, time and event: the caller de-duplicates.
        """
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        sealed = sealed_in_json(body, "Encrypt")
        self._crypt.check(query.get("msg_signature", ""), timestamp, nonce, sealed)
        check_fresh(timestamp, self._clock())
        return json_object(self._crypt.open(sealed))

    def reply(self, message: str, timestamp: int, nonce: str, random: bytes | None = None) -> dict[str, Any]:
        """An encrypted answer (most pushes want only `success`); `random` is for published vectors only."""
        sealed = self._crypt.seal(message, random)
        return {
            "Encrypt": sealed,
            "MsgSignature": self._crypt.sign(str(timestamp), nonce, sealed),
            "TimeStamp": timestamp,
            "Nonce": nonce,
        }
