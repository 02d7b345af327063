"""The phone in the browser: what its page may do, which files it shows, whom it asks, what the platform does there."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from sandbox import people
from sandbox.app import create_app, stop
from sandbox.config import Config
from sandbox.miniprogram import messagepush
from tests.sandbox.merchant import Merchant

TINY = Path(__file__).parents[1] / "miniprogram" / "tiny"
STATIC = Path(__file__).parents[2] / "sandbox" / "phone" / "static"


class Product:
    """A product that says what it was asked; `/…/live` flows in two pieces."""

    def __init__(self) -> None:
        self.app = Flask("stand-in")
        self.app.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST", "DELETE"])

    def answer(self, path: str) -> Response | tuple[dict[str, Any], int]:
        """Streams for live counts; 409 with the request's own words for everything else."""
        if path.endswith("/live"):
            return Response((piece for piece in (b"id: 1\n\n", b"id: 2\n\n")), content_type="text/event-stream")
        heard = {name.lower() for name, _ in request.headers}
        told = {"path": path, "query": request.query_string.decode(), "method": request.method, "heard": sorted(heard)}
        return {**told, "body": request.get_data(as_text=True), "token": request.headers.get("Authorization")}, 409


@pytest.fixture
def product() -> Iterator[str]:
    """The stand-in's address."""
    server = make_server("127.0.0.1", 0, Product().app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(sandbox_keys: Path, tmp_path: Path, product: str) -> Iterator[FlaskClient]:
    """A sandbox that shows the very small mini-program and knows the stand-in."""
    shutil.copytree(sandbox_keys, tmp_path / "box")
    app = create_app(Config(tmp_path / "box", 8001, product, product, TINY))
    yield app.test_client()
    stop(app)


def test_the_page_runs_only_what_the_sandbox_serves(phone: FlaskClient) -> None:
    page = phone.get("/phone?as=张阿姨")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    nonce = re.search(r'<script type="importmap" nonce="([^"]+)"', page.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in policy
    assert not re.search(r"https?://", page.text)


def test_no_two_pages_share_a_nonce(phone: FlaskClient) -> None:
    policies = {phone.get("/phone").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2


def test_the_mini_program_is_handed_over_whole(phone: FlaskClient) -> None:
    told = phone.get("/phone/files").get_json()
    assert told["files"]["app.json"] == (TINY / "app.json").read_text()
    assert {"app.js", "pages/home/home.wxml", "lib/money.wxs", "app.wxss"} <= set(told["files"])
    assert told["others"] == []


@pytest.mark.parametrize(
    "path", ["../../conftest.py", "%2e%2e/%2e%2e/conftest.py", "..%2f..%2fconftest.py", "/etc/passwd"]
)
def test_no_file_outside_the_mini_program_is_served(phone: FlaskClient, path: str) -> None:
    with phone.get(f"/phone/app/{path}") as answer:
        assert answer.status_code in (301, 308, 404)
        assert b"root:" not in answer.data


def test_a_file_inside_is_served(phone: FlaskClient) -> None:
    with phone.get("/phone/app/app.wxss") as answer:
        assert answer.data == (TINY / "app.wxss").read_bytes()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("glass-easel.js", "text/javascript"), ("adapter.js", "text/javascript"), ("compiler.js", "text/plain"),
        ("compiler.wasm", "application/wasm"), ("jsqr.js", "text/javascript"),
    ],
)  # fmt: skip
def test_the_packages_come_with_the_type_a_browser_wants(phone: FlaskClient, name: str, kind: str) -> None:
    with phone.get(f"/phone/vendor/{name}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, kind)


def test_no_other_package_is_served(phone: FlaskClient) -> None:
    assert phone.get("/phone/vendor/package.json").status_code == 404


def test_a_request_reaches_the_product_as_it_was_made_and_its_answer_comes_back(phone: FlaskClient) -> None:
    headers = {"Authorization": "Bearer t", "Idempotency-Key": "k", "Cookie": "a=b", "Origin": "http://x.test"}
    answer = phone.post("/phone/product/api/orders/一?limit=5&q=a%26b", json={"units": 2}, headers=headers)
    told = answer.get_json()
    assert answer.status_code == 409
    assert (told["path"], told["query"], told["method"]) == ("api/orders/一", "limit=5&q=a%26b", "POST")
    assert (told["token"], told["body"]) == ("Bearer t", '{"units": 2}')
    assert "idempotency-key" in told["heard"]
    assert not {"cookie", "origin"} & set(told["heard"])


def test_live_counts_flow_through(phone: FlaskClient) -> None:
    answer = phone.get("/phone/product/api/resident/campaigns/cmp_1/live")
    assert (answer.mimetype, answer.data) == ("text/event-stream", b"id: 1\n\nid: 2\n\n")


def test_a_product_that_is_away_is_told_as_such(sandbox_app: Flask) -> None:
    assert sandbox_app.test_client().get("/phone/product/api/x").status_code == 502


def test_the_cashier_shows_what_will_be_paid(merchant: Merchant) -> None:
    merchant.order("pay_000001", total=1280)
    (order,) = merchant.control("pending-orders")["orders"]
    bill = merchant.http.get(f"/phone/bill?prepay_id={order['prepay_id']}").get_json()
    assert (bill["out_trade_no"], bill["total_fen"]) == ("pay_000001", 1280)
    assert merchant.http.get("/phone/bill?prepay_id=wx0").get_json() == {"error": "unknown_prepay_id"}


def test_an_accepted_prompt_is_worth_one_message_and_the_product_is_told(sandbox_app: Flask) -> None:
    client, box = sandbox_app.test_client(), sandbox_app.extensions["sandbox"]
    person = people.ensure(box, "张阿姨")
    arrived, refund, _ = client.get("/phone/templates").get_json()["templates"]
    client.post("/phone/张阿姨/prompt", json={"results": {arrived: "accept", refund: "reject"}})
    rows = box.store.all("SELECT template_id, quota FROM subscriptions WHERE openid = ?", person.openid)
    assert {row["template_id"]: row["quota"] for row in rows} == {arrived: 1, refund: 0}
    (push,) = messagepush.listed(box)
    assert [one["SubscribeStatusString"] for one in push["content"]["List"]] == ["accept", "reject"]


@pytest.mark.parametrize("results", [{}, {"other": "accept"}, "accept", None])
def test_a_prompt_about_nothing_known_is_refused(sandbox_app: Flask, results: object) -> None:
    people.ensure(sandbox_app.extensions["sandbox"], "张阿姨")
    answer = sandbox_app.test_client().post("/phone/张阿姨/prompt", json={"results": results})
    assert answer.status_code == 400


def test_scripts_never_build_markup_from_text() -> None:
    scripts = "".join(file.read_text() for file in STATIC.rglob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", scripts)


def test_scripts_stay_within_one_sitting() -> None:
    assert [file.name for file in STATIC.rglob("*.js") if len(file.read_text().splitlines()) > 300] == []
