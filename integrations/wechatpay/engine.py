"""wechatpayv3's engine with our own transport: our clock, our time-outs, one signed body, a checked reply.

wechatpayv3 keeps the paths and bodies of each call, the RSA signing and the AES-GCM decryption. Its own `request`
reads the system clock, opens a connection per call and verifies replies without looking at their age.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt, rsa_sign

from integrations.inbound import check_fresh
from integrations.transport import attempt, retry_after, timeouts
from integrations.wechatpay.signing import SCHEME, authorization, reply_text, request_text, verifies
from services.ports import BadNotice, OutsideError, Refused, Unknown, Unreachable

_PROBE = "WECHATPAY/SIGNTEST/"
_THROTTLED = frozenset({"FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "RATELIMIT_EXCEEDED", "RATE_LIMITED"})
_CHUNK = 64 * 1024
_FIELDS = ("timestamp", "nonce", "serial", "signature", "signature-type")


class GatewayEngine(Core):  # type: ignore[misc]  # the vendor carries no types
    """Signs, sends and checks; `request` returns (status, text) of a verified 2xx reply or raises `OutsideError`s."""

    def __init__(
        self,
        base_url: str,
        mchid: str,
        serial: str,
        private_key_pem: str,
        apiv3_key: str,
        public_key_id: str,
        public_key_pem: str,
        clock: Callable[[], datetime],
        timeout: float,
    ) -> None:
        super().__init__(
            mchid, serial, private_key_pem, apiv3_key, public_key=public_key_pem, public_key_id=public_key_id
        )
        self._gate_way = base_url.rstrip("/")
        self._clock = clock
        self._timeout = timeouts(timeout)
        self._session = requests.Session()

    def authorization(self, method: str, path: str, body: bytes, nonce: str | None = None) -> str:
        """The Authorization header of a request, dated by our clock."""
        timestamp, nonce = str(int(self._clock().timestamp())), nonce or secrets.token_hex(16).upper()
        signature = self.sign_text(request_text(method, path, timestamp, nonce, body).decode())
        return authorization(self._mchid, self._cert_serial_no, timestamp, nonce, signature)

    def sign_text(self, text: str) -> str:
        """Base64 RSA signature (PKCS#1 v1.5, SHA-256) with the merchant's key over exactly `text`."""
        return str(rsa_sign(self._private_key, text))

    def request(
        self,
        path: str,
        method: RequestType = RequestType.GET,
        data: dict[str, Any] | None = None,
        cipher_data: bool = False,
        **options: Any,
    ) -> tuple[int, str]:
        """Send one signed call. The bytes that are signed are the bytes that are sent.

        `cipher_data` asks that the key of the sealed fields be named, which every call of ours does.
        """
        if options:
            raise TypeError(f"not supported here: {sorted(options)}")
        body = json.dumps(data, ensure_ascii=False).encode() if data else b""
        what, response = self._send(method.value, path, body)
        try:
            self.check(response.headers, response.content)
        except BadNotice as error:
            failure = Unknown(f"{what}: reply not verified ({error})")
        else:
            return response.status_code, response.content.decode(errors="replace")
        raise failure

    def download(self, path: str, limit: int) -> bytes:
        """The bytes behind a signed GET, whose answer the gateway does not sign; `Refused` above `limit` bytes."""
        what, response = self._send("GET", path, b"", stream=True)
        with response:
            content = attempt(what, lambda: _bounded(response, limit))
        if len(content) > limit:
            raise Refused(f"{what}: more than {limit} bytes")
        return content

    def _send(self, method: str, path: str, body: bytes, stream: bool = False) -> tuple[str, requests.Response]:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "lintuan",
            "Wechatpay-Serial": self._public_key_id,
            "Authorization": self.authorization(method, path, body),
        }
        what = f"gateway {method} {path.partition('?')[0]}"
        response = attempt(
            what,
            lambda: self._session.request(
                method,
                self._gate_way + path,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=stream,
            ),
        )
        if not 200 <= response.status_code < 300:
            raise _failure(what, response)
        return what, response

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise `BadNotice` unless `body` is signed by the gateway's key, within five minutes. Never calls out."""
        given = {name.lower(): value for name, value in headers.items()}
        fields = [given.get(f"wechatpay-{name}", "") for name in _FIELDS]
        if missing := [name for name, value in zip(_FIELDS, fields, strict=True) if not value]:
            raise BadNotice(f"header Wechatpay-{missing[0].title()} is missing")
        timestamp, nonce, serial, signature, scheme = fields
        if signature.startswith(_PROBE):
            raise BadNotice("the gateway's own signature test", probe=True)
        check_fresh(timestamp, self._clock())
        if scheme != SCHEME or serial != self._public_key_id:
            raise BadNotice("signed with an unknown key or scheme")
        if not verifies(cast(RSAPublicKey, self._public_key), reply_text(timestamp, nonce, body), signature):
            raise BadNotice("signature does not match")

    def open_resource(self, resource: Mapping[str, Any]) -> str:
        """Decrypt a callback's resource; raises `BadNotice` when it is not ours or malformed."""
        parts = [resource.get(name) for name in ("nonce", "ciphertext", "associated_data")]
        nonce, ciphertext, associated = ("" if part is None else part for part in parts)
        try:
            plain = aes_decrypt(nonce, ciphertext, associated, self._apiv3_key)
        except (AttributeError, TypeError, ValueError):
            plain = None
        if not isinstance(plain, str):
            raise BadNotice("resource does not decrypt under our key")
        return plain


def _bounded(response: requests.Response, limit: int) -> bytes:
    """The body, or just more than `limit` bytes of it."""
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > limit:
            break
    return bytes(content)


def _failure(what: str, response: requests.Response) -> OutsideError:
    """Throttled means not done, 5xx means perhaps done, every other status is a no with the gateway's code."""
    status, code = response.status_code, _error_code(response)
    message = f"{what}: HTTP {status} {code}".rstrip()
    if status == requests.codes.too_many_requests or code in _THROTTLED:
        return Unreachable(message, code=code, retry_after=retry_after(response))
    if 400 <= status < 500:
        return Refused(message, code=code)
    return Unknown(message, code=code)


def _error_code(response: requests.Response) -> str:
    try:
        answer = response.json()
    except (ValueError, requests.RequestException):
        return ""
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and code.isascii() and len(code) <= 64 else ""
