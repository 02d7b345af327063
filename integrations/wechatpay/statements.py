"""Fetching a day's bill: ask for it, download it unsigned, unzip it within bounds, compare its hash, read it."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.wechatpay.engine import GatewayEngine
from integrations.wechatpay.replies import reply
from services.ports import Refused, Unknown, Unreachable

_ZIPPED_BYTES = 32 * 1024 * 1024
_PLAIN_BYTES = 128 * 1024 * 1024
_ADDRESS = re.compile(r"https?://[!-.0-~]+(/v3/[!-~]+)")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Statement:
    """A downloaded bill: the unzipped bytes, and whether they have the hash that the gateway announced."""

    content: bytes
    hash_matches: bool

    @property
    def sha256(self) -> str:
        """The hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def fetch(engine: GatewayEngine, ask: Callable[[], tuple[int, str]]) -> Statement | None:
    """The bill that `ask` applies for; None when nothing happened that day.

    Raises `Unreachable` while the gateway is writing it. A file that does not unzip is kept as it came.
    """
    try:
        told = reply(ask())
    except Refused as error:
        if error.code == "NO_STATEMENT_EXIST":
            return None
        if error.code == "STATEMENT_CREATING":
            raise Unreachable(str(error), code=error.code) from None
        raise
    content = _unzipped(engine.download(_path(told), _ZIPPED_BYTES))
    # The gateway's choice of hash; it guards against a spoilt file, the connection against a forged one.
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    announced = told.get("hash_value")
    matches = told.get("hash_type") == "SHA1" and isinstance(announced, str) and announced.lower() == digest
    return Statement(content, matches)


def _path(told: dict[str, Any]) -> str:
    """Path and query of the download address; the host stays the one we know, so our signature goes nowhere else."""
    found = _ADDRESS.fullmatch(str(told.get("download_url")))
    if not found:
        raise Unknown("gateway bill: the reply lacks a download address")
    return found[1]


def _unzipped(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    unzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unzip.decompress(content, _PLAIN_BYTES)
    except zlib.error:
        return content
    if unzip.unconsumed_tail:
        raise Refused(f"gateway bill: more than {_PLAIN_BYTES} bytes")
    return plain if unzip.eof else content
