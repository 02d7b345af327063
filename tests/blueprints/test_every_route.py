"""Every route is guarded or declared public, refuses strangers without a trace, and survives any body."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.shared.guards import AUDIENCES, PUBLIC, audience_of, public
from domain.actors import SYSTEM
from models import Base
from services.context import Ctx
from services.transactions import Transactions
from tests.builders import people
from tests.builders.people import bearer
from tests.leaks import LogTail

ROLES = ("resident", "leader", "station", "admin")
OPENS = {"resident": {"resident"}, "leader": {"resident", "leader"}, "station": {"station"}, "admin": {"admin"}}
"""Which audiences' routes each role's own token opens."""
PUBLIC_ROUTES = {
    "admin.log_in", "console.enter", "console.enter_page", "console.home",
    "console.htmx", "console.log_in", "console.log_in_page",
    "console.script", "console.style",
    "api-docs.openapi_json", "dev.set_clock", "dev.show_clock", "docs.asset", "docs.page", "docs.start",
    "health.livez", "health.metrics", "health.readyz", "mobile.ask_for_paper", "mobile.campaign",
    "mobile.open_paper", "mobile.order", "mobile.own_orders", "mobile.style", "resident.campaign",
    "resident.communities", "resident.follow_link", "resident.log_in",
    "resident.open_campaigns", "resident.picture", "resident.roster",
}  # fmt: skip
BROKEN_BODIES: tuple[tuple[bytes, str], ...] = (
    (b"", "application/json"),
    (b"[]", "application/json"),
    (b"null", "application/json"),
    (b'"text"', "application/json"),
    (b"{", "application/json"),
    (b'{"a": NaN}', "application/json"),
    (b'{"a": ' + b"9" * 5000 + b"}", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b'\xff\xfe{"a": 1}', "application/json"),
    (b'{"surprise": 1}', "application/json"),
    (b'{"surprise\\u0000": "\\ud800"}', "application/json"),
    (b"a=1&b=2", "application/x-www-form-urlencoded"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
)


def routes(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """(endpoint, method, path with made-up ids, audience) of every route."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            for written in (f"<{name}>", f"<string:{name}>", f"<path:{name}>"):
                path = path.replace(written, f"{_prefix(name)}_{'0' * 26}")
            path = path.replace(f"<int:{name}>", "0")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule.endpoint, method, path, str(audience_of(app.view_functions[rule.endpoint]))


def _prefix(argument: str) -> str:
    kinds = {"order_id": "ord", "campaign_id": "cmp", "offer_id": "ofr", "session_id": "ses", "point_id": "pnt"}
    return kinds.get(argument, argument[:3])


def rows(ctx: Ctx) -> str:
    """A fingerprint of everything in the database."""
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        for row in sorted(str(tuple(row)) for row in ctx.session.execute(select(table))):
            digest.update(f"{table.name}{row}".encode())
    return digest.hexdigest()


@pytest.fixture
def tokens(unit: Transactions) -> dict[str, str]:
    """One good token per role."""
    with unit(SYSTEM) as ctx:
        leader = people.leader(ctx)
        return {
            "resident": people.token(ctx, people.resident(ctx)),
            "leader": people.token(ctx, leader),
            "station": people.token(ctx, people.staff(ctx, people.point(ctx, leader))),
            "admin": people.token(ctx, people.operator(ctx)),
        }


def test_every_route_declares_its_audience(app: Flask) -> None:
    assert {endpoint for endpoint, *_, audience in routes(app) if audience not in (*AUDIENCES, PUBLIC)} == set()


def test_nothing_is_public_but_what_is_listed_here(app: Flask) -> None:
    found = {endpoint for endpoint, *_, audience in routes(app) if audience == PUBLIC}
    assert {endpoint for endpoint in found - PUBLIC_ROUTES if not endpoint.startswith("webhooks.")} == set()


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
def test_without_a_token_no_guarded_route_answers(
    app: Flask, client: FlaskClient, unit: Transactions, header: dict[str, str]
) -> None:
    answered = {
        endpoint: response.status_code
        for endpoint, method, path, audience in routes(app)
        if audience != PUBLIC
        and (response := client.open(path, method=method, headers=header, json={})).status_code != 401
    }
    assert answered == {}
    with unit.reading() as ctx:
        assert rows(ctx) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize("role", ROLES)
def test_a_token_opens_no_other_audience_and_changes_nothing(
    app: Flask, client: FlaskClient, unit: Transactions, tokens: dict[str, str], role: str
) -> None:
    with unit.reading() as ctx:
        before = rows(ctx)
    answered = {
        endpoint: response.status_code
        for endpoint, method, path, audience in routes(app)
        if audience not in (PUBLIC, "console")  # a cookie opens that one: tests/blueprints/console
        and audience not in OPENS[role]
        and (response := client.open(path, method=method, headers=bearer(tokens[role]), json={})).status_code != 403
    }
    assert answered == {}
    with unit.reading() as ctx:
        assert rows(ctx) == before


@pytest.mark.parametrize("role", ROLES)
def test_no_body_however_broken_makes_a_server_error(
    app: Flask, client: FlaskClient, tokens: dict[str, str], role: str, log_tail: LogTail
) -> None:
    for endpoint, method, path, audience in routes(app):
        if audience != role or method not in ("POST", "PUT", "PATCH"):
            continue
        for number, (body, kind) in enumerate(BROKEN_BODIES):
            headers = {**bearer(tokens[role]), "Idempotency-Key": f"broken-{number:04}-{endpoint}"}
            response = client.open(path, method=method, headers=headers, data=body, content_type=kind)
            assert response.status_code < 500, (endpoint, body[:20], response.text)
            if response.status_code == 422:
                assert response.get_json()["errors"], (endpoint, body[:20])
    assert '"level": "error"' not in log_tail.text()


@pytest.mark.parametrize("role", ROLES)
def test_made_up_ids_are_not_found_and_never_an_error(
    app: Flask, client: FlaskClient, tokens: dict[str, str], role: str
) -> None:
    for endpoint, method, path, audience in routes(app):
        if audience == role and "_000" in path and method in ("GET", "DELETE"):
            assert client.open(path, method=method, headers=bearer(tokens[role])).status_code == 404, endpoint


def test_an_unsigned_callback_is_refused_and_changes_nothing(
    app: Flask, client: FlaskClient, unit: Transactions
) -> None:
    with unit.reading() as ctx:
        before = rows(ctx)
    for endpoint, method, path, _ in routes(app):
        if endpoint.startswith("webhooks."):
            for body, kind in BROKEN_BODIES:
                response = client.open(path, method=method, data=body, content_type=kind)
                assert 400 <= response.status_code < 500, (endpoint, body[:20], response.text)
    with unit.reading() as ctx:
        assert rows(ctx) == before


def test_each_route_builds_the_address_that_leads_to_it(app: Flask) -> None:
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        values = {name: 7 if f"<int:{name}>" in rule.rule else f"{_prefix(name)}_7" for name in rule.arguments}
        for asked in ({}, {"page": "2"}):
            address = adapter.build(rule.endpoint, {**values, **asked}, method=method)
            path, _, query = address.partition("?")
            assert adapter.match(path, method=method) == (rule.endpoint, values)
            assert query == "&".join(f"{name}={value}" for name, value in asked.items())


def test_a_route_that_declares_nothing_answers_nobody(app: Flask, client: FlaskClient) -> None:
    def forgotten() -> str:
        return "secret"

    app.add_url_rule("/forgotten", view_func=forgotten)
    app.add_url_rule("/meant", "meant", view_func=public(lambda: "open"))
    assert client.get("/forgotten").status_code == 403
    assert client.get("/meant").text == "open"


def test_a_change_of_any_row_would_be_seen(unit: Transactions) -> None:
    prints: list[Any] = []
    for name in ("", "一", "二"):
        with unit(SYSTEM) as ctx:
            if name:
                people.community(ctx, name)
            prints.append(rows(ctx))
    assert len(set(prints)) == 3
