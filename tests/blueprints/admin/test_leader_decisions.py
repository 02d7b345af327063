"""The operator's doors for leaders, communities and staff."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders import people
from tests.builders.people import bearer


@pytest.fixture
def operator(unit: Transactions) -> dict[str, str]:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, people.operator(ctx)))


def test_a_suspended_leader_is_shut_out_with_the_next_request(
    client: FlaskClient, unit: Transactions, operator: dict[str, str]
) -> None:
    with unit(SYSTEM) as ctx:
        leader = people.leader(ctx)
        path, token = f"/api/admin/leaders/{leader.public_id}", bearer(people.token(ctx, leader))
    assert client.get("/api/leader/points", headers=token).status_code == 200
    client.post(f"{path}/suspend", json={"reason": "核实投诉"}, headers=operator)
    assert client.get("/api/leader/points", headers=token).status_code == 403
    client.post(f"{path}/reinstate", json={"reason": "已核实"}, headers=operator)
    assert client.get("/api/leader/points", headers=token).status_code == 200


def test_applications_are_listed_by_state(client: FlaskClient, unit: Transactions, operator: dict[str, str]) -> None:
    with unit(SYSTEM) as ctx:
        people.leader(ctx)
        waiting = people.leader(ctx, state="applied").public_id
    listed = client.get("/api/admin/leaders?state=applied", headers=operator).get_json()["items"]
    assert [row["id"] for row in listed] == [waiting]
    unknown = client.get("/api/admin/leaders?state=lost", headers=operator)
    assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["state"])


def test_a_community_is_added_once(client: FlaskClient, operator: dict[str, str]) -> None:
    answers = [client.post("/api/admin/communities", json={"name": "幸福里"}, headers=operator) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 422]
    assert len(client.get("/api/admin/communities", headers=operator).get_json()["items"]) == 1


def test_the_operator_removes_staff_anywhere(client: FlaskClient, unit: Transactions, operator: dict[str, str]) -> None:
    with unit(SYSTEM) as ctx:
        staff = people.staff(ctx, people.point(ctx, people.leader(ctx)))
        path = f"/api/admin/staff/{staff.public_id}/remove"
    assert client.post(path, json={"reason": "投诉属实"}, headers=operator).get_json()["state"] == "removed"
    assert client.post(path, json={"reason": "再次"}, headers=operator).status_code == 409


def test_a_leader_is_no_operator(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        token = bearer(people.token(ctx, people.leader(ctx)))
    assert client.get("/api/admin/leaders", headers=token).status_code == 403
