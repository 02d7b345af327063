"""Where real money is, nobody works without a second factor, and the cookie travels over HTTPS only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from domain.actors import SYSTEM
from services import operators
from tests.blueprints.console.test_entering import code_of, link_for
from tests.blueprints.console.visits import hidden, visit
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings as settings_of


@pytest.fixture
def shop(app: Flask, database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside) -> Iterator[Flask]:
    """The product as it runs in production, over the database of `app`."""
    made = create_app(replace(settings_of(tmp_path, database_url), env="production"), clock=clock, outside=outside)
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


def test_without_a_second_factor_every_page_leads_to_the_one_that_sets_it_up(shop: Flask, clock: FrozenClock) -> None:
    browser = visit(shop)
    for path in ("/console", "/console/orders", "/console/nowhere"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) == (303, "/console/me")
    assert browser.send("/console/communities", name="桂花苑").location == "/console/me"
    page = browser.get("/console/me")
    code = code_of(page.text.split('class="secret">')[1].split("<")[0], clock)
    assert browser.send("/console/me/second-factor", sealed=hidden(page, "sealed"), code=code).status_code == 200
    assert browser.get("/console").status_code == 200


def test_the_cookie_is_for_https_only(shop: Flask) -> None:
    unit = shop.extensions["lintuan"].unit
    with unit(SYSTEM) as ctx:
        operators.create(ctx, "qian", "correct horse battery")
    answer = shop.test_client().post("/console/enter", data={"link": link_for(unit, "qian")})
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(("public_url", "base_url", "secure"), [
    ("https://console.example", "http://localhost", True), ("http://127.0.0.1:8000", "https://localhost", True),
    ("http://127.0.0.1:8000", "http://localhost", False),
])  # fmt: skip
def test_elsewhere_the_cookie_is_for_https_only_where_there_is_https(
    app: Flask, database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside, public_url: str,
    base_url: str, secure: bool,
) -> None:  # fmt: skip
    unit = app.extensions["lintuan"].unit
    with unit(SYSTEM) as ctx:
        operators.create(ctx, "qian", "correct horse battery")
    made = create_app(replace(settings_of(tmp_path, database_url), public_url=public_url), clock=clock, outside=outside)
    answer = made.test_client().post("/console/enter", data={"link": link_for(unit, "qian")}, base_url=base_url)
    made.extensions["lintuan"].unit.engine.dispose()
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure


def test_the_api_lets_nobody_in_by_a_password_alone(shop: Flask) -> None:
    with shop.extensions["lintuan"].unit(SYSTEM) as ctx:
        operators.create(ctx, "qian", "correct horse battery")
    body = {"name": "qian", "password": "correct horse battery"}
    assert shop.test_client().post("/api/admin/login", json=body).status_code == 401


@pytest.mark.parametrize(("origin", "status"), [
    ("https://console.example", 401), ("http://console.example", 401), ("https://evil.example", 403),
    ("https://console.example.evil", 403),
])  # fmt: skip
def test_a_form_comes_through_a_proxy_that_speaks_https_for_us(shop: Flask, origin: str, status: int) -> None:
    form = {"name": "nobody", "password": "a password", "code": "123456"}
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin", "Host": "console.example"}
    assert shop.test_client().post("/console/login", data=form, headers=headers).status_code == status
