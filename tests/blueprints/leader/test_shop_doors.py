"""The leader's points, staff, catalogue, pictures and chats over HTTP."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from models import Leader, PickupStaff
from services import chat_bindings, staffing
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buyer
from tests.builders.people import bearer
from tests.builders.shops import Shop, shop
from tests.services.test_pictures import photograph

Headers = dict[str, str]


@pytest.fixture
def own(unit: Transactions) -> Shop:
    with unit(SYSTEM) as ctx:
        return shop(ctx)


@pytest.fixture
def headers(unit: Transactions, own: Shop) -> Headers:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Leader, own.actor.id)))


def test_a_leader_builds_a_catalogue(client: FlaskClient, headers: Headers) -> None:
    def post(path: str, **sent: object) -> dict[str, str]:
        answer = client.post(f"/api/leader{path}", json=sent, headers=headers)
        assert answer.status_code == 201, answer.json
        made: dict[str, str] = answer.get_json()
        return made

    merchant = post("/merchants", name="老李海鲜")["id"]
    product = post("/products", merchant_id=merchant, category="seafood", name="大闸蟹", fresh=True)["id"]
    sku = post(f"/products/{product}/skus", spec="3 两公", unit="只", supply_price_fen=4000)["id"]
    newest = client.get("/api/leader/products?limit=1", headers=headers).get_json()["items"][0]
    assert (newest["id"], newest["skus"][0]["id"], newest["fresh"]) == (product, sku, True)


def test_a_refused_category_says_what_is_not_sold(client: FlaskClient, own: Shop, headers: Headers) -> None:
    sent = {"merchant_id": own.merchant, "category": "alcohol", "name": "黄酒"}
    answer = client.post("/api/leader/products", json=sent, headers=headers)
    assert answer.status_code == 422
    assert "not sold here" in answer.get_json()["errors"]["category"][0]


def test_a_picture_is_uploaded_and_shown_with_careful_headers(client: FlaskClient, own: Shop, headers: Headers) -> None:
    path = f"/api/leader/products/{own.product}/pictures"
    sent = {"picture": (BytesIO(photograph()), "../../evil.html"), "alt": "一盒草莓"}
    uploaded = client.post(path, data=sent, headers=headers)
    assert uploaded.status_code == 201
    shown = client.get(f"/api/resident/pictures/{uploaded.get_json()['id']}")
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in shown.headers["Cache-Control"]


def test_what_is_no_picture_is_refused(client: FlaskClient, own: Shop, headers: Headers) -> None:
    path = f"/api/leader/products/{own.product}/pictures"
    fake = client.post(path, data={"picture": (BytesIO(b"<html>"), "a.jpg")}, headers=headers)
    none = client.post(path, json={}, headers=headers)
    assert [(a.status_code, list(a.get_json()["errors"])) for a in (fake, none)] == [(422, ["picture"])] * 2


def test_staff_are_invited_listed_and_shut_out(
    client: FlaskClient, unit: Transactions, own: Shop, headers: Headers
) -> None:
    path = f"/api/leader/points/{own.points[0]}"
    code = client.post(f"{path}/invitations", headers=headers).get_json()["code"]
    with unit(SYSTEM) as ctx:
        person = people.resident(ctx)
        staff = staffing.join(ctx.acting_as(buyer(person.id)), code, "小周")
        people.token(ctx, ctx.session.get_one(PickupStaff, staff.id), device="旧手机")
    (row,) = client.get(f"{path}/staff", headers=headers).get_json()["items"]
    assert [device["device"] for device in row["devices"]] == ["旧手机"]
    device = f"/api/leader/devices/{row['devices'][0]['id']}"
    assert [client.delete(device, headers=headers).status_code for _ in range(2)] == [204, 404]
    removed = client.delete(f"/api/leader/staff/{row['id']}", headers=headers).get_json()
    assert (removed["state"], removed["devices"]) == ("removed", [])


def test_a_chat_is_bound_given_a_key_and_never_shows_it(
    client: FlaskClient, unit: Transactions, own: Shop, headers: Headers
) -> None:
    code = client.post(f"/api/leader/points/{own.points[0]}/chat-codes", headers=headers).get_json()["code"]
    with unit(SYSTEM) as ctx:
        chat_bindings.bind_staff_chat(ctx, "wecom", "room-1", code)
    (chat,) = client.get("/api/leader/chats", headers=headers).get_json()["items"]
    path = f"/api/leader/chats/{chat['id']}/push-key"
    keyed = client.post(path, json={"key": "693axxx6-7aoc-4bc4"}, headers=headers)
    assert (chat["purpose"], chat["can_push"], keyed.get_json()["can_push"]) == ("staff", False, True)
    assert "693axxx6" not in keyed.get_data(as_text=True)
    refused = client.post(path, json={"key": "not a key at all"}, headers=headers)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["key"])


def test_a_point_stands_once_under_a_name(client: FlaskClient, headers: Headers) -> None:
    sent = {"name": "南门驿站", "address": "南门 1 号", "hours": "9:00-21:00"}
    answers = [client.post("/api/leader/points", json=sent, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 422]
    listed = client.get("/api/leader/points", headers=headers).get_json()["items"]
    assert listed[0]["name"] == "南门驿站"
