"""What WeChat Pay signs, letter by letter: requests, replies and callbacks, and the payer's parameters.

Each text is a list of lines, every one of them ended by a newline. Source: WeChat Pay v3, signing rules.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def lines(*parts: bytes | str) -> bytes:
    """The parts as bytes, each followed by a newline."""
    return b"".join((part.encode(errors="replace") if isinstance(part, str) else part) + b"\n" for part in parts)


def request_text(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """What a request is signed over; `path` holds the query exactly as sent, `body` is empty for GET."""
    return lines(method, path, timestamp, nonce, body)


def reply_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    """What a reply or a callback is signed over, on the raw bytes of its body."""
    return lines(timestamp, nonce, body)


def payer_text(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What `wx.requestPayment`'s paySign is made over."""
    return lines(appid, timestamp, nonce, package)


def authorization(mchid: str, serial: str, timestamp: str, nonce: str, signature: str) -> str:
    """The Authorization header of a request."""
    return (
        f'{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{timestamp}",serial_no="{serial}"'
    )


def verifies(public_key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """Whether base64 `signature` is good for `text`; anything malformed is simply not good."""
    try:
        public_key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
