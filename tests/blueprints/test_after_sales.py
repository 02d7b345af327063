"""After-sales over HTTP: pictures in, a claim through all doors, evidence for its parties only, keys that pay once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain.actors import CLOCK, Actor
from models import Evidence, Leader, Operator, PickupStaff, Refund, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.services.aftersales.counter import Counter
from tests.services.pickup.world import lines_of
from tests.services.test_pictures import photograph


class Caller:
    """Somebody with a token; JSON unless it is a picture."""

    def __init__(self, client: FlaskClient, counter: Counter, who: Actor) -> None:
        tables: dict[str, Any] = {"resident": Resident, "leader": Leader, "staff": PickupStaff, "operator": Operator}
        doors = {"resident": "resident", "leader": "leader", "staff": "station", "operator": "admin"}
        with counter.unit(CLOCK) as ctx:
            token = people.token(ctx, ctx.session.get_one(tables[who.role], who.id))
        self.client, self.headers, self.door = client, people.bearer(token), f"/api/{doors[who.role]}"
        self.number = 0

    def get(self, path: str) -> Any:
        """GET below one's own door."""
        return self.client.get(self.door + path, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """POST below one's own door, with a fresh key unless one is given."""
        self.number += 1
        headers = {**self.headers, "Idempotency-Key": key or f"key-{id(self)}-{self.number}"}
        return self.client.post(self.door + path, json=body or {}, headers=headers)

    def picture(self, path: str = "/evidence") -> str:
        """Upload a photograph; returns its id."""
        file = {"picture": (BytesIO(photograph()), "a.jpg")}
        answer: Any = self.client.post(self.door + path, data=file, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])


@pytest.fixture
def counter(unit: Transactions, clock: FrozenClock) -> Counter:
    """A neighbourhood, and buyers who took their goods home."""
    return Counter(unit, clock)


def _ask(counter: Counter, buyer: Caller, order: str, name: str = "草莓", **body: Any) -> Any:
    with counter.unit.reading(CLOCK) as ctx:
        line = lines_of(ctx, order)[name].public_id
    return buyer.post(f"/orders/{order}/claims", {"line": line, "reason": "bad", **body})


def test_a_claim_goes_through_all_doors(counter: Counter, client: FlaskClient) -> None:
    buyer, leader, operator = (
        Caller(client, counter, who) for who in (counter.buyer, counter.world.leader, counter.operator)
    )
    order = counter.collected({"草莓": 2})
    made = _ask(counter, buyer, order, units=1, words="烂了", evidence=[buyer.picture()])
    assert made.status_code == 201, made.text
    assert (made.json["state"], made.json["asked_fen"], made.json["words"]) == ("asked", 1999, "烂了")
    assert "borne_by" not in made.json
    assert buyer.get(f"/orders/{order}").json["claims"] == [made.json]
    path = f"/claims/{made.json['id']}"
    (shown,) = leader.get("/claims?state=asked").json["items"]
    assert (shown["id"], shown["owner"]) == (made.json["id"], "李**")
    assert leader.post(f"{path}/offer", {"amount_fen": 500, "words": "先退一点"}).json["state"] == "offered"
    assert buyer.post(f"{path}/escalate").json["state"] == "escalated"
    assert [row["id"] for row in operator.get("/claims?state=escalated").json["items"]] == [made.json["id"]]
    assert operator.post(f"{path}/offer", {"amount_fen": 800, "borne_by": "leader"}).json["answer_fen"] == 800
    assert buyer.post(f"{path}/take-offer").json["state"] == "accepted"
    assert operator.get(path).json["borne_by"] == "leader"
    assert [row["state"] for row in buyer.get("/claims").json["items"]] == ["accepted"]


def test_accepting_twice_under_one_key_pays_once_and_another_key_is_told(counter: Counter, client: FlaskClient) -> None:
    leader = Caller(client, counter, counter.world.leader)
    path = f"/claims/{counter.ask(counter.collected({'纸巾': 1}), 1)}/accept"
    first = leader.post(path, {"borne_by": "leader"}, key="the-same-key")
    assert (first.status_code, leader.post(path, {"borne_by": "leader"}, key="the-same-key").json) == (200, first.json)
    assert leader.post(path).status_code == 409
    keyless: Any = client.post(f"/api/leader{path}", json={}, headers=leader.headers)
    assert keyless.json["code"] == "key_missing"
    with counter.unit.reading(CLOCK) as ctx:
        assert ctx.session.scalars(select(Refund.amount_fen)).all() == [1001]


def test_a_leader_charges_no_house_and_says_why_not(counter: Counter, client: FlaskClient) -> None:
    leader = Caller(client, counter, counter.world.leader)
    path = f"/claims/{counter.ask(counter.collected({'纸巾': 1}), 1)}"
    assert leader.post(f"{path}/accept", {"borne_by": "house"}).status_code == 422
    assert leader.post(f"{path}/accept", {"amount_fen": 1}).status_code == 422
    assert leader.post(f"{path}/reject", {"words": " "}).status_code == 422
    assert leader.post(f"{path}/reject", {"words": "是好的"}).json["answer_words"] == "是好的"


@pytest.mark.parametrize(
    "body",
    [{"units": 1, "amount_fen": 1}, {"units": 1, "price_fen": 1}, {"units": 1, "reason": "greed"}, {}, {"units": 9}],
)
def test_prices_and_made_up_reasons_are_refused(counter: Counter, client: FlaskClient, body: dict[str, Any]) -> None:
    order = counter.collected({"纸巾": 1})
    answer = _ask(counter, Caller(client, counter, counter.buyer), order, "纸巾", **body)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_another_buyer_and_another_leader_find_nothing(counter: Counter, client: FlaskClient) -> None:
    claim = counter.ask(counter.collected({"纸巾": 1}), 1)
    with counter.unit(CLOCK) as ctx:
        row = people.leader(ctx)
        rival = Actor(counter.world.leader.role, row.id, row.resident_id)
    stranger = Caller(client, counter, counter.world.resident("别人"))
    other = Caller(client, counter, rival)
    assert stranger.get("/claims").json["items"] == other.get("/claims").json["items"] == []
    for caller, verb in ((stranger, "withdraw"), (stranger, "escalate"), (other, "accept")):
        assert caller.get(f"/claims/{claim}").status_code == 404
        assert caller.post(f"/claims/{claim}/{verb}").status_code == 404


def test_evidence_is_seen_by_its_parties_and_by_nobody_else(counter: Counter, client: FlaskClient) -> None:
    buyer = Caller(client, counter, counter.buyer)
    order = counter.collected({"草莓": 1})
    picture = buyer.picture()
    with counter.unit(CLOCK) as ctx:
        row = people.leader(ctx)
        rival = Actor(counter.world.leader.role, row.id, row.resident_id)
    parties = [Caller(client, counter, who) for who in (counter.world.leader, counter.desk, counter.operator)]
    others = [
        Caller(client, counter, who) for who in (counter.world.resident("别人"), rival, counter.world.staff(point=1))
    ]
    assert [party.get(f"/evidence/{picture}").status_code for party in parties[:2]] == [404, 404]  # not attached yet
    assert _ask(counter, buyer, order, units=1, evidence=[picture]).status_code == 201
    for party in (buyer, *parties):
        answer = party.get(f"/evidence/{picture}")
        assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "no-store"
    unknown = others[0].get("/evidence/evd_00000000000000000000000000").json
    for other in others:
        answer = other.get(f"/evidence/{picture}")
        assert (answer.status_code, answer.json["code"], answer.json["detail"]) == (404, "not_found", unknown["detail"])
    assert client.get(f"/api/resident/pictures/{picture}").status_code == 404


def test_a_role_uploads_what_is_its_own_to_prove_and_not_without_end(counter: Counter, client: FlaskClient) -> None:
    leader = Caller(client, counter, counter.world.leader)
    assert leader.picture("/evidence/door")
    assert leader.picture("/evidence/broken")
    file = {"picture": (BytesIO(photograph()), "a.jpg")}
    assert client.post("/api/leader/evidence/claim", data=file, headers=leader.headers).status_code == 403
    buyer = Caller(client, counter, counter.buyer)
    broken = {"picture": (BytesIO(b"<svg onload=alert(1)>"), "a.svg")}
    assert client.post("/api/resident/evidence", data=broken, headers=buyer.headers).status_code == 422
    assert client.post("/api/resident/evidence", headers=buyer.headers).status_code == 422
    for _ in range(29):
        buyer.picture()
    file = {"picture": (BytesIO(photograph()), "a.jpg")}
    assert client.post("/api/resident/evidence", data=file, headers=buyer.headers).status_code == 429
    with counter.unit.reading(CLOCK) as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Evidence)) == 31


def test_a_broken_unit_is_refused_at_the_desk_and_by_the_leader(counter: Counter, client: FlaskClient) -> None:
    desk, leader = Caller(client, counter, counter.desk), Caller(client, counter, counter.world.leader)
    order = counter.waiting({"草莓": 3})
    with counter.unit.reading(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
    body: dict[str, Any] = {"lines": [{"line": line, "units": 1}], "evidence": [desk.picture()]}
    once = desk.post(f"/orders/{order}/broken", body, key="the-same-key")
    assert (once.status_code, once.json) == (201, {"id": order, "state": "ready"})
    assert desk.post(f"/orders/{order}/broken", body, key="the-same-key").json == once.json
    assert desk.post(f"/orders/{order}/broken", body).status_code == 422  # the picture is used
    body = {"lines": [{"line": line, "units": 2}], "evidence": [leader.picture("/evidence/broken")]}
    assert leader.post(f"/orders/{order}/broken", body).status_code == 201
    with counter.unit.reading(CLOCK) as ctx:
        assert ctx.session.scalars(select(Refund.amount_fen)).all() == [3 * 1999]
    assert Caller(client, counter, counter.buyer).get(f"/evidence/{body['evidence'][0]}").status_code == 200


def test_a_desk_over_its_limit_is_told_to_call_the_leader(counter: Counter, client: FlaskClient) -> None:
    desk = Caller(client, counter, counter.desk)
    order = counter.waiting({"草莓": 21})
    with counter.unit.reading(CLOCK) as ctx:
        line = lines_of(ctx, order)["草莓"].public_id
    body = {"lines": [{"line": line, "units": 21}], "evidence": [desk.picture()]}
    refused = desk.post(f"/orders/{order}/broken", body)
    assert (refused.status_code, refused.json["code"]) == (409, "broken_limit_reached")
    assert "团长" in refused.json["detail"]
