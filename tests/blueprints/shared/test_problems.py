"""Every refusal is a problem document with a sentence for people; a failure says nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.shared.guards import public
from blueprints.shared.problems import STATUS
from domain import errors
from domain.errors import DomainError, Kind
from services.ports import Unreachable
from services.words import REFUSALS, refusal
from tests.leaks import LogTail


def raising(app: Flask, error: Exception) -> FlaskClient:
    """A client of an app whose `/raise` raises `error`."""

    def view() -> str:
        raise error

    app.add_url_rule("/raise", view_func=public(view))
    return app.test_client()


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def test_every_refusal_has_a_chinese_sentence_and_no_sentence_is_left_over() -> None:
    assert {error.code() for error in errors.all_errors()} == set(REFUSALS)


@pytest.mark.parametrize("error", errors.all_errors(), ids=lambda error: error.code())
def test_every_refusal_speaks_with_and_without_its_facts(error: type[DomainError]) -> None:
    assert refusal(error())
    assert "3" in refusal(errors.SoldOut(free=3))


def test_a_refusal_names_code_status_sentence_and_facts(app: Flask) -> None:
    response = raising(app, errors.SoldOut(free=2)).get("/raise", headers={"X-Request-ID": "request-1234"})
    assert (response.status_code, response.content_type) == (409, "application/problem+json")
    assert response.get_json() == {
        "type": "/docs#sold_out",
        "title": "Fewer units are free than were asked for; `free` says how many are left.",
        "status": 409,
        "code": "sold_out",
        "detail": "余量不足，还剩 2 份。",
        "request_id": "request-1234",
        "facts": {"free": 2},
    }


def test_an_invalid_value_names_its_field(app: Flask) -> None:
    body = raising(app, errors.Invalid("must be even", field="units")).get("/raise").get_json()
    assert body["errors"] == {"units": ["must be even"]}


def test_too_many_tells_when_to_come_again(app: Flask) -> None:
    response = raising(app, errors.TooMany(retry_after=7)).get("/raise")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")


def test_an_unreachable_outside_is_unavailable_and_no_error_of_ours(app: Flask, log_tail: LogTail) -> None:
    response = raising(app, Unreachable("no answer", retry_after=9)).get("/raise")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "9")
    assert '"level": "error"' not in log_tail.text()


def test_a_failure_says_nothing_and_logs_without_its_values(app: Flask, log_tail: LogTail) -> None:
    response = raising(app, ValueError("phone 13800001234")).get("/raise")
    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")
    assert "13800001234" not in response.text + log_tail.text()
    assert '"level": "error"' in log_tail.text()
    assert "test_problems.py" in log_tail.text()


def test_flask_s_own_refusals_keep_their_headers(client: FlaskClient) -> None:
    response = client.post("/livez")
    assert (response.status_code, response.get_json()["code"]) == (405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]
    assert client.get("/nowhere").get_json()["code"] == "not_found"


def test_a_body_of_more_than_a_megabyte_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/resident/login", data=b"{" + b" " * 1_100_000 + b"}", content_type="application/json")
    assert (response.status_code, response.get_json()["code"]) == (413, "request_entity_too_large")


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "new\tline1"])
def test_a_strange_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_careful_headers_are_on_every_answer(client: FlaskClient) -> None:
    for path in ("/livez", "/docs", "/nowhere", "/api/resident/me"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/api/resident/me").headers["Cache-Control"] == "no-store"
