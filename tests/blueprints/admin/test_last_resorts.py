"""What only an operator can do: end anybody's campaign, and close an alert."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from domain.actors import SYSTEM
from models import Alert, Campaign
from services import audit
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buy, order_row, refunded, scene, settle


def operator(unit: Transactions) -> dict[str, str]:
    with unit(SYSTEM) as ctx:
        return people.bearer(people.token(ctx, people.operator(ctx)))


def test_an_operator_cancels_anybodys_campaign_and_the_clock_refunds(client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        stage = scene(ctx)
    order, headers = buy(unit, stage, 0), operator(unit)
    path = f"/api/admin/campaigns/{stage.campaign}/cancel"
    assert client.post(path, headers=headers, json={}).status_code == 422
    answer = client.post(path, headers=headers, json={"reason": "团长失联，平台代为取消"})
    assert (answer.status_code, answer.json) == (200, {"id": stage.campaign, "state": "cancelled"})
    assert client.post(path, headers=headers, json={"reason": "again"}).status_code == 409
    settle(unit, stage)
    assert refunded(unit) == 2990
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "refunded"
        assert ctx.session.get_one(Campaign, stage.campaign_id).cancel_reason == "团长失联，平台代为取消"


def test_an_alert_is_dealt_with_once_and_the_same_trouble_raises_it_anew(
    client: FlaskClient, unit: Transactions
) -> None:
    headers = operator(unit)
    for _ in range(2):
        with unit(SYSTEM) as ctx:
            audit.alert(ctx, "waiting_funds", "waiting_funds", "top up")
    (alert,) = client.get("/api/admin/alerts", headers=headers).get_json()
    path = f"/api/admin/alerts/{alert['id']}/done"
    assert [client.post(path, headers=headers).status_code for _ in range(2)] == [204, 404]
    assert client.get("/api/admin/alerts", headers=headers).get_json() == []
    with unit(SYSTEM) as ctx:
        audit.alert(ctx, "waiting_funds", "waiting_funds", "top up again")
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Alert.detail).where(Alert.done_at.is_(None))).all() == ["top up again"]
