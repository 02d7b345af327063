"""Nobody gets past the console's door by chance: no session, another role's session, a foreign form, a wrong kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.admin.door import DUTIES
from blueprints.shared.guards import audience_of
from domain.actors import SYSTEM
from domain.operators import Duty, OperatorKind, may
from models import Leader
from services.transactions import Transactions
from tests.blueprints.console.visits import browser_of, visit
from tests.blueprints.test_every_route import routes, rows
from tests.builders import people
from tests.builders.people import bearer


def guarded(app: Flask, audience: str = "console") -> Iterator[tuple[str, str, str, Duty]]:
    """(endpoint, method, path, duty) of every route of an operators' door."""
    for endpoint, method, path, whose in routes(app):
        if whose == audience:
            yield endpoint, method, path, vars(app.view_functions[endpoint])["duty"]


def test_without_a_session_every_page_and_act_is_the_log_in_page(app: Flask, client: FlaskClient) -> None:
    for endpoint, method, path, _ in guarded(app):
        answer = client.open(path, method=method)
        assert answer.status_code == 401, endpoint
        assert 'name="password"' in answer.text, endpoint


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_each_kind_of_operator_opens_what_its_duties_say_and_nothing_else(
    app: Flask, unit: Transactions, kind: str
) -> None:
    browser = visit(app, kind)
    with unit.reading() as ctx:
        before = rows(ctx)
    for endpoint, method, path, duty in guarded(app):
        if may(kind, duty):
            continue
        answer = browser.get(path) if method == "GET" else browser.send(path)
        assert answer.status_code == 403, endpoint
        assert "没有权限" in answer.text, endpoint
    with unit.reading() as ctx:
        assert rows(ctx) == before


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_the_api_holds_to_the_same_duties(app: Flask, client: FlaskClient, unit: Transactions, kind: str) -> None:
    with unit(SYSTEM) as ctx:
        operator = people.operator(ctx)
        operator.kind = kind
        headers = bearer(people.token(ctx, operator))
    refused = {
        endpoint
        for endpoint, method, path, duty in guarded(app, "admin")
        if not may(kind, duty) and client.open(path, method=method, headers=headers, json={}).status_code != 403
    }
    assert refused == set()


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_whoever_has_the_duty_is_not_refused(app: Flask, kind: str) -> None:
    browser = visit(app, kind)
    for endpoint, method, path, duty in guarded(app):
        if "log_out" in endpoint or not may(kind, duty):
            continue
        answer = browser.get(path) if method == "GET" else browser.send(path)
        assert answer.status_code in (200, 303, 404, 409, 422), (endpoint, answer.status_code)


def test_every_act_asks_for_the_token_of_its_session(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    with unit.reading() as ctx:
        before = rows(ctx)
    for endpoint, method, path, _ in guarded(app):
        if method == "POST":
            answer = browser.client.post(path, data={"key": "a-key-of-sixteen-letters", "csrf": "made up"})
            assert answer.status_code == 403, endpoint
    with unit.reading() as ctx:
        assert rows(ctx) == before


def test_every_module_of_the_api_that_acts_names_a_duty_of_its_own(app: Flask) -> None:
    acting = {
        app.view_functions[endpoint].__module__.rpartition(".")[2]
        for endpoint, method, _, _ in guarded(app, "admin")
        if method != "GET"
    }
    assert acting <= set(DUTIES)
    assert {module for module, duty in DUTIES.items() if duty is Duty.LOOK} == {"login"}


def test_a_session_of_the_api_opens_no_console_and_a_cookie_no_api(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    with unit(SYSTEM) as ctx:
        token = people.token(ctx, browser.operator)
        resident = people.token(ctx, people.resident(ctx))
    assert browser_of(app, browser.operator, token).get("/console").status_code == 403
    assert browser_of(app, browser.operator, resident).get("/console").status_code == 403
    assert browser.get("/api/admin/alerts").status_code == 401


def applicant(unit: Transactions) -> str:
    """The public id of somebody who applied."""
    with unit(SYSTEM) as ctx:
        return people.leader(ctx, state="applied").public_id


def state_of(unit: Transactions, public_id: str) -> str:
    """Where the application stands."""
    with unit.reading() as ctx:
        return ctx.session.query(Leader.state).filter(Leader.public_id == public_id).scalar() or ""


@pytest.mark.parametrize(
    ("given", "headers"),
    [
        ({}, {}),
        ({"csrf": "made up"}, {}),
        ({"csrf": "own"}, {"Origin": "https://evil.example"}),
        ({"csrf": "own"}, {"Origin": "null"}),
        ({"csrf": "own"}, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_a_foreign_form_changes_nothing(
    app: Flask, unit: Transactions, given: dict[str, str], headers: dict[str, str]
) -> None:
    leader, browser = applicant(unit), visit(app)
    fields = {name: browser.form_token if value == "own" else value for name, value in given.items()}
    data = {"key": "a-key-of-sixteen-letters", **fields}
    answer = browser.client.post(f"/console/leaders/{leader}/approve", data=data, headers=headers)
    assert (answer.status_code, state_of(unit, leader)) == (403, "applied")


def test_the_same_form_from_our_own_page_is_heard(app: Flask, unit: Transactions) -> None:
    leader, browser = applicant(unit), visit(app)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    data = {"csrf": browser.form_token, "key": "a-key-of-sixteen-letters"}
    answer = browser.client.post(f"/console/leaders/{leader}/approve", data=data, headers=headers)
    assert (answer.status_code, state_of(unit, leader)) == (303, "approved")


def test_htmx_may_carry_the_token_in_its_header(app: Flask, unit: Transactions) -> None:
    leader, browser = applicant(unit), visit(app)
    answer = browser.client.post(
        f"/console/leaders/{leader}/approve", data={"key": "a-key-of-sixteen-letters"},
        headers={"X-Form-Token": browser.form_token},
    )  # fmt: skip
    assert (answer.status_code, state_of(unit, leader)) == (303, "approved")


def test_another_sessions_token_is_a_foreign_one(app: Flask, unit: Transactions) -> None:
    leader, browser, other = applicant(unit), visit(app), visit(app)
    data = {"csrf": other.form_token, "key": "a-key-of-sixteen-letters"}
    assert browser.client.post(f"/console/leaders/{leader}/approve", data=data).status_code == 403
    assert state_of(unit, leader) == "applied"


def test_a_foreign_page_cannot_log_anybody_in(client: FlaskClient) -> None:
    for path in ("/console/login", "/console/enter"):
        assert client.post(path, data={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("path", ["", "/login", "/orders", "/orders/ord_1", "/nowhere", "/leaders?cursor=x"])
def test_every_answer_keeps_foreign_scripts_and_frames_out(app: Flask, path: str) -> None:
    answer = visit(app).get("/console" + path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "style=" not in answer.text
    assert "<script>" not in answer.text
    assert " on" + "click" not in answer.text


def test_a_page_that_is_not_there_says_so_in_the_consoles_own_words(app: Flask) -> None:
    answer = visit(app).get("/console/nowhere/at/all")
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert answer.mimetype == "text/html"


def test_every_guarded_route_of_the_console_names_its_duty(app: Flask) -> None:
    assert [endpoint for endpoint, _, _, duty in guarded(app) if not isinstance(duty, Duty)] == []
    assert audience_of(app.view_functions["console.style"]) == "public"
