"""Refunds, suspense and their two people over HTTP: by whom, once per key, and with what is shown."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.actors import GATEWAY, SYSTEM
from domain.ids import new_id
from models import Leader, Resident
from services import payments
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buy, lines, order_row, refunded, settle, stage_of, success
from tests.builders.clock import FrozenClock
from tests.builders.decisions import answered, cancelled
from tests.services.test_settling import close

BANK = {"channel": "bank", "reference": "回单 8871", "reason": "账户注销"}


def headers(unit: Transactions, key: str = "") -> dict[str, str]:
    """Another operator each time."""
    with unit(SYSTEM) as ctx:
        token = people.bearer(people.token(ctx, people.operator(ctx)))
    return {**token, "Idempotency-Key": key} if key else token


def post(client: FlaskClient, path: str, by: dict[str, str], **body: Any) -> TestResponse:
    return client.post(f"/api/admin{path}", headers=by, json=body)


def test_an_abnormal_refund_is_listed_proposed_and_accepted_by_another(client: FlaskClient, unit: Transactions) -> None:
    order = cancelled(unit, stage_of(unit))
    refund = answered(unit, "ABNORMAL")
    first, second = headers(unit, "first-key"), headers(unit, "second-key")
    (task,) = client.get("/api/admin/refund-tasks", headers=first).get_json()["items"]
    assert (task["id"], task["order"], task["why"], task["amount_fen"]) == (refund, order, "abnormal", 2990)
    path = f"/refunds/{refund}/hand-proposals"
    assert post(client, path, first, **{**BANK, "channel": "cash"}).status_code == 422
    made = post(client, path, first, **BANK)
    assert (made.status_code, made.get_json()["plan"]["amount_fen"]) == (201, 2990)
    assert post(client, path, second, **BANK).status_code == 409
    accept = f"/proposals/{made.get_json()['id']}/accept"
    assert post(client, accept, first).get_json()["code"] == "same_person"
    answers = [post(client, accept, second) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert client.get("/api/admin/refund-tasks", headers=first).get_json()["items"] == []
    (row,) = client.get("/api/admin/refunds", headers=first).get_json()["items"]
    assert (row["state"], row["channel"]) == ("succeeded", "bank")
    (decided,) = client.get("/api/admin/proposals?state=accepted", headers=first).get_json()["items"]
    assert decided["proposed_by"] != decided["decided_by"]
    assert client.get("/api/admin/proposals?state=odd", headers=first).status_code == 422


def test_a_rejected_proposal_is_over_and_a_retry_asks_the_gateway(client: FlaskClient, unit: Transactions) -> None:
    cancelled(unit, stage_of(unit))
    refund = answered(unit, "ABNORMAL")
    first = headers(unit, "retry-key")
    made = post(client, f"/refunds/{refund}/hand-proposals", first, **BANK).get_json()["id"]
    assert post(client, f"/proposals/{made}/reject", first, reason="再试一次").get_json()["state"] == "rejected"
    assert post(client, f"/proposals/{made}/accept", headers(unit, "another-key")).status_code == 409
    assert post(client, f"/refunds/{refund}/retry", first).get_json() == {"state": "submitted"}
    assert post(client, f"/refunds/{refund}/retry", headers(unit, "third-key")).status_code == 409


def test_an_unknown_number_is_shown_with_its_evidence_and_resolved_by_two(
    client: FlaskClient, unit: Transactions, clock: FrozenClock
) -> None:
    with unit(GATEWAY) as ctx:
        payments.book_trade(ctx, success(new_id("Payment", clock.now()), 1200, clock.now(), 1000))
    first = headers(unit)
    (case,) = client.get("/api/admin/suspense-cases", headers=first).get_json()["items"]
    assert (case["reason"], case["received_fen"], case["settled_fen"]) == ("unknown_number", 1200, 1000)
    path = f"/suspense-cases/{case['id']}"
    assert post(client, f"{path}/refund-proposals", first, reason="退").status_code == 409
    made = post(client, f"{path}/hand-proposals", first, reference="回单 11", reason="查到付款人")
    assert made.status_code == 201
    assert post(client, f"/proposals/{made.get_json()['id']}/accept", headers(unit, "accept-key")).status_code == 200
    (case,) = client.get("/api/admin/suspense-cases", headers=first).get_json()["items"]
    assert (case["state"], case["resolution"]) == ("resolved", "by_hand")


def test_a_leader_and_an_operator_refund_once_per_key(
    client: FlaskClient, unit: Transactions, clock: FrozenClock
) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0, 3)
    close(unit, clock, stage)
    settle(unit, stage)
    with unit(SYSTEM) as ctx:
        line = lines(ctx, order)[0].public_id
        boss = people.bearer(people.token(ctx, ctx.session.get_one(Leader, stage.leader_id)))
    body = {"reason": "个头太小", "units": [{"line": line, "units": 1}]}
    path = f"/orders/{order}/refunds"
    assert client.post(f"/api/leader{path}", headers=boss, json=body).get_json()["code"] == "key_missing"
    keyed = {**boss, "Idempotency-Key": "leader-key"}
    for _ in range(2):
        answer = client.post(f"/api/leader{path}", headers=keyed, json=body)
        assert (answer.status_code, answer.get_json()["decided_fen"]) == (201, 2990)
    twice = {"reason": "x", "units": [{"line": line, "units": 1}] * 2}
    assert client.post(f"/api/leader{path}", headers={**boss, "Idempotency-Key": "twice-key"},
                       json=twice).status_code == 422  # fmt: skip
    rest = post(client, path, headers(unit, "rest-key-1"), reason="全部退", rest=True)
    assert (rest.status_code, rest.get_json()["decided_fen"]) == (201, 2 * 2990)
    assert refunded(unit) == 3 * 2990
    with unit.reading() as ctx:
        assert order_row(ctx, order).state == "refunded"


def test_the_sum_to_top_up_is_told(client: FlaskClient, unit: Transactions) -> None:
    assert client.get("/api/admin/refund-funds", headers=headers(unit)).get_json() == {"top_up_fen": 0, "refunds": 0}


def test_a_buyer_takes_units_back_and_reads_each_part_of_the_refund(client: FlaskClient, unit: Transactions) -> None:
    stage = stage_of(unit)
    order = buy(unit, stage, 0, 3)
    with unit(SYSTEM) as ctx:
        line = lines(ctx, order)[0].public_id
        mine = people.bearer(people.token(ctx, ctx.session.get_one(Resident, stage.buyers[0])))
    path = f"/api/resident/orders/{order}/cancellation"

    def cancel(key: str, **body: Any) -> TestResponse:
        return client.post(path, headers={**mine, "Idempotency-Key": key}, json=body)

    assert cancel("too-many", units=[{"line": line, "units": 4}]).status_code == 422
    assert cancel("both-ways", units=[{"line": line, "units": 1}], lines=[line]).status_code == 422
    assert cancel("the-same-twice", units=[{"line": line, "units": 1}] * 2).status_code == 422
    page = cancel("two-of-three", units=[{"line": line, "units": 2}]).get_json()
    assert (page["state"], page["refunding_fen"], page["lines"][0]["refunded_units"]) == ("paid", 5980, 2)
    (refund,) = page["refunds"]
    assert (refund["words"], refund["amount_fen"]) == ("退款处理中", 5980)
    assert refund["parts"] == [
        {"line": line, "name": "红颜草莓", "units": 2, "amount_fen": 5980, "words": "您取消了订单"}
    ]
    assert refunded(unit) == 5980
    page = client.get(f"/api/resident/orders/{order}", headers=mine).get_json()
    assert (page["refunding_fen"], page["refunded_fen"], page["refunds"][0]["words"]) == (0, 5980, "已退款")
    assert cancel("the-last-one").get_json()["state"] == "cancelled"
