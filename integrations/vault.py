"""Keys of the house: AES-256-GCM at rest, keyed hashes and signatures, each with a key of its own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = "v1."
_NONCE_BYTES = 12
_SIGNATURE_BYTES = 16


class KeyVault:
    """`services.ports.Vault` over two secrets: `pii_key` for what is stored, `secret_key` for what is signed."""

    def __init__(self, pii_key: str, secret_key: str) -> None:
        self._pii = pii_key.encode()
        self._secret = secret_key.encode()
        self._cipher = AESGCM(_derive(self._pii, "seal"))
        self._keys: dict[str, bytes] = {}

    def encrypt(self, text: str) -> str:
        """`text` sealed with a fresh nonce."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), _VERSION.encode())
        return _VERSION + urlsafe_b64encode(sealed).decode().rstrip("=")

    def decrypt(self, sealed: str) -> str:
        """What was sealed; raises ValueError when it was altered or sealed with another key."""
        if not sealed.startswith(_VERSION):
            raise ValueError("not sealed by this vault")
        body = sealed.removeprefix(_VERSION)
        try:
            raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _VERSION.encode()).decode()
        except (InvalidTag, ValueError):
            raise ValueError("not sealed by this vault") from None

    def digest(self, purpose: str, text: str) -> str:
        """A keyed hash, 64 hex characters, different for each purpose."""
        return hmac.new(self._key(self._pii, "digest:" + purpose), text.encode(), hashlib.sha256).hexdigest()

    def sign(self, purpose: str, text: str) -> str:
        """A signature over `text`, 22 URL-safe characters (128 bits)."""
        made = hmac.new(self._key(self._secret, "sign:" + purpose), text.encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made[:_SIGNATURE_BYTES]).decode().rstrip("=")

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes; nothing else of the house can be told from it."""
        return _derive(self._secret, "key:" + purpose)

    def _key(self, secret: bytes, purpose: str) -> bytes:
        if purpose not in self._keys:
            self._keys[purpose] = _derive(secret, purpose)
        return self._keys[purpose]


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"lintuan/" + purpose.encode()).derive(secret)
