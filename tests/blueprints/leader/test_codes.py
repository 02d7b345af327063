"""The mini-program code of a campaign: printed by its leader, followed by anybody."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import update

from domain.actors import SYSTEM
from models import Campaign, Leader
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import scene


def test_a_code_opens_the_leaders_campaign_and_stays_the_same(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)
        token = people.token(ctx, ctx.session.get_one(Leader, stage.leader_id))
    asked = [
        client.post(f"/api/leader/campaigns/{stage.campaign}/code", headers=people.bearer(token)) for _ in range(2)
    ]
    assert [answer.status_code for answer in asked] == [200, 200]
    assert asked[0].data == asked[1].data
    assert asked[0].content_type == "image/png"
    key = asked[0].data.removeprefix(b"\x89PNG\r\n\x1a\n").decode()
    assert client.get(f"/api/resident/links/{key}").json == {"campaign": stage.campaign}


def test_only_its_leader_gets_a_code_and_never_for_a_draft(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)
        mine, another = (
            people.bearer(people.token(ctx, leader))
            for leader in (ctx.session.get_one(Leader, stage.leader_id), people.leader(ctx))
        )
    path = f"/api/leader/campaigns/{stage.campaign}/code"
    assert client.post(path, headers=another).status_code == 404
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Campaign).where(Campaign.id == stage.campaign_id).values(state="draft"))
    assert client.post(path, headers=mine).status_code == 404


def test_an_unknown_key_leads_nowhere(client: FlaskClient) -> None:
    assert client.get("/api/resident/links/nothing").status_code == 404
