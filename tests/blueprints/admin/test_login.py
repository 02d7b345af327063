"""Operators sign in by password, slowly after mistakes, and see what waits for them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from domain.errors import Invalid
from domain.ids import new_id
from models import Notification
from services import audit, operators
from services.transactions import Transactions
from tests.builders import people
from tests.builders.people import bearer

PASSWORD = "correct horse battery"


@pytest.fixture
def operator(unit: Transactions) -> str:
    """An operator's name."""
    with unit(SYSTEM) as ctx:
        return operators.create(ctx, "zhao", PASSWORD).name


def test_an_operator_signs_in_and_out(client: FlaskClient, operator: str) -> None:
    token = client.post("/api/admin/login", json={"name": operator, "password": PASSWORD}).get_json()["token"]
    [device] = client.get("/api/admin/sessions", headers=bearer(token)).get_json()
    other = client.post("/api/admin/login", json={"name": operator, "password": PASSWORD}).get_json()["token"]
    assert client.delete(f"/api/admin/sessions/{device['id']}", headers=bearer(other)).status_code == 204
    assert client.get("/api/admin/sessions", headers=bearer(token)).status_code == 401
    token = other
    assert client.delete("/api/admin/sessions/current", headers=bearer(token)).status_code == 204
    assert client.get("/api/admin/sessions", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("name", ["zhao", "nobody"])
def test_after_five_wrong_passwords_even_the_right_one_waits(client: FlaskClient, operator: str, name: str) -> None:
    tries = [client.post("/api/admin/login", json={"name": name, "password": "wrong"}).status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]
    assert client.post("/api/admin/login", json={"name": name, "password": PASSWORD}).status_code == 429


def test_a_password_is_kept_as_a_salted_hash(unit: Transactions) -> None:
    first, second = operators.hashed(PASSWORD), operators.hashed(PASSWORD)
    assert first != second
    assert PASSWORD not in first
    assert operators.matches(PASSWORD, first)
    assert not operators.matches(PASSWORD + "x", first)
    assert not operators.matches(PASSWORD, "-")


def test_made_up_names_do_not_escape_the_bound_on_tries(client: FlaskClient, operator: str) -> None:
    tries = [
        client.post("/api/admin/login", json={"name": f"nobody-{number}", "password": "x" * 12}).status_code
        for number in range(31)
    ]
    assert tries == [401] * 30 + [429]


@pytest.mark.parametrize(("name", "password"), [("zhao", PASSWORD), ("", PASSWORD), ("qian", "short")])
def test_a_taken_name_or_a_short_password_makes_no_operator(
    unit: Transactions, operator: str, name: str, password: str
) -> None:
    with pytest.raises(Invalid), unit(SYSTEM) as ctx:
        operators.create(ctx, name, password)


def test_alerts_and_unreached_people_are_listed_masked(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        audit.alert(ctx, "gateway_down", "cause-1", "The gateway cannot confirm.")
        for reached_by, title in (("page", "到货了"), ("subscribe", "到货了")):
            ctx.session.add(
                Notification(
                    public_id=new_id("Notification", ctx.now), resident_id=people.resident(ctx, "王小明").id,
                    kind="arrival", cause=reached_by, title=title, body="", reached_by=reached_by, created_at=ctx.now,
                )
            )  # fmt: skip
        headers = bearer(people.token(ctx, people.operator(ctx)))
    assert [alert["kind"] for alert in client.get("/api/admin/alerts", headers=headers).get_json()] == ["gateway_down"]
    [missed] = client.get("/api/admin/unreached", headers=headers).get_json()["items"]
    assert (missed["name"], missed["campaign"]) == ("王**", None)
    other = client.get(f"/api/admin/unreached?campaign=cmp_{'0' * 26}", headers=headers)
    assert other.get_json()["items"] == []
    assert client.get("/api/admin/unreached?campaign=x", headers=headers).status_code == 422
