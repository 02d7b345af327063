"""The mini-program in a person's hand: log in at the product, open a pay link, one's own orders."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from sandbox import people
from sandbox.app import create_app, stop
from sandbox.config import Config
from tests.sandbox.merchant import Merchant

ORDER = "ord_01m8b057g0619z9byd2tds3x1d"
CODE = "12345678"
PAGE: dict[str, Any] = {
    "id": ORDER, "campaign_title": "周五大闸蟹", "campaign_state": "open", "payment_policy": "prepaid",
    "point_name": "南门驿站", "state": "pending_payment", "cancellable": False,
    "roster_number": None, "total_fen": 5980, "refunded_fen": 0, "refunding_fen": 0, "cancel_words": "",
    "hold_until": "2026-11-26T04:30:00+00:00", "pickup_deadline": None,
    "lines": [{"offer_name": "红颜草莓", "ordered_units": 2}],
}  # fmt: skip

CLAIM: dict[str, Any] = {
    "id": "clm_01m8b057g0619z9byd2tds3x1d", "state": "offered", "name": "红颜草莓", "unit": "盒", "asked_units": 2,
    "asked_fen": 5980, "answer_fen": 505, "buyer_may": ["take_offer", "escalate", "withdraw"],
}  # fmt: skip


class Shop:
    """The product's public API for one order; `state` decides what it says, `asked` remembers every call."""

    def __init__(self) -> None:
        self.merchant: Merchant
        self.state = "pending_payment"
        self.page: dict[str, Any] = {}
        self.claims: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, str]] = []
        self.tokens: list[str] = []
        self.keys: list[str] = []
        self.app = Flask("shop")
        routes: dict[str, Callable[..., Any]] = {
            "login": self.log_in, "orders": self.orders, "orders/<order>": self.order,
            "claims/<claim>/<move>": self.answer, "chat-codes": lambda: ({"code": "482913"}, 201),
            "orders/<order>/bill": self.bill,
            "orders/<order>/pickup": self.pickup, "orders/<order>/payments": self.payments,
            "orders/<order>/look-up": self.look_up, "orders/<order>/cancellation": self.cancellation,
        }  # fmt: skip
        for path, view in routes.items():
            self.app.add_url_rule(f"/api/resident/{path}", view_func=view, methods=["GET", "POST"])
        self.app.before_request(self.guard)

    def guard(self) -> Response | None:
        if request.path.endswith("/login"):
            return None
        self.asked.append((request.method, request.path, request.headers["Authorization"]))
        good = request.headers["Authorization"] in [f"Bearer {token}" for token in self.tokens]
        return None if good else problem(401, "请先登录。")

    def log_in(self) -> dict[str, Any]:
        """As the true product does: the code goes to the platform and comes back as an openid."""
        words = self.merchant.env
        query = {"appid": words["LINTUAN_WXA_APPID"], "secret": words["LINTUAN_WXA_SECRET"],
                 "js_code": request.get_json()["js_code"], "grant_type": "authorization_code"}  # fmt: skip
        client = self.merchant.http.application.test_client()
        openid = client.get("/sns/jscode2session", query_string=query).get_json()["openid"]
        self.tokens.append(f"{openid}-{len(self.tokens)}")
        return {"token": self.tokens[-1], "resident": {}}

    def bill(self, order: str) -> Any:
        if order != ORDER:
            return problem(404, "没有找到，或者不属于您。")
        return {"id": ORDER, "payable": self.state == "pending_payment", "total_fen": 5980,
                "owner": "张**", "campaign_title": "周五大闸蟹",
                "hold_until": PAGE["hold_until"]}  # fmt: skip

    def orders(self) -> Any:
        return {"items": [PAGE | {"state": self.state, "claims": []} | self.page]}

    def order(self, order: str) -> Any:
        return PAGE | {"state": self.state, "claims": self.claims} | self.page

    def answer(self, claim: str, move: str) -> Any:
        if move != "take-offer":
            return problem(409, "现在不能这样做。")
        return CLAIM | {"state": "accepted", "buyer_may": []}

    def pickup(self, order: str) -> Any:
        return {"code": CODE}

    def payments(self, order: str) -> Any:
        if self.state != "pending_payment":
            return problem(409, "这笔订单已经付过款了。")
        self.keys.append(request.headers["Idempotency-Key"])
        openid = request.headers["Authorization"].removeprefix("Bearer ").rpartition("-")[0]
        prepay = self.merchant.order(f"pay_{openid[:20]}", 5980, payer={"openid": openid}).get_json()["prepay_id"]
        sign = self.merchant.sign(self.merchant.appid, "1700000000", "nonce", f"prepay_id={prepay}")
        params = {"timeStamp": "1700000000", "nonceStr": "nonce", "package": f"prepay_id={prepay}", "signType": "RSA",
                  "paySign": sign}  # fmt: skip
        return {"payment": f"pay_{openid[:20]}", "params": params}, 201

    def look_up(self, order: str) -> Any:
        return {"state": self.state}

    def cancellation(self, order: str) -> Any:
        if self.state != "pending_payment":
            return problem(409, "已截团，退单请联系团长。")
        self.state = "cancelled"
        return PAGE | {"state": self.state}


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


def opened(room: FlaskClient, order: str = ORDER, person: str = "李姐") -> Any:
    answer = room.post("/control/open-order", json={"person": person, "order": order})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.parametrize(
    "order", [ORDER, f"http://127.0.0.1:8000/m/orders/{ORDER}", f"点这里付款（http://x/m/orders/{ORDER}）"]
)
def test_a_pay_link_opens_the_sheet_that_then_pays(room: FlaskClient, shop: Shop, order: str) -> None:
    sheet = opened(room, order)
    assert (sheet["order"], sheet["person"], sheet["words"], sheet["refusal"]) == (ORDER, "李姐", "待付款", "")
    assert (sheet["bill"]["total_fen"], sheet["bill"]["owner"]) == (5980, "张**")
    paid = room.post("/control/pay", json={"params": sheet["params"], "person": "李姐"})
    assert paid.get_json()["payer_fen"] == 5980
    stranger = room.post("/control/pay", json={"params": sheet["params"], "person": "张阿姨"})
    assert (stranger.status_code, stranger.get_json()) == (409, {"error": "openid_mismatch"})


def test_each_opening_is_a_tap_of_its_own_and_the_login_is_kept(room: FlaskClient, shop: Shop) -> None:
    opened(room)
    opened(room)
    assert len(set(shop.keys)) == 2
    assert len(shop.tokens) == 1
    opened(room, person="张阿姨")
    assert len(shop.tokens) == 2


def test_the_code_that_binds_a_chat_is_ones_own(room: FlaskClient, shop: Shop) -> None:
    assert room.post("/control/people/张阿姨/chat-code", json={}).get_json() == {"code": "482913"}
    assert [(method, path) for method, path, _ in shop.asked] == [("POST", "/api/resident/chat-codes")]
    assert room.post("/control/people/路人/chat-code", json={}).status_code == 404


def test_an_ended_session_is_begun_anew(room: FlaskClient, shop: Shop) -> None:
    opened(room)
    ended = shop.tokens.pop()
    shop.tokens.append("placeholder")
    opened(room)
    assert len({token for *_, token in shop.asked}) == 2
    assert shop.asked[-1][2] != f"Bearer {ended}"


def test_a_paid_order_still_shows_its_bill_and_the_products_words(room: FlaskClient, shop: Shop) -> None:
    shop.state = "paid"
    sheet = opened(room)
    assert (sheet["params"], sheet["refusal"]) == (None, "这笔订单已经付过款了。")
    assert (sheet["bill"]["payable"], sheet["words"]) == (False, "不用再付")


def test_an_order_that_is_not_there_is_refused_in_the_products_words(room: FlaskClient) -> None:
    answer = room.post("/control/open-order", json={"person": "李姐", "order": "ord_0"})
    assert (answer.status_code, answer.get_json()) == (409, {"error": "没有找到，或者不属于您。"})


@pytest.mark.parametrize(("wish", "status"), [
    ({"person": "李姐"}, 400), ({"person": "李姐", "order": 5}, 400), ({"person": "李姐", "order": "/m/orders"}, 400),
    ({"person": "李姐", "order": "../../admin"}, 400), ({"person": "路人", "order": ORDER}, 404),
    ({"person": 7, "order": ORDER}, 404),
])  # fmt: skip
def test_nonsense_never_reaches_the_product(room: FlaskClient, shop: Shop, wish: dict[str, Any], status: int) -> None:
    answer = room.post("/control/open-order", json=wish)
    assert answer.status_code == status
    assert answer.get_json()["error"]
    assert shop.asked == []


@pytest.mark.parametrize(("state", "code", "pay", "cancel"), [
    ("pending_payment", "", True, True), ("paid", "", False, True), ("paid", "", False, False),
    ("confirmed", "", False, True), ("confirmed", "", False, False), ("ready", CODE, False, False),
    ("collected", "", False, False), ("state_of_tomorrow", "", False, False),
])  # fmt: skip
def test_own_orders_show_state_code_and_moves(
    room: FlaskClient, shop: Shop, state: str, code: str, pay: bool, cancel: bool
) -> None:
    shop.state, shop.page = state, {"cancellable": cancel}
    (order,) = room.get("/control/people/张阿姨/orders").get_json()["orders"]
    assert (order["items"], order["total_fen"], order["code"]) == ("红颜草莓×2", 5980, code)
    assert (order["can_pay"], order["can_cancel"]) == (pay, cancel)
    assert order["words"]


@pytest.mark.parametrize(("policy", "campaign", "words"), [
    ("on_pickup", "open", "已登记，收货时付款"), ("on_pickup", "closed", "已登记，收货时付款"),
    ("on_pickup", "formed", "已成团，等到货"), ("on_pickup", "fulfilling", "已成团，等到货"),
    ("prepaid", "formed", "已成团，等到货"),
])  # fmt: skip
def test_what_is_paid_on_pickup_is_registered_until_its_campaign_forms(
    room: FlaskClient, shop: Shop, policy: str, campaign: str, words: str
) -> None:
    shop.state, shop.page = "confirmed", {"payment_policy": policy, "campaign_state": campaign}
    (order,) = room.get("/control/people/张阿姨/orders").get_json()["orders"]
    assert order["words"] == words


def test_claims_stand_with_their_order_and_are_answered_there(room: FlaskClient, shop: Shop) -> None:
    shop.state = "collected"
    shop.claims = [CLAIM, CLAIM | {"asked_units": 0, "state": "asked", "buyer_may": ["withdraw"]}]
    (order,) = room.get("/control/people/张阿姨/orders").get_json()["orders"]
    assert [(claim["words"], claim["moves"]) for claim in order["claims"]] == [
        ("售后：红颜草莓 2 盒 申请退 ¥59.80，可退 ¥5.05", ["take_offer", "escalate", "withdraw"]),
        ("售后：红颜草莓 申请退 ¥59.80，等团长答复", ["withdraw"]),
    ]
    path = f"/control/people/张阿姨/claims/{CLAIM['id']}"
    taken = room.post(f"{path}/take_offer").get_json()
    assert (taken["words"], taken["moves"]) == ("售后：红颜草莓 2 盒 申请退 ¥59.80，已同意退 ¥5.05", [])
    refused = room.post(f"{path}/withdraw")
    assert (refused.status_code, refused.get_json()) == (409, {"error": "现在不能这样做。"})
    assert room.post(f"{path}/destroy").status_code == 404
    assert room.post("/control/people/张阿姨/claims/..%2Fme/withdraw").status_code in (400, 404)
    assert shop.asked[-1][1] == f"/api/resident/claims/{CLAIM['id']}/withdraw"


def test_an_order_is_looked_up_and_taken_back(room: FlaskClient) -> None:
    path = f"/control/people/张阿姨/orders/{ORDER}"
    assert room.post(f"{path}/look-up").get_json() == {"state": "pending_payment", "words": "待付款"}
    assert room.post(f"{path}/cancel").get_json() == {"state": "cancelled", "words": "已取消"}
    refused = room.post(f"{path}/cancel")
    assert (refused.status_code, refused.get_json()) == (409, {"error": "已截团，退单请联系团长。"})


@pytest.mark.parametrize("product", ["", "http://127.0.0.1:9"])
def test_without_a_product_nothing_opens_and_the_page_is_told(sandbox_config: Config, product: str) -> None:
    app = create_app(Config(sandbox_config.data_dir, 8001, product))
    try:
        people.ensure(app.extensions["sandbox"], "李姐")
        answer = app.test_client().post("/control/open-order", json={"person": "李姐", "order": ORDER})
        assert answer.status_code == 503
        assert "产品" in answer.get_json()["error"]
    finally:
        stop(app)
