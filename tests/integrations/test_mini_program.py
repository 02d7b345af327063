"""The mini-program's server API: tokens, calls and how each failure is read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.wechat.mini_program import WeChatMiniProgram
from integrations.wechat.tokens import MemoryTokens
from services.ports import LoginSession, OutsideError, Refused, ShippingInfo, Unknown, Unreachable
from tests.integrations.local_server import PATIENCE_SECONDS, Answer, Asked, LocalServer, closed_port, json_answer

SECRET = "canary-app-secret"
OK = {"errcode": 0, "errmsg": "ok"}


class Platform:
    """Scripts the server as WeChat: one good token at a time, answers by path."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.good = "canary-token-1"
        self.answers: dict[str, Answer] = {}
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/stable_token" and asked.path not in self.answers:
            return json_answer({"access_token": self.good, "expires_in": 7200})
        if asked.path not in ("/sns/jscode2session", "/cgi-bin/stable_token"):
            token = asked.query.get("access_token")
            if token != self.good:
                return json_answer({"errcode": 40001, "errmsg": f"invalid credential {token} rid: 1-2-3"})
        return self.answers.get(asked.path, json_answer(OK))

    def paths(self) -> list[str]:
        return [asked.path for asked in self.server.asked]


@pytest.fixture
def platform(server: LocalServer) -> Platform:
    return Platform(server)


def app(server: LocalServer, **options: Any) -> WeChatMiniProgram:
    return WeChatMiniProgram(server.url, "wxours", SECRET, timeout=options.pop("timeout", PATIENCE_SECONDS), **options)


def greet(mini: WeChatMiniProgram) -> None:
    mini.send_customer_text("o1", "到货了")


SHIPPED = ShippingInfo("4200001", "o1", "pickup", "草莓×2", datetime(2026, 1, 2, 5, 29, 35, 120_999, tzinfo=UTC))
CALLS: dict[str, Callable[[WeChatMiniProgram], Any]] = {
    "login": lambda mini: mini.login("canary-js-code"),
    "phone": lambda mini: mini.phone_number("canary-phone-code", "o1"),
    "subscribe": lambda mini: mini.send_subscribe("o1", "tpl", "pages/order/order?id=1", {"thing1": "大闸蟹"}),
    "customer": greet,
    "code": lambda mini: mini.code_image("abc", "pages/campaign/campaign"),
    "upload": lambda mini: mini.upload_shipping(SHIPPED),
    "shipping": lambda mini: mini.shipping_state("4200001"),
    "managed": lambda mini: mini.is_trade_managed(),
}
PATHS = [
    "/sns/jscode2session",
    "/wxa/business/getuserphonenumber",
    "/wxa/getwxacodeunlimit",
    "/cgi-bin/message/subscribe/send",
    "/cgi-bin/message/custom/send",
    "/wxa/sec/order/upload_shipping_info",
    "/wxa/sec/order/get_order",
    "/wxa/sec/order/is_trade_managed",
]
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def test_login_needs_no_token(server: LocalServer, platform: Platform) -> None:
    platform.answers["/sns/jscode2session"] = json_answer({"openid": "o1", "session_key": "k==", "unionid": "u1"})
    assert app(server).login("code1") == LoginSession("o1", "k==", "u1")
    (asked,) = server.asked
    assert asked.query == {
        "appid": "wxours",
        "secret": SECRET,
        "js_code": "code1",
        "grant_type": "authorization_code",
    }


def test_the_phone_number_is_asked_with_its_owner(server: LocalServer, platform: Platform) -> None:
    info = {"phoneNumber": "+8613800001111", "purePhoneNumber": "13800001111", "countryCode": "86"}
    platform.answers["/wxa/business/getuserphonenumber"] = json_answer({**OK, "phone_info": info})
    assert app(server).phone_number("c1", "o1") == "13800001111"
    assert server.asked[-1].json == {"code": "c1", "openid": "o1"}


def test_a_subscribe_message_goes_out_whole(server: LocalServer, platform: Platform) -> None:
    app(server, program_state="trial").send_subscribe("o1", "tpl", "pages/o?no=1", {"thing1": "大闸蟹"})
    asked = server.asked[-1]
    assert asked.path == "/cgi-bin/message/subscribe/send"
    assert "大闸蟹".encode() in asked.body
    assert asked.json == {
        "touser": "o1",
        "template_id": "tpl",
        "page": "pages/o?no=1",
        "data": {"thing1": {"value": "大闸蟹"}},
        "miniprogram_state": "trial",
        "lang": "zh_CN",
    }


def test_a_code_image_comes_as_bytes(server: LocalServer, platform: Platform) -> None:
    picture = b"\x89PNG\r\n\x1a\n\xff\x00"
    platform.answers["/wxa/getwxacodeunlimit"] = Answer(200, picture, {"Content-Type": "image/png"})
    assert app(server).code_image("s1", "pages/campaign/campaign") == picture
    assert server.asked[-1].json["env_version"] == "release"


def test_one_token_serves_many_calls(server: LocalServer, platform: Platform) -> None:
    mini = app(server)
    greet(mini)
    greet(mini)
    assert platform.paths() == ["/cgi-bin/stable_token", *["/cgi-bin/message/custom/send"] * 2]
    assert server.asked[0].json == {"grant_type": "client_credential", "appid": "wxours", "secret": SECRET}


def test_many_threads_fetch_one_token(server: LocalServer, platform: Platform) -> None:
    mini = app(server)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: greet(mini), range(16)))
    assert platform.paths().count("/cgi-bin/stable_token") == 1


def test_a_token_is_renewed_before_it_expires(server: LocalServer, platform: Platform) -> None:
    now = [0.0]
    mini = app(server, tokens=MemoryTokens(lambda: now[0]))
    greet(mini)
    now[0] = 7139
    greet(mini)
    assert platform.paths().count("/cgi-bin/stable_token") == 1
    now[0] = 7140
    greet(mini)
    assert platform.paths().count("/cgi-bin/stable_token") == 2


def test_a_token_that_died_early_is_renewed_once(server: LocalServer, platform: Platform) -> None:
    mini = app(server)
    greet(mini)
    platform.good = "canary-token-2"
    greet(mini)
    send = "/cgi-bin/message/custom/send"
    assert platform.paths() == ["/cgi-bin/stable_token", send, send, "/cgi-bin/stable_token", send]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_platform_that_keeps_refusing_is_asked_twice_and_no_more(
    server: LocalServer, platform: Platform, errcode: int
) -> None:
    platform.answers["/cgi-bin/message/custom/send"] = json_answer({"errcode": errcode, "errmsg": "no"})
    with pytest.raises(Unreachable) as caught:
        greet(app(server))
    assert caught.value.code == str(errcode)
    assert platform.paths().count("/cgi-bin/message/custom/send") == 2


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"errcode": 40125, "errmsg": "invalid appsecret"}),
        json_answer({"access_token": 5, "expires_in": 7200}),
        json_answer([]),
        Answer(502, b"<html>"),
        Answer(200, b"<html>"),
        Answer(drop=True),
    ],
)
def test_without_a_token_nothing_was_done(server: LocalServer, platform: Platform, answer: Answer) -> None:
    platform.answers["/cgi-bin/stable_token"] = answer
    with pytest.raises(Unreachable):
        greet(app(server))
    assert platform.paths() == ["/cgi-bin/stable_token"]


@pytest.mark.parametrize("code", [43101, 43107, 47003, 40037, 45015, 45047])
def test_a_no_carries_the_platforms_code(server: LocalServer, platform: Platform, code: int) -> None:
    answer = json_answer({"errcode": code, "errmsg": "no rid: 1-2-3"})
    platform.answers = {"/cgi-bin/message/custom/send": answer, "/cgi-bin/message/subscribe/send": answer}
    for call in (CALLS["customer"], CALLS["subscribe"]):
        with pytest.raises(Refused) as caught:
            call(app(server))
        assert caught.value.code == str(code)


@pytest.mark.parametrize(("code", "seconds"), [(-1, 0), (43108, 0), (45009, 60), (45011, 60), (44991, 60)])
def test_a_busy_platform_is_tried_later(server: LocalServer, platform: Platform, code: int, seconds: int) -> None:
    platform.answers["/cgi-bin/message/custom/send"] = json_answer({"errcode": code, "errmsg": "later"})
    with pytest.raises(Unreachable) as caught:
        greet(app(server))
    assert (caught.value.code, caught.value.retry_after) == (str(code), seconds)


@every_call
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(500, b"<html>"), Unknown),
        (Answer(429, b""), Unreachable),
        (Answer(404, b""), Refused),
        (Answer(drop=True), Unknown),
        (Answer(hang=True), Unknown),
        (json_answer([]), Unknown),
    ],
)
def test_each_broken_answer_is_read(
    server: LocalServer, platform: Platform, call: Callable[..., Any], answer: Answer, kind: type[OutsideError]
) -> None:
    platform.answers = dict.fromkeys(PATHS, answer)
    with pytest.raises(OutsideError) as caught:
        call(app(server, timeout=answer.patience))
    assert type(caught.value) is kind


@every_call
def test_nobody_at_home_means_not_done(call: Callable[..., Any]) -> None:
    mini = WeChatMiniProgram(f"http://127.0.0.1:{closed_port()}", "wxours", SECRET, timeout=PATIENCE_SECONDS)
    with pytest.raises(Unreachable):
        call(mini)


@pytest.mark.parametrize("content", [{}, {"openid": "o1"}, {"openid": 1, "session_key": "k"}])
def test_a_login_answer_that_lacks_something_is_unknown(
    server: LocalServer, platform: Platform, content: dict[str, Any]
) -> None:
    platform.answers["/sns/jscode2session"] = json_answer(content)
    with pytest.raises(Unknown):
        app(server).login("code1")


@pytest.mark.parametrize("info", [None, {}, {"purePhoneNumber": "+86 138"}, {"purePhoneNumber": 13800001111}])
def test_a_phone_answer_without_a_number_is_unknown(server: LocalServer, platform: Platform, info: Any) -> None:
    platform.answers["/wxa/business/getuserphonenumber"] = json_answer({**OK, "phone_info": info})
    with pytest.raises(Unknown):
        app(server).phone_number("c1", "o1")


@every_call
def test_no_failure_and_no_log_line_tells_a_secret(
    server: LocalServer, platform: Platform, call: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    platform.answers = dict.fromkeys(PATHS, Answer(drop=True))
    with caplog.at_level(logging.DEBUG), pytest.raises(OutsideError) as caught:
        call(app(server))
    assert caught.value.__context__ is None
    assert "canary" not in f"{caught.value!r} {caplog.text}"


def test_every_address_of_the_client_is_ours(server: LocalServer) -> None:
    from integrations.wechat.client import MiniProgramClient

    client = MiniProgramClient("http://127.0.0.1:1/", "wxours", SECRET, MemoryTokens(), 1.0)
    assert client.API_BASE_URL == "http://127.0.0.1:1/cgi-bin/"
    assert client.wxa.API_BASE_URL == "http://127.0.0.1:1/"
    assert client.wifi.API_BASE_URL == "http://127.0.0.1:1/bizwifi/"
    assert client.merchant.order.API_BASE_URL == "http://127.0.0.1:1/"
