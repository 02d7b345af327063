"""A merchant of the pretend gateway for tests: signs requests itself and collects the notices it is sent."""

from __future__ import annotations

import base64
import json
import queue
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from flask import Flask
from werkzeug.test import TestResponse


class Merchant:
    """Speaks to the sandbox `app` as its merchant, with the settings from `product.env`."""

    def __init__(self, app: Flask, folder: Path, notify_url: str = "http://127.0.0.1:9/none") -> None:
        self.http = app.test_client()
        lines = (folder / "product.env").read_text().splitlines()
        self.env = dict(line.split("=", 1) for line in lines)
        key = Path(self.env["LINTUAN_PAY_PRIVATE_KEY_FILE"]).read_bytes()
        self.key = cast(RSAPrivateKey, load_pem_private_key(key, None, unsafe_skip_rsa_key_validation=True))
        public = Path(self.env["LINTUAN_PAY_PUBLIC_KEY_FILE"]).read_bytes()
        self.platform = cast(RSAPublicKey, load_pem_public_key(public))
        self.appid, self.mchid = self.env["LINTUAN_WXA_APPID"], self.env["LINTUAN_PAY_MCHID"]
        self.notify_url = notify_url

    def sign(self, *lines: str) -> str:
        content = "".join(f"{line}\n" for line in lines).encode()
        return base64.b64encode(self.key.sign(content, PKCS1v15(), SHA256())).decode()

    def authorization(self, method: str, path: str, body: str, **other: str) -> str:
        timestamp, nonce = other.get("timestamp", str(int(time.time()))), secrets.token_hex(8)
        fields = {
            "mchid": self.mchid,
            "nonce_str": nonce,
            "timestamp": timestamp,
            "serial_no": self.env["LINTUAN_PAY_SERIAL"],
            "signature": self.sign(method, path, timestamp, nonce, body),
        } | other
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in fields.items())

    def ask(self, method: str, path: str, content: dict[str, Any] | None = None, **other: str) -> TestResponse:
        body = "" if content is None else json.dumps(content)
        headers = {"Authorization": self.authorization(method, path, body, **other)}
        return self.http.application.test_client().open(path, method=method, data=body, headers=headers)

    def control(self, path: str, content: dict[str, Any] | None = None) -> Any:
        """GET a control address, or POST `content` to it; the JSON of a 200."""
        url = f"/control/{path}"
        answer = self.http.get(url) if content is None else self.http.post(url, json=content)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def order(self, number: str, total: int = 1000, **other: Any) -> TestResponse:
        person = self.control("people", {"name": "王阿姨"})
        wish = {
            "appid": self.appid,
            "mchid": self.mchid,
            "description": "草莓 2 盒",
            "out_trade_no": number,
            "notify_url": self.notify_url,
            "amount": {"total": total, "currency": "CNY"},
            "payer": {"openid": person["openid"]},
        }
        return self.ask("POST", "/v3/pay/transactions/jsapi", wish | other)

    def query(self, number: str) -> TestResponse:
        return self.ask("GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.mchid}")

    def close(self, number: str) -> TestResponse:
        return self.ask("POST", f"/v3/pay/transactions/out-trade-no/{number}/close", {"mchid": self.mchid})

    def pay(self, prepay_id: str, **options: Any) -> TestResponse:
        client = self.http.application.test_client()
        return client.post("/control/pay", json={"prepay_id": prepay_id, "person": "王阿姨", **options})

    def paid(self, number: str, total: int = 1000, **options: Any) -> dict[str, Any]:
        answer = self.pay(self.order(number, total).get_json()["prepay_id"], **options)
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.get_json()
        return receipt

    def refund(self, number: str, trade: str, fen: int, total: int = 1000, **other: Any) -> TestResponse:
        wish = {
            "out_trade_no": trade,
            "out_refund_no": number,
            "reason": "未成团",
            "notify_url": self.notify_url,
            "amount": {"refund": fen, "total": total, "currency": "CNY"},
        }
        return self.ask("POST", "/v3/refund/domestic/refunds", wish | other)

    def refund_status(self, number: str) -> str:
        return str(self.ask("GET", f"/v3/refund/domestic/refunds/{number}").get_json()["status"])

    def verifies(self, headers: Any, body: bytes) -> bool:
        """Whether the platform signed this reply or notice."""
        lines = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
        try:
            signature = base64.b64decode(headers["Wechatpay-Signature"])
            self.platform.verify(signature, lines, PKCS1v15(), SHA256())
        except Exception:
            return False
        return bool(headers["Wechatpay-Serial"] == self.env["LINTUAN_PAY_PUBLIC_KEY_ID"])

    def opened(self, body: bytes) -> dict[str, Any]:
        """What is inside a notice."""
        resource = json.loads(body)["resource"]
        sealed = base64.b64decode(resource["ciphertext"])
        nonce, associated = resource["nonce"].encode(), resource["associated_data"].encode()
        content: dict[str, Any] = json.loads(
            AESGCM(self.env["LINTUAN_PAY_APIV3_KEY"].encode()).decrypt(nonce, sealed, associated)
        )
        return content


class Inbox:
    """A small server that collects what is posted to it and answers with the next of `statuses`, then 204."""

    def __init__(self, *statuses: int) -> None:
        self.received: queue.Queue[tuple[str, Any, bytes]] = queue.Queue()
        self.statuses = list(statuses)
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = inbox.statuses.pop(0) if inbox.statuses else 204
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                inbox.received.put((self.path, self.headers, body))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Inbox:
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next(self) -> tuple[Any, bytes]:
        """Headers and body of the next post; fails after a minute without one."""
        _, headers, body = self.received.get(timeout=60)
        return headers, body
