"""Operators get in by password and second factor or by a printed link, once each, into a session of their own."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.shared.guards import CONSOLE_COOKIE
from domain.actors import SYSTEM, Actor, Role
from domain.errors import CodeExpired, CodeWrong
from models import Operator
from services import operator_links, operators, second_factors, sessions
from services.transactions import Transactions
from tests.blueprints.console.visits import Browser, browser_of, hidden, visit
from tests.builders.clock import FrozenClock

PASSWORD = "correct horse battery"


@pytest.fixture
def zhao(unit: Transactions) -> Operator:
    """An operator with a password and no second factor."""
    with unit(SYSTEM) as ctx:
        return operators.create(ctx, "zhao", PASSWORD)


@pytest.fixture
def secret(unit: Transactions, zhao: Operator, clock: FrozenClock) -> str:
    """The secret of zhao's second factor; its code of this minute is used up."""
    with unit(Actor(Role.OPERATOR, zhao.id)) as ctx:
        offer = second_factors.offer(ctx, "zhao")
        second_factors.enrol(ctx, offer.sealed, code_of(offer.secret, clock))
    clock.advance(minutes=2)
    return offer.secret


def code_of(secret: str, clock: FrozenClock) -> str:
    """What the authenticator shows now."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


def log_in(client: FlaskClient, code: str, *, password: str = PASSWORD, to: str = "/console") -> TestResponse:
    """Send the log-in page's form."""
    return client.post("/console/login", data={"name": "zhao", "password": password, "code": code, "to": to})


def link_for(unit: Transactions, name: str) -> str:
    """The code of a freshly printed link."""
    with unit(SYSTEM) as ctx:
        return operator_links.make(ctx, name)


def token_of(client: FlaskClient) -> str:
    """The cookie that the browser holds."""
    cookie = client.get_cookie(CONSOLE_COOKIE, path="/console")
    return cookie.value if cookie else ""


def test_password_and_code_open_the_page_that_was_asked_for(
    client: FlaskClient, clock: FrozenClock, secret: str
) -> None:
    asked = client.get("/console/orders?state=ready")
    assert asked.status_code == 401
    answer = log_in(client, code_of(secret, clock), to=hidden(asked, "to"))
    assert (answer.status_code, answer.location) == (303, "/console/orders?state=ready")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/console" in cookie
    assert client.get("/console/orders").status_code == 200


def test_a_code_is_good_once(app: Flask, client: FlaskClient, clock: FrozenClock, secret: str) -> None:
    code = code_of(secret, clock)
    assert log_in(client, code).status_code == 303
    assert log_in(app.test_client(), code).status_code == 401
    clock.advance(seconds=30)
    assert log_in(app.test_client(), code).status_code == 401
    assert log_in(app.test_client(), code_of(secret, clock)).status_code == 303


@pytest.mark.parametrize(("password", "code"), [(PASSWORD, "000000"), (PASSWORD, "x" * 10), ("wrong", "right")])
def test_what_was_wrong_is_not_told(
    client: FlaskClient, clock: FrozenClock, secret: str, password: str, code: str
) -> None:
    answer = log_in(client, code_of(secret, clock) if code == "right" else code, password=password)
    assert answer.status_code == 401
    assert "账号、密码或动态码不对" in answer.text
    assert token_of(client) == ""


def test_a_password_alone_opens_nothing(client: FlaskClient, zhao: Operator) -> None:
    assert log_in(client, "123456").status_code == 401


def test_wrong_codes_are_slowed_like_wrong_passwords(client: FlaskClient, clock: FrozenClock, secret: str) -> None:
    assert [log_in(client, "000000").status_code for _ in range(6)] == [401] * 5 + [429]
    assert log_in(client, code_of(secret, clock)).status_code == 429


def test_the_api_asks_for_the_second_factor_once_there_is_one(
    client: FlaskClient, clock: FrozenClock, secret: str
) -> None:
    body = {"name": "zhao", "password": PASSWORD}
    assert client.post("/api/admin/login", json=body).status_code == 401
    assert client.post("/api/admin/login", json={**body, "code": code_of(secret, clock)}).status_code == 200


def test_a_recovery_code_stands_in_once(app: Flask, client: FlaskClient, unit: Transactions, zhao: Operator,
                                        secret: str) -> None:  # fmt: skip
    with unit(Actor(Role.OPERATOR, zhao.id)) as ctx:
        code = second_factors.new_recovery_codes(ctx)[0]
        assert second_factors.recovery_codes_left(ctx) == 10
    assert log_in(client, f"{code[:5]}-{code[5:]}".upper()).status_code == 303
    assert log_in(app.test_client(), code).status_code == 401


def test_a_printed_link_opens_the_console_once(app: Flask, unit: Transactions, zhao: Operator) -> None:
    code, client = link_for(unit, "zhao"), app.test_client()
    page = client.get(f"/console/enter?code={code}")
    assert token_of(client) == ""
    answer = client.post("/console/enter", data={"link": hidden(page, "link")})
    assert (answer.status_code, client.get("/console").status_code) == (303, 200)
    again = app.test_client()
    assert again.post("/console/enter", data={"link": code}).status_code == 401
    assert token_of(again) == ""


def test_guessed_links_are_slowed_and_good_ones_are_not(app: Flask, unit: Transactions, zhao: Operator) -> None:
    def enter(link: str) -> int:
        return app.test_client().post("/console/enter", data={"link": link}).status_code

    assert [enter(link_for(unit, "zhao")) for _ in range(6)] == [303] * 6
    assert [enter("never made") for _ in range(6)] == [401] * 5 + [429]
    assert enter(link_for(unit, "zhao")) == 429


def test_a_link_ends_after_ten_minutes(unit: Transactions, zhao: Operator, clock: FrozenClock) -> None:
    code = link_for(unit, "zhao")
    clock.advance(minutes=10)
    with unit(SYSTEM) as ctx, pytest.raises(CodeExpired):
        operator_links.use(ctx, code)
    with unit(SYSTEM) as ctx, pytest.raises(CodeWrong):
        operator_links.use(ctx, "never made")


def test_a_link_stands_in_for_the_password_only(
    app: Flask, unit: Transactions, clock: FrozenClock, secret: str
) -> None:
    client, code = app.test_client(), link_for(unit, "zhao")
    assert client.post("/console/enter", data={"link": code, "code": "000000"}).status_code == 401
    assert client.post("/console/enter", data={"link": code, "code": code_of(secret, clock)}).status_code == 303


def test_a_session_that_was_planted_is_not_the_one_that_gets_in(
    app: Flask, unit: Transactions, clock: FrozenClock, zhao: Operator, secret: str
) -> None:
    planted, client = "planted-by-somebody-else", app.test_client()
    client.set_cookie(CONSOLE_COOKIE, planted, path="/console")
    assert log_in(client, code_of(secret, clock)).status_code == 303
    assert token_of(client) not in ("", planted)
    assert browser_of(app, zhao, planted).get("/console").status_code == 401


def test_logging_in_anew_ends_the_session_before(app: Flask, clock: FrozenClock, secret: str, zhao: Operator) -> None:
    client = app.test_client()
    log_in(client, code_of(secret, clock))
    before = token_of(client)
    clock.advance(minutes=1)
    log_in(client, code_of(secret, clock))
    assert token_of(client) != before
    assert browser_of(app, zhao, before).get("/console").status_code == 401


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/console/../x y", "/console\\evil", "/m"])
def test_logging_in_leads_nowhere_else(client: FlaskClient, clock: FrozenClock, secret: str, to: str) -> None:
    assert log_in(client, code_of(secret, clock), to=to).location == "/console"


def test_a_console_left_alone_falls_shut_and_one_in_use_lasts_a_working_day(app: Flask, clock: FrozenClock) -> None:
    idle, used = visit(app), visit(app)
    for _ in range(3):
        clock.advance(minutes=20)
        assert used.get("/console").status_code == 200
    assert idle.get("/console").status_code == 401
    for _ in range(60):
        clock.advance(minutes=20)
        last = used.get("/console/me").status_code
    assert last == 401


def test_a_dashboard_that_refreshes_itself_keeps_no_session_awake(app: Flask, clock: FrozenClock) -> None:
    alone = visit(app)
    for _ in range(2):
        clock.advance(minutes=14)
        assert alone.client.get("/console", headers={"HX-Trigger": "now"}).status_code == 200
    clock.advance(minutes=3)
    answer = alone.client.get("/console", headers={"HX-Trigger": "now"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


def test_logging_out_everywhere_ends_every_session(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    with unit(SYSTEM) as ctx:
        token = sessions.open_session(ctx, "console", operator_id=browser.operator.id)
        api = sessions.open_session(ctx, "admin", operator_id=browser.operator.id)
    other: Browser = browser_of(app, browser.operator, token)
    assert browser.send("/console/logout-everywhere").status_code == 303
    assert [one.get("/console").status_code for one in (browser, other)] == [401, 401]
    assert app.test_client().get("/api/admin/alerts", headers={"Authorization": f"Bearer {api}"}).status_code == 401


def test_logging_out_ends_this_session(app: Flask) -> None:
    browser = visit(app)
    assert browser.send("/console/logout").status_code == 303
    assert browser.get("/console").status_code == 401


def test_setting_up_a_second_factor_shows_recovery_codes_once(app: Flask, clock: FrozenClock) -> None:
    browser = visit(app)
    page = browser.get("/console/me")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    wrong = browser.send("/console/me/second-factor", sealed=hidden(page, "sealed"), code="000000")
    assert wrong.status_code == 422
    done = browser.send("/console/me/second-factor", sealed=hidden(page, "sealed"), code=code_of(secret, clock))
    assert done.text.count("<li><code>") == 10
    assert secret not in browser.get("/console/me").text


def test_an_offered_secret_is_good_for_its_own_operator_and_a_quarter_of_an_hour(
    app: Flask, clock: FrozenClock
) -> None:
    page, other = visit(app).get("/console/me"), visit(app)
    secret, sealed = page.text.split('class="secret">')[1].split("<")[0], hidden(page, "sealed")
    assert other.send("/console/me/second-factor", sealed=sealed, code=code_of(secret, clock)).status_code == 422
    own = other.get("/console/me")
    secret = own.text.split('class="secret">')[1].split("<")[0]
    clock.advance(minutes=16)
    late = other.send("/console/me/second-factor", sealed=hidden(own, "sealed"), code=code_of(secret, clock))
    assert late.status_code == 422
