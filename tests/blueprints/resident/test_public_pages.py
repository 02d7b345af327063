"""Applying to lead, and the pages that need no login."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, Terms, buy, scene
from tests.builders.people import bearer


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    with unit(SYSTEM) as ctx:
        made = scene(ctx, Terms(quota=10, fresh=True), minimum=3)
    buy(unit, made, 0, 2)
    buy(unit, made, 1)
    return made


def test_a_resident_applies_is_rejected_and_applies_again(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        community = people.community(ctx).public_id
        resident = bearer(people.token(ctx, people.resident(ctx)))
        operator = bearer(people.token(ctx, people.operator(ctx)))
    sent = {"display_name": "李姐", "community_id": community, "introduction": "住了十年"}
    applied = client.post("/api/resident/leader-application", json=sent, headers=resident)
    path = f"/api/admin/leaders/{applied.get_json()['id']}"
    assert client.post("/api/resident/leader-application", json=sent, headers=resident).status_code == 409
    assert client.post(f"{path}/reject", json={}, headers=operator).status_code == 422
    client.post(f"{path}/reject", json={"reason": "请补充"}, headers=operator)
    seen = client.get("/api/resident/leader-application", headers=resident).get_json()
    assert (seen["state"], seen["decided_reason"]) == ("rejected", "请补充")
    again = client.post("/api/resident/leader-application", json=sent, headers=resident)
    approved = client.post(f"{path}/approve", json={}, headers=operator)
    assert (again.get_json()["state"], approved.get_json()["state"]) == ("applied", "approved")
    assert client.get("/api/leader/campaigns", headers=resident).status_code == 200


def test_the_campaign_page_needs_no_login(client: FlaskClient, stage: Scene) -> None:
    page = client.get(f"/api/resident/campaigns/{stage.campaign}").get_json()
    assert page["takes_orders"] is True
    assert page["progress"] == {
        "kind": "people", "minimum": 3, "reached": 2, "missing": 1, "is_reached": False, "text": "还差 1 人",
    }  # fmt: skip
    assert (page["offers"][0]["free"], page["offers"][0]["pickup_promise"][:6]) == (7, "到货当日 2")
    assert page["revision"] == 2


def test_the_roster_is_masked_and_paged(client: FlaskClient, stage: Scene) -> None:
    path = f"/api/resident/campaigns/{stage.campaign}/roster?limit=1"
    first = client.get(path).get_json()
    second = client.get(f"{path}&cursor={first['next_cursor']}").get_json()
    assert first["items"] == [
        {"roster_number": 1, "name": "居**", "withdrawn": False,
         "items": [{"name": "红颜草莓", "unit": "盒", "units": 2}]}
    ]  # fmt: skip
    assert ([row["roster_number"] for row in second["items"]], second["next_cursor"]) == ([2], None)


def test_a_community_lists_its_open_campaigns(client: FlaskClient, stage: Scene) -> None:
    (community,) = client.get("/api/resident/communities").get_json()["items"]
    (card,) = client.get(f"/api/resident/communities/{community['id']}/campaigns").get_json()["items"]
    assert (card["id"], card["participant_count"]) == (stage.campaign, 2)


@pytest.mark.parametrize("path", ["campaigns/cmp_0", "campaigns/ord_01m8b057g0619z9byd2tds3x1d", "pictures/nothing",
                                  "communities/com_01m8b057g0619z9byd2tds3x1d/campaigns"])  # fmt: skip
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/resident/{path}").status_code == 404
