"""Whatever is malformed is refused by a problem that names the field: no 5xx, nothing at ERROR, no row changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from chaos import dumps
from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders import people
from tests.leaks import LogTail
from tests.withstand.document import Document, Operation

PROBLEM = "application/problem+json"
IDS = ("x", "ord_", "ord_" + "0" * 26, "字", "%00", "'--", "a" * 3000, "%ff%fe", "..%2f..", "-1", "null")
PAGES = ("limit=0", "limit=101", "limit=x", "limit=-1", "limit=1.5", "limit=", "limit=%EF%BC%99", "limit=" + "9" * 500,
         "cursor=x", "cursor=a.b", "cursor=%00", "cursor=%E5%AD%97.x", "cursor=" + "a" * 3000)  # fmt: skip
KEYS = ("", "short", "with a space in it", "a" * 81, "tab\tin it", "umlaut-ä-in-it")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class Caller:
    """Calls every route with a token that opens it, and judges each answer."""

    def __init__(self, client: FlaskClient, unit: Transactions, log: LogTail) -> None:
        self.client, self.unit, self.log = client, unit, log
        self.document = Document(client.get("/openapi.json").get_json())
        with unit(SYSTEM) as ctx:
            leader = people.leader(ctx)
            resident = people.token(ctx, leader)
            desk = people.token(ctx, people.staff(ctx, people.point(ctx, leader)))
            self.tokens = {"resident": resident, "leader": resident, "station": desk,
                           "admin": people.token(ctx, people.operator(ctx))}  # fmt: skip
        self.before = dumps.digest(unit.engine)
        self.number = 0

    def call(self, operation: Operation, body: bytes = b"", query: str = "", key: str | None = None,
             part: str = "ord_" + "0" * 26, kind: str = "application/json") -> TestResponse:  # fmt: skip
        """One request; a fresh Idempotency-Key unless one is given."""
        self.number += 1
        path = operation.path
        for name in operation.parts:
            path = path.replace(f"{{{name}}}", part)
        token = self.tokens[operation.path.split("/")[2]]
        desk_of_a_resident = operation.name in ("station_join_desk", "station_log_in", "station_join", "station_login")
        headers = people.bearer(self.tokens["resident"] if desk_of_a_resident else token)
        headers["Idempotency-Key"] = f"malformed-{self.number}" if key is None else key
        return self.client.open(
            f"{path}?{query}", method=operation.method, data=body, headers=headers, content_type=kind
        )

    def refused(self, answer: TestResponse) -> bool:
        """Whether it is a proper refusal."""
        told = answer.get_json(silent=True) or {}
        return 400 <= answer.status_code < 500 and answer.mimetype == PROBLEM and bool(told.get("code"))

    def named(self, answer: TestResponse, place: str) -> bool:
        """Whether a 422 names the place, or what holds it or lies in it."""
        fields = (answer.get_json(silent=True) or {}).get("errors", {})
        return answer.status_code == 422 and any(_near(field, place) for field in fields)

    def left_no_trace(self) -> bool:
        """Nothing changed and nothing was logged as an error."""
        return dumps.digest(self.unit.engine) == self.before and '"level": "error"' not in self.log.text()


def _near(field: str, place: str) -> bool:
    first, second = f"{field}.".replace("[", "."), f"{place}."
    return first.startswith(second) or second.startswith(first)


@pytest.fixture
def caller(client: FlaskClient, unit: Transactions, log_tail: LogTail) -> Caller:
    """One with all tokens."""
    return Caller(client, unit, log_tail)


def _wrong_bodies(document: Document) -> Iterator[tuple[Operation, str, bytes]]:
    for operation in document.operations:
        if operation.body is not None:
            for place, body in document.wrong(operation.body):
                yield operation, place, json.dumps(body).encode()


def test_each_wrong_value_of_each_field_of_each_body_is_refused_by_name(caller: Caller) -> None:
    tried, missed = 0, []
    for operation, place, body in _wrong_bodies(caller.document):
        tried += 1
        answer = caller.call(operation, body)
        if not (caller.refused(answer) and caller.named(answer, place)):
            missed.append((operation.name, place, body[:120], answer.status_code, answer.text[:200]))
    assert missed == []
    assert tried > 1000
    assert caller.left_no_trace()


def test_every_malformed_page_is_refused_by_name(caller: Caller) -> None:
    paged = [operation for operation in caller.document.operations if operation.paged and not operation.parts]
    answers = {(one.name, query[:30]): (caller.call(one, query=query), query.partition("=")[0])
               for one in paged for query in PAGES}  # fmt: skip
    assert {place for place, (answer, name) in answers.items() if not caller.named(answer, name)} == set()
    assert caller.left_no_trace()


def test_every_malformed_field_of_a_query_is_refused_by_name(caller: Caller) -> None:
    asked = [(one, name) for one in caller.document.operations for name in one.query]
    values = ("%00", "a%ED%A0%80b%00", "%E5%AD%97" * 300)
    answers = {(one.name, name, value[:9]): (caller.call(one, query=f"{name}={value}"), name)
               for one, name in asked for value in values}  # fmt: skip
    assert len(asked) >= 4
    missed = {place: answer.text for place, (answer, name) in answers.items() if not caller.named(answer, name)}
    assert missed == {}
    assert caller.left_no_trace()


def test_every_malformed_key_is_refused_by_name(caller: Caller) -> None:
    keyed = [operation for operation in caller.document.operations if operation.keyed]
    answers: dict[tuple[str, str], TestResponse] = {}
    for one in keyed:
        body = json.dumps(caller.document.right(one.body)).encode() if one.body else b""
        answers |= {(one.name, key): caller.call(one, body, key=key) for key in KEYS}
    assert len(keyed) >= 5
    missed = {place: answer.text for place, answer in answers.items() if not caller.named(answer, "Idempotency-Key")}
    assert missed == {}
    assert caller.left_no_trace()


def test_no_made_up_id_in_a_path_is_an_error(caller: Caller) -> None:
    answers: dict[tuple[str, str], TestResponse] = {}
    for one in caller.document.operations:
        body = json.dumps(caller.document.right(one.body)).encode() if one.body else b""
        answers |= {(one.name, part[:20]): caller.call(one, body, part=part) for part in IDS if one.parts}
    assert {place: answer.text for place, answer in answers.items() if not caller.refused(answer)} == {}
    assert caller.left_no_trace()


@settings(max_examples=150, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(data=st.data())
def test_no_json_at_all_is_an_error(caller: Caller, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([one for one in caller.document.operations if one.body is not None]))
    names = st.sampled_from([*caller.document.resolved(one.body or {}).get("properties", {}), "surprise"])
    body: Any = data.draw(JSON | st.dictionaries(names, JSON, max_size=4))
    answer = caller.call(one, json.dumps(body).encode())
    assert caller.refused(answer) or answer.status_code < 300, (one.name, body, answer.text)
    assert '"level": "error"' not in caller.log.text()


def test_a_view_that_takes_anything_would_be_seen(app: Flask, unit: Transactions, log_tail: LogTail) -> None:
    def careless() -> tuple[dict[str, str], int]:
        raise KeyError("units")

    careless.audience = "public"  # type: ignore[attr-defined]  # what the guard reads
    name = "resident.place_order"
    app.view_functions[name] = careless
    caller = Caller(app.test_client(), unit, log_tail)
    placing = next(one for one in caller.document.operations if one.path == "/api/resident/orders" and one.body)
    assert not caller.refused(caller.call(placing, b"{}"))
    assert not caller.left_no_trace()
