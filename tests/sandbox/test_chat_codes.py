"""The code that binds a chat, fetched in a person's name: the sandbox logs in at the product as that person's phone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from sandbox import people
from sandbox.app import create_app, stop
from sandbox.config import Config
from tests.sandbox.merchant import Merchant

CODES = "/api/resident/chat-codes"


class Shop:
    """The product's public API as far as codes need it; `asked` remembers every call, `refuses` is its sentence."""

    def __init__(self) -> None:
        self.merchant: Merchant
        self.refuses = ""
        self.asked: list[tuple[str, str]] = []
        self.tokens: list[str] = []
        self.app = Flask("shop")
        self.app.add_url_rule("/api/resident/login", view_func=self.log_in, methods=["POST"])
        self.app.add_url_rule(CODES, view_func=self.code, methods=["POST"])

    def log_in(self) -> dict[str, Any]:
        """As the true product does: the code goes to the platform and comes back as an openid."""
        words = self.merchant.env
        query = {"appid": words["LINTUAN_WXA_APPID"], "secret": words["LINTUAN_WXA_SECRET"],
                 "js_code": request.get_json()["js_code"], "grant_type": "authorization_code"}  # fmt: skip
        client = self.merchant.http.application.test_client()
        openid = client.get("/sns/jscode2session", query_string=query).get_json()["openid"]
        self.tokens.append(f"{openid}-{len(self.tokens)}")
        return {"token": self.tokens[-1], "resident": {}}

    def code(self) -> Any:
        self.asked.append((request.headers["Authorization"], request.headers["Idempotency-Key"]))
        if request.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return problem(401, "请先登录。")
        return problem(409, self.refuses) if self.refuses else ({"code": "482913"}, 201)


def problem(status: int, words: str) -> Response:
    return Response(json.dumps({"detail": words}), status, content_type="application/problem+json")


@pytest.fixture
def shop(sandbox_config: Config) -> Iterator[Shop]:
    made = Shop()
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    app = create_app(Config(sandbox_config.data_dir, 8001, f"http://127.0.0.1:{server.server_port}"))
    made.merchant = Merchant(app, sandbox_config.data_dir)
    for name in ("张阿姨", "李姐"):
        people.ensure(app.extensions["sandbox"], name)
    try:
        yield made
    finally:
        stop(app)
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def room(shop: Shop) -> FlaskClient:
    return shop.merchant.http


def asked_for(room: FlaskClient, person: str) -> Any:
    return room.post(f"/control/people/{person}/chat-code", json={})


def test_each_asking_is_a_tap_of_its_own_and_the_login_is_kept(room: FlaskClient, shop: Shop) -> None:
    assert [asked_for(room, "张阿姨").get_json() for _ in range(2)] == [{"code": "482913"}] * 2
    assert len({key for _, key in shop.asked}) == 2
    assert len(shop.tokens) == 1


def test_a_code_is_ones_own(room: FlaskClient, shop: Shop) -> None:
    asked_for(room, "张阿姨")
    asked_for(room, "李姐")
    openids = {token.rpartition("-")[0] for token in shop.tokens}
    assert len(openids) == 2
    assert asked_for(room, "路人").status_code == 404
    assert len(shop.asked) == 2


def test_an_ended_session_is_begun_anew(room: FlaskClient, shop: Shop) -> None:
    asked_for(room, "李姐")
    shop.tokens[:] = ["another session"]
    assert asked_for(room, "李姐").get_json() == {"code": "482913"}
    assert [bearer for bearer, _ in shop.asked][1:] == [shop.asked[0][0], f"Bearer {shop.tokens[-1]}"]


def test_a_refusal_is_told_in_the_products_words(room: FlaskClient, shop: Shop) -> None:
    shop.refuses = "今天已经取了太多绑定码，请明天再试。"
    answer = asked_for(room, "李姐")
    assert (answer.status_code, answer.get_json()) == (409, {"error": shop.refuses})


@pytest.mark.parametrize("product", ["", "http://127.0.0.1:9"])
def test_without_a_product_nothing_is_given_and_the_page_is_told(sandbox_config: Config, product: str) -> None:
    app = create_app(Config(sandbox_config.data_dir, 8001, product))
    try:
        people.ensure(app.extensions["sandbox"], "李姐")
        answer = asked_for(app.test_client(), "李姐")
        assert answer.status_code == 503
        assert "产品" in answer.get_json()["error"]
    finally:
        stop(app)
