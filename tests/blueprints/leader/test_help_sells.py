"""Helping to sell over HTTP: join, share the link, order through it, read one's own roster, and the end."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from models import Leader, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Scene, stage_of
from tests.builders.people import bearer

Headers = dict[str, str]


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    return stage_of(unit, help_sell_bps=4000)


@pytest.fixture
def boss(unit: Transactions, stage: Scene) -> Headers:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, ctx.session.get_one(Leader, stage.leader_id)))


@pytest.fixture
def helper(unit: Transactions) -> Headers:
    with unit(SYSTEM) as ctx:
        return bearer(people.token(ctx, people.leader(ctx, people.resident(ctx, "张姐"))))


def joined(client: FlaskClient, stage: Scene, helper: Headers) -> str:
    answer = client.post("/api/leader/help-sells", json={"campaign": stage.campaign}, headers=helper)
    assert (answer.status_code, answer.get_json()["share_bps"]) == (201, 4000)
    made: str = answer.get_json()["id"]
    return made


def ordered(client: FlaskClient, unit: Transactions, stage: Scene, via: str) -> tuple[int, int]:
    """Status and sum of an order of the first buyer."""
    with unit(SYSTEM) as ctx:
        token = bearer(people.token(ctx, ctx.session.get_one(Resident, stage.buyers[0])))
    body = {"campaign": stage.campaign, "point": stage.point, "via": via,
            "lines": [{"offer": next(iter(stage.offers.values())), "units": 2}]}  # fmt: skip
    answer = client.post("/api/resident/orders", json=body, headers={**token, "Idempotency-Key": "k" * 20})
    return answer.status_code, answer.get_json().get("total_fen", 0)


def test_a_link_is_shared_ordered_through_and_told_line_by_line(
    client: FlaskClient, unit: Transactions, stage: Scene, boss: Headers, helper: Headers
) -> None:
    via = joined(client, stage, helper)
    (own,) = client.get("/api/leader/help-sells", headers=helper).get_json()["items"]
    assert "帮卖 张姐" in client.get(own["path"]).get_data(as_text=True)
    page = client.get(f"/api/resident/campaigns/{stage.campaign}?via={via}").get_json()
    assert page["via"] == {"id": via, "name": "张姐"}
    assert ordered(client, unit, stage, via) == (201, 5980)
    (entry,) = client.get(f"/api/leader/help-sells/{via}/orders", headers=helper).get_json()["items"]
    assert set(entry) == {"roster_number", "name", "state", "withdrawn", "created_at", "lines"}
    assert (entry["name"], entry["roster_number"], entry["lines"][0]["helper_bps"]) == ("居**", None, 4000)
    (seen,) = client.get(f"/api/leader/campaigns/{stage.campaign}/orders", headers=boss).get_json()["items"]
    (listed,) = client.get(f"/api/leader/campaigns/{stage.campaign}/help-sells", headers=boss).get_json()["items"]
    assert (seen["via"], listed["id"]) == ("张姐", via)


def test_the_price_on_the_page_is_the_same_through_a_helper(client: FlaskClient, stage: Scene, helper: Headers) -> None:
    via = joined(client, stage, helper)
    pages = [client.get(f"/api/resident/campaigns/{stage.campaign}{tail}").get_json() for tail in ("", f"?via={via}")]
    assert pages[0].pop("via") is None
    assert pages[1].pop("via") is not None
    assert pages[0] == pages[1]


def test_an_unknown_link_is_not_found_when_ordering(client: FlaskClient, unit: Transactions, stage: Scene) -> None:
    assert ordered(client, unit, stage, "hlp_" + "0" * 26) == (404, 0)


def test_the_leader_or_an_operator_ends_it_with_a_reason(
    client: FlaskClient, unit: Transactions, stage: Scene, boss: Headers, helper: Headers
) -> None:
    via = joined(client, stage, helper)
    path = f"/api/leader/help-sells/{via}"
    assert client.post(f"{path}/end", json={"reason": "x"}, headers=helper).status_code == 404
    assert client.post(f"{path}/end", json={}, headers=boss).status_code == 422
    ended = client.post(f"{path}/end", json={"reason": "换人"}, headers=boss)
    assert (ended.status_code, ended.get_json()["state"]) == (200, "ended")
    assert client.get(path, headers=helper).get_json()["state"] == "ended"
    again = client.post("/api/leader/help-sells", json={"campaign": stage.campaign}, headers=helper)
    with unit(SYSTEM) as ctx:
        operator = bearer(people.token(ctx, people.operator(ctx)))
    late = client.post(f"/api/admin/help-sells/{via}/end", json={"reason": "违规"}, headers=operator)
    assert [answer.get_json()["code"] for answer in (again, late)] == ["wrong_state", "wrong_state"]


def test_joining_refuses_by_field(client: FlaskClient, unit: Transactions, stage: Scene, boss: Headers) -> None:
    plain = stage_of(unit)
    for campaign in (stage.campaign, "nonsense"):
        answer = client.post("/api/leader/help-sells", json={"campaign": campaign}, headers=boss)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["campaign"])
    answer = client.post("/api/leader/help-sells", json={"campaign": plain.campaign}, headers=boss)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["campaign"])
