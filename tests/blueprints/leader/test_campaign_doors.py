"""The leader's door over HTTP: a campaign from application to opening, and every refusal naming its field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from models import Leader
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Terms, buy, scene
from tests.builders.clock import NOON
from tests.builders.people import bearer
from tests.builders.shops import Shop, shop

Headers = dict[str, str]


@pytest.fixture
def own(unit: Transactions) -> Shop:
    with unit(SYSTEM) as ctx:
        return shop(ctx)


@pytest.fixture
def headers(unit: Transactions, own: Shop) -> Headers:
    return token_of(unit, own.actor.id)


def token_of(unit: Transactions, leader_id: int) -> Headers:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Leader, leader_id)))


def body(own: Shop, **changes: Any) -> dict[str, Any]:
    offer = {"sku_id": own.sku, "name": "红颜草莓", "aliases": ["草莓"], "price_fen": 2990, "commission_bps": 1000,
             "quota": 20, "per_person": 3, "minimum_units": 5}  # fmt: skip
    made: dict[str, Any] = {
        "title": "周五草莓", "seller": "阿强水果行", "closes_at": (NOON + timedelta(hours=8)).isoformat(),
        "points": list(own.points), "offers": [offer], "minimum": 5,
    }  # fmt: skip
    return made | changes


def created(client: FlaskClient, own: Shop, headers: Headers, **changes: Any) -> str:
    answer = client.post("/api/leader/campaigns", json=body(own, **changes), headers=headers)
    assert answer.status_code == 201, answer.json
    made: str = answer.get_json()["campaign"]["id"]
    return made


def test_a_campaign_is_written_opened_paused_and_closed(client: FlaskClient, own: Shop, headers: Headers) -> None:
    path = f"/api/leader/campaigns/{created(client, own, headers)}"
    states = []
    for step in ("open", "pause", "resume", "close"):
        answer = client.post(f"{path}/{step}", headers=headers)
        states.append(answer.get_json()["campaign"]["state"])
    assert states == ["open", "paused", "open", "closed"]
    again = client.post(f"{path}/close", headers=headers)
    assert (again.status_code, again.get_json()["code"]) == (409, "wrong_state")


def test_the_leader_sees_what_buyers_do_not(client: FlaskClient, own: Shop, headers: Headers) -> None:
    campaign = created(client, own, headers)
    client.post(f"/api/leader/campaigns/{campaign}/open", headers=headers)
    mine = client.get(f"/api/leader/campaigns/{campaign}", headers=headers).get_json()["campaign"]["offers"][0]
    public = client.get(f"/api/resident/campaigns/{campaign}").get_json()["offers"][0]
    assert (mine["commission_bps"], mine["aliases"], mine["sku_id"]) == (1000, ["草莓"], own.sku)
    assert not {"commission_bps", "aliases", "sku_id", "held_units"} & set(public)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"closes_at": "2026-11-27T20:00:00"}, "closes_at"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"hold_minutes": 4}, "hold_minutes"),
        ({"minimum": 1.5}, "minimum"),
        ({"minimum_kind": "love"}, "minimum_kind"),
        ({"points": []}, "points"),
        ({"offers": []}, "offers"),
        ({"offers": [{}]}, "offers.0.name"),
        ({"state": "open"}, "state"),
        ({"payment_policy": "on_pickup", "delivery_method": "courier"}, "payment_policy"),
        ({"payment_policy": "on_credit"}, "payment_policy"),
        ({"delivery_method": "rocket"}, "delivery_method"),
        ({"discount_fen": 1}, "discount_fen"),
        ({"delivery_fee_fen": 100}, "delivery_fee_fen"),
        ({"delivery_minimum_fen": -1}, "delivery_minimum_fen"),
        ({"shortage_mode": "lottery"}, "shortage_mode"),
        ({"help_sell_bps": 10_001}, "help_sell_bps"),
    ],
)
def test_a_refused_campaign_names_its_field(
    client: FlaskClient, own: Shop, headers: Headers, changes: dict[str, Any], field: str
) -> None:
    answer = client.post("/api/leader/campaigns", json=body(own, **changes), headers=headers)
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]


@pytest.mark.parametrize(
    ("tiers", "field"),
    [
        ([{"from_units": 1, "price_fen": 2000}], "offers.0.tiers.0.from_units"),
        ([{"from_units": 21, "price_fen": 2000}], "offers.0.tiers.0.from_units"),
        ([{"from_units": 10, "price_fen": 2990}], "offers.0.tiers.0.price_fen"),
        ([{"from_units": 10}], "offers.0.tiers.0.price_fen"),
        ([{"from_units": 10, "price_fen": 2000}, {"from_units": 10, "price_fen": 1000}], "offers.0.tiers.1.from_units"),
        ([{"from_units": n, "price_fen": 100 - n} for n in range(2, 8)], "offers.0.tiers"),
    ],
)
def test_refused_price_tiers_name_their_place(
    client: FlaskClient, own: Shop, headers: Headers, tiers: list[dict[str, int]], field: str
) -> None:
    sent = body(own)
    sent["offers"][0]["tiers"] = tiers
    answer = client.post("/api/leader/campaigns", json=sent, headers=headers)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_tiers_and_terms_of_money_are_kept_shown_and_copied(client: FlaskClient, own: Shop, headers: Headers) -> None:
    sent = body(own, discount_over_fen=5000, discount_fen=300, shortage_mode="first_come", help_sell_bps=4000)
    sent["offers"][0]["tiers"] = [{"from_units": 5, "price_fen": 2500}, {"from_units": 9, "price_fen": 2000}]
    made = client.post("/api/leader/campaigns", json=sent, headers=headers).get_json()["campaign"]
    copied = client.post(f"/api/leader/campaigns/{made['id']}/copy", headers=headers,
                         json={"closes_at": (NOON + timedelta(days=7)).isoformat()}).get_json()["campaign"]  # fmt: skip
    for shown in (made, copied):
        assert (shown["discount_over_fen"], shown["discount_fen"], shown["shortage_mode"], shown["help_sell_bps"]) == (
            5000, 300, "first_come", 4000,
        )  # fmt: skip
        assert shown["offers"][0]["pricing"] == {
            "tiers": sent["offers"][0]["tiers"], "counted_units": 0, "unit_fen": 2990, "missing_units": 5,
            "next_price_fen": 2500, "closing_price_fen": None, "text": "还差 5 份降到 ¥25.00",
        }  # fmt: skip
    client.post(f"/api/leader/campaigns/{made['id']}/open", headers=headers)
    assert client.put(f"/api/leader/campaigns/{made['id']}", json=sent, headers=headers).status_code == 409
    assert "help_sell_bps" not in client.get(f"/api/resident/campaigns/{made['id']}").get_json()


def test_a_draft_is_replaced_and_copied(client: FlaskClient, own: Shop, headers: Headers) -> None:
    path = f"/api/leader/campaigns/{created(client, own, headers)}"
    better = client.put(path, json=body(own, title="周六草莓"), headers=headers).get_json()["campaign"]
    week = (NOON + timedelta(days=7)).isoformat()
    copy = client.post(f"{path}/copy", json={"closes_at": week}, headers=headers)
    assert (better["title"], copy.status_code, copy.get_json()["campaign"]["title"]) == ("周六草莓", 201, "周六草莓")
    listed = client.get("/api/leader/campaigns?state=draft&limit=1", headers=headers).get_json()
    rest = client.get(f"/api/leader/campaigns?state=draft&cursor={listed['next_cursor']}", headers=headers).get_json()
    assert len(listed["items"]) == len(rest["items"]) == 1


def test_a_quota_grows_by_its_own_address(client: FlaskClient, own: Shop, headers: Headers) -> None:
    campaign = created(client, own, headers)
    offer = client.get(f"/api/leader/campaigns/{campaign}", headers=headers).get_json()["campaign"]["offers"][0]["id"]
    path = f"/api/leader/campaigns/{campaign}/offers/{offer}/quota"
    assert client.post(path, json={"quota": 30}, headers=headers).status_code == 200
    smaller = client.post(path, json={"quota": 10}, headers=headers)
    assert (smaller.status_code, list(smaller.get_json()["errors"])) == (422, ["quota"])


def test_extending_and_cancelling_need_their_words(client: FlaskClient, own: Shop, headers: Headers) -> None:
    path = f"/api/leader/campaigns/{created(client, own, headers)}"
    client.post(f"{path}/open", headers=headers)
    until = (NOON + timedelta(hours=12)).isoformat()
    extended = client.post(f"{path}/extend", json={"closes_at": until}, headers=headers).get_json()["campaign"]
    assert extended["closes_at"] == until
    assert client.post(f"{path}/cancel", json={}, headers=headers).status_code == 422
    cancelled = client.post(f"{path}/cancel", json={"reason": "下雨"}, headers=headers).get_json()["campaign"]
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "下雨")


def test_anothers_campaign_and_a_missing_one_look_the_same(
    client: FlaskClient, unit: Transactions, own: Shop, headers: Headers
) -> None:
    with unit(SYSTEM) as ctx:
        other = shop(ctx)
    campaign, strange = created(client, own, headers), token_of(unit, other.actor.id)
    missing = campaign[:-4] + ("0000" if not campaign.endswith("0000") else "1111")
    for verb, tail, sent in [
        ("GET", "", None), ("GET", "/orders", None), ("GET", "/pick-list", None), ("POST", "/open", None),
        ("POST", "/cancel", {"reason": "x"}), ("POST", "/chat-codes", None), ("PUT", "", body(other)),
    ]:  # fmt: skip
        answers = [
            client.open(f"/api/leader/campaigns/{it}{tail}", method=verb, json=sent, headers=strange)
            for it in (campaign, missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (verb, tail)
        assert answers[0].get_json()["detail"] == answers[1].get_json()["detail"]


def test_the_order_list_is_masked_and_paged(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx, Terms())
    for who in range(3):
        buy(unit, stage, who)
    path, headers = f"/api/leader/campaigns/{stage.campaign}/orders?limit=2", token_of(unit, stage.leader_id)
    first = client.get(path, headers=headers).get_json()
    second = client.get(f"{path}&cursor={first['next_cursor']}", headers=headers).get_json()
    assert [row["roster_number"] for row in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next_cursor"] is None
    assert client.get(f"{path}&cursor=forged.x", headers=headers).status_code == 422


@pytest.mark.parametrize("state", ["applied", "rejected", "suspended"])
def test_only_an_approved_leader_comes_in(client: FlaskClient, unit: Transactions, state: str) -> None:
    with unit(SYSTEM) as ctx:
        token = people.token(ctx, people.leader(ctx, state=state))
    assert client.get("/api/leader/campaigns", headers=bearer(token)).status_code == 403
    assert client.get("/api/leader/campaigns").status_code == 401
