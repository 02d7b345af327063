"""Open data as the client gets it: AES-128-CBC under the key of the phone's newest login, with its watermark."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from sandbox.context import Sandbox


def newest_key(box: Sandbox, openid: str) -> str:
    """The session key of the phone's newest login code, exchanged or not; "" for a phone that never logged in."""
    row = box.store.one(
        "SELECT k.session_key FROM wxa_login_keys k JOIN codes c ON c.code = k.code WHERE c.openid = ?"
        " ORDER BY k.rowid DESC LIMIT 1",
        openid,
    )
    return "" if row is None else str(row["session_key"])


def sealed(box: Sandbox, key: str, data: dict[str, Any]) -> tuple[str, str]:
    """(encryptedData, iv), both base64."""
    mark = {"timestamp": box.clock.timestamp(), "appid": box.credentials.words.wxa_appid}
    padder, iv = PKCS7(128).padder(), secrets.token_bytes(16)
    plain = padder.update(json.dumps(data | {"watermark": mark}).encode()) + padder.finalize()
    cipher = Cipher(algorithms.AES128(base64.b64decode(key)), modes.CBC(iv)).encryptor()
    content = cipher.update(plain) + cipher.finalize()
    return base64.b64encode(content).decode(), base64.b64encode(iv).decode()
