"""A sandbox in this process and a stand-in product on loopback that opens callbacks with another implementation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask.testing import FlaskClient
from wechatpy.crypto import PrpCrypto
from werkzeug.serving import make_server

from sandbox.app import create_app, stop
from sandbox.config import Config
from sandbox.context import Sandbox

Reply = dict[str, Any] | int | None
"""What the stand-in answers: a reply to be sealed, a bare HTTP status, or nothing."""


class Product:
    """The product's three chat addresses; `answer` decides, `heard` remembers every opened callback."""

    def __init__(self) -> None:
        self.box: Sandbox
        self.heard: list[dict[str, Any]] = []
        self.refused = 0
        self.answer: Callable[[dict[str, Any]], Reply] = lambda body: None
        self.app = Flask("stand-in")
        self.app.add_url_rule("/hooks/wecom/aibot", view_func=self.aibot, methods=["GET", "POST"])
        self.app.add_url_rule("/hooks/wechat/push", view_func=self.push, methods=["GET", "POST"])
        self.app.add_url_rule("/hooks/sandbox-chat", view_func=self.test_channel, methods=["POST"])

    def aibot(self) -> Response:
        """The smart robot's callback, true encryption."""
        words = self.box.credentials.words
        crypt = PrpCrypto(base64.b64decode(words.aibot_aes_key + "="))
        query = request.args
        sealed = query["echostr"] if request.method == "GET" else request.get_json()["encrypt"]
        if query["msg_signature"] != signature(words.aibot_token, query["timestamp"], query["nonce"], sealed):
            self.refused += 1
            return Response(status=401)
        plain = crypt.decrypt(sealed, "")
        if request.method == "GET":
            return Response(plain)
        reply = self._hear(json.loads(plain))
        if not isinstance(reply, dict):
            return Response(status=reply or 200)
        encrypted = crypt.encrypt(json.dumps(reply), "").decode()
        signed = signature(words.aibot_token, "1700000000", query["nonce"], encrypted)
        answer = {"encrypt": encrypted, "msgsignature": signed, "timestamp": 1700000000, "nonce": query["nonce"]}
        return Response(json.dumps(answer), content_type="application/json")

    def push(self) -> Response:
        """The mini-program's message push, JSON, safe mode."""
        words, query = self.box.credentials.words, request.args
        if request.method == "GET":
            right = signature(words.wxa_push_token, query["timestamp"], query["nonce"])
            return Response(query["echostr"] if query["signature"] == right else "", status=200)
        sealed = request.get_json()["Encrypt"]
        assert query["msg_signature"] == signature(words.wxa_push_token, query["timestamp"], query["nonce"], sealed)
        crypt = PrpCrypto(base64.b64decode(words.wxa_push_aes_key + "="))
        reply = self._hear(json.loads(crypt.decrypt(sealed, words.wxa_appid)))
        return Response("success", status=reply if isinstance(reply, int) else 200)

    def test_channel(self) -> Response:
        """The free-editing test channel."""
        secret, raw = self.box.credentials.words.sandbox_chat_secret, request.get_data()
        assert request.headers["X-Signature"] == hmac_of(secret, request.headers["X-Timestamp"], raw)
        reply = self._hear(json.loads(raw))
        return Response(json.dumps(reply), content_type="application/json")

    def _hear(self, body: dict[str, Any]) -> Reply:
        self.heard.append(body)
        return self.answer(body)


class Stage:
    """The sandbox through its control API, and the product that hears it."""

    def __init__(self, client: FlaskClient, box: Sandbox, product: Product) -> None:
        self.client, self.box, self.product = client, box, product

    def post(self, path: str, body: object = None) -> Any:
        """POST JSON; the answer's JSON, which must have come with HTTP 200."""
        answer = self.client.post(path, json={} if body is None else body)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def get(self, path: str) -> Any:
        """GET JSON."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def room(self, *members: str, kind: str = "wecom") -> int:
        """A room called 3号楼团购群."""
        return int(self.post("/control/rooms", {"name": "3号楼团购群", "kind": kind, "members": members})["room_id"])

    def say(self, room: int, person: str, text: str, *, mention: bool = True) -> list[dict[str, Any]]:
        """Speak in a room; the new lines."""
        wish = {"person": person, "text": text, "mention": mention}
        return list(self.post(f"/control/rooms/{room}/say", wish)["messages"])


def signature(*words: str) -> str:
    """Hex SHA-1 over the sorted words."""
    return hashlib.sha1("".join(sorted(words)).encode(), usedforsecurity=False).hexdigest()


def hmac_of(secret: str, timestamp: str, raw: bytes) -> str:
    """The test channel's signature header."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + raw, hashlib.sha256).hexdigest()


@contextmanager
def open_stage(keys: Path, folder: Path) -> Iterator[Stage]:
    """A fresh sandbox with the keys of another folder; its product is the stand-in."""
    shutil.copytree(keys, folder)
    product = Product()
    server = make_server("127.0.0.1", 0, product.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    app = create_app(Config(folder, 1, f"http://127.0.0.1:{server.server_port}"))
    product.box = app.extensions["sandbox"]
    try:
        yield Stage(app.test_client(), product.box, product)
    finally:
        stop(app)
        server.shutdown()
        server.server_close()
        thread.join(60)
