"""The message encryption (WXBizMsgCrypt) that mini-program push and WeCom robots share.

AES-256-CBC, key = base64(EncodingAESKey + "="), iv = key[:16], PKCS#7 to blocks of 32; the plaintext is 16 random
bytes, the length as four big-endian bytes, the message and the receiver's id. Source: WeChat's page on message push
and WeCom's page on callback encryption.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from services.ports import BadNotice

_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4


def signature(*parts: str) -> str:
    """Hex SHA-1 over the sorted parts (token, timestamp, nonce and, for encrypted bodies, the ciphertext)."""
    return hashlib.sha1("".join(sorted(parts)).encode(errors="replace"), usedforsecurity=False).hexdigest()


class MessageCrypt:
    """Signs, seals and opens messages of one receiver.

    `receive_id` is the mini-program's appid, or "" for a WeCom robot that the enterprise owns.
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = base64.b64decode(encoding_aes_key + "=")
        if len(self._key) != _BLOCK:
            raise ValueError("EncodingAESKey must be 43 characters of base64")
        self._receive_id = receive_id.encode()

    def sign(self, timestamp: str, nonce: str, sealed: str | None = None) -> str:
        """The signature over token, timestamp, nonce and, where given, the sealed text."""
        return signature(self._token, timestamp, nonce, *([] if sealed is None else [sealed]))

    def check(self, given: str, timestamp: str, nonce: str, sealed: str | None = None) -> None:
        """Raise `BadNotice` unless `given` is the right signature (compared in constant time)."""
        if not hmac.compare_digest(given.encode(errors="replace"), self.sign(timestamp, nonce, sealed).encode()):
            raise BadNotice("message signature does not match")

    def seal(self, message: str, random: bytes | None = None) -> str:
        """Encrypt `message` to base64; `random` is for published vectors only."""
        body = message.encode()
        plain = (random or secrets.token_bytes(_RANDOM)) + len(body).to_bytes(4, "big") + body + self._receive_id
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt base64 `sealed`; raises `BadNotice` for a foreign receiver or anything malformed."""
        try:
            cipher = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            plain = _unpad(decryptor.update(cipher) + decryptor.finalize())
            end = _HEAD + int.from_bytes(plain[_RANDOM:_HEAD], "big")
            message = plain[_HEAD:end].decode()
        except (ValueError, binascii.Error):
            raise BadNotice("encrypted message is malformed") from None
        if end > len(plain) or not hmac.compare_digest(plain[end:], self._receive_id):
            raise BadNotice("encrypted message is for another receiver")
        return message

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _unpad(plain: bytes) -> bytes:
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad or len(plain) - pad < _HEAD:
        raise ValueError("bad padding")
    return plain[:-pad]
