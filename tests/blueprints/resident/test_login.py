"""A resident logs in by the mini-program, keeps a phone, and sees what they were told."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain.actors import SYSTEM
from domain.ids import new_id
from models import Notification, Resident, Session
from services.ports import Unreachable
from services.transactions import Transactions
from tests.builders import people
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer

ME = "/api/resident/me"


def log_in(client: FlaskClient, openid: str = "openid-of-wang") -> dict[str, str]:
    """The headers of somebody who just logged in."""
    response = client.post("/api/resident/login", json={"js_code": f"openid:{openid}", "device": "iPhone"})
    assert response.status_code == 200
    return bearer(response.get_json()["token"])


def test_the_first_login_makes_the_resident_and_the_second_finds_them(client: FlaskClient) -> None:
    first, second = (client.get(ME, headers=log_in(client)).get_json() for _ in range(2))
    assert first["id"] == second["id"]
    assert first == {
        "id": first["id"], "nickname": "", "anonymous": False, "phone": "", "leader_state": None, "leader": None,
        "home_point": None, "stations": [], "name_check": None,
    }  # fmt: skip


def test_a_bad_code_is_refused_and_leaves_nothing(client: FlaskClient, unit: Transactions) -> None:
    response = client.post("/api/resident/login", json={"js_code": "stale"})
    assert (response.status_code, response.get_json()["code"]) == (401, "login_refused")
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Resident)) == 0


def test_while_the_platform_is_away_login_is_unavailable(client: FlaskClient, outside: PretendOutside) -> None:
    outside.mini_program.fails = Unreachable("away", retry_after=3)
    response = client.post("/api/resident/login", json={"js_code": "openid:x"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")


def test_a_profile_is_changed_and_unknown_fields_are_refused(client: FlaskClient) -> None:
    headers = log_in(client)
    assert client.put(ME, headers=headers, json={"nickname": " 小王 "}).get_json()["nickname"] == "小王"
    for body in ({"openid": "x"}, {"role": "leader"}, {"anonymous": "yes"}):
        refused = client.put(ME, headers=headers, json=body)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, list(body))


def test_the_phone_comes_from_the_platform_and_is_shown_masked(client: FlaskClient) -> None:
    headers = log_in(client)
    answer = client.post("/api/resident/phone", headers=headers, json={"code": "phone:13900005678"})
    assert answer.get_json()["phone"] == "139****5678"
    bad = client.post("/api/resident/phone", headers=headers, json={"code": "no"})
    assert list(bad.get_json()["errors"]) == ["code"]
    taken = client.post(
        "/api/resident/phone", headers=log_in(client, "openid-of-li"), json={"code": "phone:13900005678"}
    )
    assert (taken.status_code, taken.get_json()["code"]) == (409, "phone_taken")


def test_a_lost_phone_is_shut_out_within_one_request(client: FlaskClient) -> None:
    lost, kept = log_in(client), log_in(client)
    devices = client.get("/api/resident/sessions", headers=kept).get_json()
    assert [device["device"] for device in devices] == ["iPhone", "iPhone"]
    assert client.delete(f"/api/resident/sessions/{devices[-1]['id']}", headers=kept).status_code == 204
    assert client.get(ME, headers=lost).status_code == 401
    assert client.get(ME, headers=kept).status_code == 200


def test_a_person_logs_out_here_or_everywhere(client: FlaskClient) -> None:
    first, second, third = log_in(client), log_in(client), log_in(client)
    assert client.delete("/api/resident/sessions/current", headers=first).status_code == 204
    assert [client.get(ME, headers=headers).status_code for headers in (first, second)] == [401, 200]
    assert client.delete("/api/resident/sessions", headers=second).status_code == 204
    assert [client.get(ME, headers=headers).status_code for headers in (second, third)] == [401, 401]


def test_a_chat_code_is_given(client: FlaskClient) -> None:
    answer = client.post("/api/resident/chat-codes", headers=log_in(client))
    assert (answer.status_code, len(answer.get_json()["code"])) == (201, 6)


def test_notices_are_mine_newest_first_and_stay_read(client: FlaskClient, unit: Transactions) -> None:
    headers = log_in(client)
    with unit(SYSTEM) as ctx:
        me = ctx.session.scalars(select(Resident)).one()
        for owner, title in ((me, "到货了"), (me, "已退款"), (people.resident(ctx), "别人的")):
            ctx.session.add(
                Notification(
                    public_id=new_id("Notification", ctx.now), resident_id=owner.id, kind="arrival", cause=title,
                    title=title, body="", reached_by="page", created_at=ctx.now,
                )
            )  # fmt: skip
    listed = client.get("/api/resident/notifications", headers=headers).get_json()["items"]
    assert [item["title"] for item in listed] == ["已退款", "到货了"]
    read = client.post(f"/api/resident/notifications/{listed[0]['id']}/read", headers=headers).get_json()
    assert read["read_at"] is not None
    stranger = log_in(client, "openid-of-li")
    assert client.post(f"/api/resident/notifications/{listed[0]['id']}/read", headers=stranger).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer a b", "Token x", f"Bearer {'x' * 300}"])
def test_a_malformed_authorization_is_no_login(client: FlaskClient, unit: Transactions, header: str) -> None:
    response = client.get(ME, headers={"Authorization": header})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Session)) == 0
