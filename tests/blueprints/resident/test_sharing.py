"""Sharing over HTTP: who may, what is refused, and that a repeated request is one ticket."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain.actors import SYSTEM
from models import Resident, Share, ShareOpening
from services.ports import Unreachable
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World


class Http:
    """One neighbourhood behind the resident's door."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client, self.world = client, world
        self.campaign = world.campaign()
        self.who = world.resident()
        with world.unit(SYSTEM) as ctx:
            row = ctx.session.get_one(Resident, self.who.resident_id)
            self.openid, self.bearer = row.openid, people.bearer(people.token(ctx, row))

    def share(self, body: Any, key: str = "share-key-1", campaign: str = "", **headers: str) -> Any:
        """Ask for a ticket."""
        url = f"/api/resident/campaigns/{campaign or self.campaign}/shares"
        return self.client.post(url, json=body, headers={**self.bearer, "Idempotency-Key": key, **headers})

    def opened(self, share: str, **other: Any) -> Any:
        """Tell where a card was opened."""
        body = {"js_code": f"openid:{self.openid}", "encrypted_data": "chat|name", "iv": "iv", **other}
        return self.client.post(f"/api/resident/shares/{share}/opened", json=body, headers=self.bearer)

    def count(self, table: type[Share] | type[ShareOpening]) -> int:
        """How many rows there are."""
        with self.world.unit.reading() as ctx:
            return ctx.session.scalars(select(func.count()).select_from(table)).one()


@pytest.fixture
def http(client: FlaskClient, unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> Http:
    outside.mini_program.clock = clock.now
    return Http(client, World(unit, clock))


def test_a_ticket_comes_whole(http: Http) -> None:
    answer = http.share({"mode": "updatable"})
    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"], "mode": "updatable", "activity_id": "a1",
        "template_id": "666F374D69D16C932E45D7E7D9F10CEF6177F5F5",
        "parameter_list": [{"name": "member_count", "value": "0"}, {"name": "room_limit", "value": "1"}],
        "title": "周五水果", "path": f"pages/campaign/campaign?id={http.campaign}&share={answer.json['id']}",
        "image": "", "expires_at": "2026-11-27T04:00:00+00:00",
    }  # fmt: skip


def test_one_key_is_one_ticket(http: Http) -> None:
    first, again = (http.share({"mode": "chat_tool"}) for _ in range(2))
    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"
    assert http.share({"mode": "updatable"}).json["code"] == "key_reused"
    assert http.share({"mode": "chat_tool"}, key="share-key-2").json["id"] != first.json["id"]
    assert http.count(Share) == 2


@pytest.mark.parametrize("body", [{}, {"mode": "plain"}, {"mode": None}, {"mode": "updatable", "title": "mine"}, []])
def test_a_wrong_wish_makes_nothing(http: Http, body: Any) -> None:
    assert http.share(body).status_code in (400, 422)
    assert http.count(Share) == 0


def test_strangers_and_unknown_campaigns_get_nothing(http: Http) -> None:
    assert http.share({"mode": "updatable"}, Authorization="Bearer nobody").status_code == 401
    assert http.share({"mode": "updatable"}, campaign="cmp_" + "0" * 26).status_code == 404
    url = f"/api/resident/campaigns/{http.campaign}/shares"
    keyless: Any = http.client.post(url, json={"mode": "updatable"}, headers=http.bearer).json
    assert keyless["code"] == "key_missing"
    http.world.settle(http.campaign)
    closed = http.share({"mode": "updatable"}, key="share-key-3")
    assert (closed.status_code, closed.json["code"]) == (409, "not_open")
    assert http.count(Share) == 0


def test_an_opened_card_leads_to_its_campaign(http: Http) -> None:
    share = http.share({"mode": "updatable"}).json["id"]
    assert http.opened(share).json == {"campaign": http.campaign}
    assert http.opened(share).status_code == 200
    assert http.count(ShareOpening) == 1


def test_what_is_not_genuine_opens_nothing(http: Http, clock: FrozenClock) -> None:
    share = http.share({"mode": "updatable"}).json["id"]
    found = [
        http.opened("shr_" + "0" * 26), http.opened(share, js_code="openid:another"), http.opened(share, js_code="x"),
        http.opened(share, encrypted_data="x"), http.opened(share, encrypted_data="chat|name|301"),
        http.opened(share, iv=""), http.opened(share, group="mine"),
    ]  # fmt: skip
    assert [(one.status_code, one.json["code"]) for one in found] == [
        (404, "not_found"), (401, "login_refused"), (401, "login_refused"), *[(422, "invalid")] * 4,
    ]  # fmt: skip
    clock.advance(hours=24)
    over = http.opened(share)
    assert (over.status_code, over.json["code"]) == (410, "share_over")
    assert http.count(ShareOpening) == 0


def test_a_platform_that_is_away_asks_to_come_again(http: Http, outside: PretendOutside) -> None:
    outside.mini_program.before = [Unreachable("full", code="45009", retry_after=60)]
    answer = http.share({"mode": "updatable"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert http.share({"mode": "updatable"}).status_code == 201
