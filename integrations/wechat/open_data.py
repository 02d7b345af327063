"""Open data that the client hands over: its signatures and its decryption under the login's session key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from integrations.inbound import json_object
from services.ports import BadNotice

_BLOCK = 16


def raw_data_signature(raw_data: str, session_key: str) -> str:
    """Hex SHA-1 over `rawData`, byte for byte as received, and the session key as its base64 text."""
    return hashlib.sha1((raw_data + session_key).encode(), usedforsecurity=False).hexdigest()


def login_state_signature(session_key: str, message: str = "") -> str:
    """Hex HMAC-SHA256 under the session key's base64 text, not decoded; `checksession` signs the empty string."""
    return hmac.new(session_key.encode(), message.encode(), hashlib.sha256).hexdigest()


def open_data(encrypted_data: str, iv: str, session_key: str, appid: str) -> dict[str, Any]:
    """Decrypt `encryptedData`; raises `BadNotice` when the key is stale, the data altered or meant for another app.

    The caller judges the age of `watermark.timestamp`. A `BadNotice` here usually means: log in again.
    """
    try:
        parts = [base64.b64decode(text, validate=True) for text in (encrypted_data, iv, session_key)]
        decryptor = Cipher(algorithms.AES128(parts[2]), modes.CBC(parts[1])).decryptor()
        plain = decryptor.update(parts[0]) + decryptor.finalize()
    except (ValueError, binascii.Error):
        raise BadNotice("open data is malformed") from None
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise BadNotice("open data does not decrypt under this session key")
    data = json_object(plain[:-pad])
    watermark = data.get("watermark")
    if not isinstance(watermark, dict) or watermark.get("appid") != appid:
        raise BadNotice("open data belongs to another app")
    return data
