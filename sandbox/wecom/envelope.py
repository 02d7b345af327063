"""The platform's own side of the callback encryption (AES-256-CBC envelope with a SHA-1 signature)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BrokenEnvelope(Exception):
    """The other side's envelope cannot be verified or opened."""


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Envelope:
    """One pair of Token and EncodingAESKey (43 characters), and the receive id written into each message.

    `receive_id` is "" for an enterprise's smart robot and the app id for a mini-program's message push.
    """

    token: str
    aes_key: str
    receive_id: str = ""

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Hex SHA-1 over the four sorted strings."""
        return _sha1("".join(sorted([self.token, timestamp, nonce, encrypted])))

    def seal(self, plain: str) -> str:
        """Encrypt `plain`: 16 random bytes, big-endian length, message, receive id, PKCS#7 to 32 bytes; base64."""
        message = plain.encode()
        body = os.urandom(16) + struct.pack(">I", len(message)) + message + self.receive_id.encode()
        pad = BLOCK - len(body) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(body + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> str:
        """Decrypt what `seal` made; raises `BrokenEnvelope`."""
        try:
            decryptor = self._cipher().decryptor()
            body = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
            pad = body[-1]
            if not 1 <= pad <= BLOCK or body[-pad:] != bytes([pad]) * pad:
                raise BrokenEnvelope("bad padding")
            content = body[16:-pad]
            (length,) = struct.unpack(">I", content[:4])
            message, receive_id = content[4 : 4 + length], content[4 + length :]
            if receive_id.decode() != self.receive_id:
                raise BrokenEnvelope("wrong receive id")
            return message.decode()
        except (ValueError, IndexError, struct.error) as error:
            raise BrokenEnvelope(str(error)) from error

    def verify(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        """Raise `BrokenEnvelope` unless `signature` fits."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypted).encode(), signature.encode()):
            raise BrokenEnvelope("signature does not fit")
