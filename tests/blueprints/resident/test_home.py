"""The first page, leaders and the own profile over HTTP, as the mini-program asks for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from models import Community, Leader, PickupPoint, Picture, Product, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, scene
from tests.builders.people import bearer

ME = "/api/resident/me"


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(SYSTEM) as ctx:
        return scene(ctx, Terms(quota=10), buyers=1)


@pytest.fixture
def phone(unit: Transactions, stage: Scene) -> dict[str, str]:
    """The headers of a resident's phone."""
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Resident, stage.buyers[0])))


def test_choosing_a_point_fills_the_first_page(
    client: FlaskClient, unit: Transactions, stage: Scene, phone: dict[str, str]
) -> None:
    with unit(SYSTEM) as ctx:
        point = ctx.session.get_one(PickupPoint, stage.point_id)
        community = ctx.session.get_one(Community, point.community_id)
        name, place, neighbourhood = point.name, community.public_id, community.name
        product = ctx.session.query(Product).one()
        ctx.session.add(Picture(public_id="pic_" + "0" * 26, leader_id=stage.leader_id, product_id=product.id,
                                content_type="image/png", created_at=ctx.now))  # fmt: skip
    assert client.get("/api/resident/home", headers=phone).get_json() == {"items": [], "next_cursor": None}
    (offered,) = client.get(f"/api/resident/communities/{place}/points", headers=phone).get_json()["items"]
    assert (offered["id"], offered["name"]) == (stage.point, name)
    changed = client.put(ME, json={"home_point_id": stage.point}, headers=phone)
    assert changed.get_json()["home_point"] == {"id": stage.point, "name": name, "community": neighbourhood}
    (card,) = client.get("/api/resident/home", headers=phone).get_json()["items"]
    assert (card["id"], card["reason"], card["from_price_fen"]) == (stage.campaign, "point", 2990)
    assert card["picture"] == f"/api/resident/pictures/pic_{'0' * 26}"
    assert card["progress"]["text"] == "已团 0 人"


def test_a_change_of_something_else_leaves_the_point_and_null_takes_it_away(
    client: FlaskClient, stage: Scene, phone: dict[str, str]
) -> None:
    client.put(ME, json={"home_point_id": stage.point}, headers=phone)
    assert client.put(ME, json={"nickname": "老王"}, headers=phone).get_json()["home_point"]["id"] == stage.point
    assert client.put(ME, json={"home_point_id": None}, headers=phone).get_json()["home_point"] is None
    assert client.get(ME, headers=phone).get_json()["home_point"] is None


def test_a_point_that_is_closed_or_made_up_is_not_found(
    client: FlaskClient, unit: Transactions, stage: Scene, phone: dict[str, str]
) -> None:
    assert client.put(ME, json={"home_point_id": f"pnt_{'0' * 26}"}, headers=phone).status_code == 404
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(PickupPoint, stage.point_id).active = False
    assert client.put(ME, json={"home_point_id": stage.point}, headers=phone).status_code == 404


def test_the_profile_names_the_own_leadership_and_the_desks_one_works_at(
    client: FlaskClient, unit: Transactions, stage: Scene, phone: dict[str, str]
) -> None:
    plain = client.get(ME, headers=phone).get_json()
    assert (plain["leader"], plain["stations"]) == (None, [])
    with unit(SYSTEM) as ctx:
        me = ctx.session.get_one(Resident, stage.buyers[0])
        point = ctx.session.get_one(PickupPoint, stage.point_id)
        name = point.name
        people.staff(ctx, point, me)
        people.staff(ctx, people.point(ctx, ctx.session.get_one(Leader, stage.leader_id)), me, state="left")
        leader = people.leader(ctx, me, state="applied").public_id
    shown = client.get(ME, headers=phone).get_json()
    assert shown["leader"] == {"id": leader, "state": "applied"}
    assert shown["stations"] == [{"point_id": stage.point, "name": name}]


def test_a_leader_is_followed_and_left_with_one_call_each(
    client: FlaskClient, unit: Transactions, stage: Scene, phone: dict[str, str]
) -> None:
    with unit.reading() as ctx:
        path = f"/api/resident/leaders/{ctx.session.get_one(Leader, stage.leader_id).public_id}"
    assert client.put(f"{path}/follow", headers=phone).get_json() == {"following": True}
    card = client.get(path, headers=phone).get_json()
    assert (card["following"], card["followers"], card["campaigns"][0]["id"]) == (True, 1, stage.campaign)
    (followed,) = client.get("/api/resident/follows", headers=phone).get_json()["items"]
    assert (followed["leader_id"], followed["open_campaigns"]) == (card["id"], 1)
    (first,) = client.get("/api/resident/home", headers=phone).get_json()["items"]
    assert first["reason"] == "leader"
    assert {name: first[name] for name in card["campaigns"][0]} == card["campaigns"][0]
    assert {"picture", "from_price_fen"} < set(card["campaigns"][0])
    assert client.delete(f"{path}/follow", headers=phone).get_json() == {"following": False}
    assert client.get("/api/resident/follows", headers=phone).get_json()["items"] == []


def test_messages_are_allowed_one_by_one(app: Flask, client: FlaskClient, phone: dict[str, str]) -> None:
    lintuan = app.extensions["lintuan"]
    app.extensions["lintuan"] = replace(lintuan, settings=replace(lintuan.settings, wxa_template_arrived="T-A"))
    path = "/api/resident/subscriptions"
    assert client.get(path, headers=phone).get_json() == {
        "items": [{"template_id": "T-A", "purpose": "arrived", "title": "到货提醒", "quota": 0}]
    }
    said = client.post(path, json={"results": {"T-A": "accept"}}, headers=phone)
    assert said.get_json()["items"][0]["quota"] == 1
    for wrong, field in (({"T-A": "yes"}, "results.T-A.value"), ({"T-X": "accept"}, "results")):
        refused = client.post(path, json={"results": wrong}, headers=phone)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    assert client.get(path, headers=phone).get_json()["items"][0]["quota"] == 1
