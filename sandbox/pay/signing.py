"""The gateway's cryptography: RSA signatures over lines of text and AES-256-GCM resources."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM = "WECHATPAY2-SHA256-RSA2048"


def message(*lines: str | bytes) -> bytes:
    """What is signed: every line ends with a line feed, the last one too."""
    return b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)


def sign(key: RSAPrivateKey, content: bytes) -> str:
    """Base64 of the RSASSA-PKCS1-v1_5 SHA-256 signature."""
    return base64.b64encode(key.sign(content, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, content: bytes, signature: str) -> bool:
    """Whether `signature` (base64) fits; anything that is not a signature does not."""
    try:
        key.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Signer:
    """Makes the five headers that a reply or a notice carries."""

    key: RSAPrivateKey
    serial: str

    def headers(self, body: bytes, timestamp: int) -> dict[str, str]:
        """`body` is signed as sent, empty for a 204; `timestamp` in seconds."""
        nonce = secrets.token_hex(16)
        return {
            "Wechatpay-Timestamp": str(timestamp),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.serial,
            "Wechatpay-Signature": sign(self.key, message(str(timestamp), nonce, body)),
            "Wechatpay-Signature-Type": ALGORITHM,
        }


def sealed(apiv3_key: str, content: bytes, original_type: str) -> dict[str, str]:
    """A notice's `resource`: `content` under AES-256-GCM with the merchant's APIv3 key."""
    nonce, associated = secrets.token_hex(6), original_type
    ciphertext = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), content, associated.encode())
    return {
        "original_type": original_type,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(ciphertext).decode(),
        "associated_data": associated,
        "nonce": nonce,
    }
