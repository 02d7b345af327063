"""Operators reconcile a day over HTTP and at the terminal: run, look, take, end, download."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.actors import SYSTEM
from domain.reconciling import Difference
from models import AuditRecord
from services.transactions import Transactions
from tests.builders import people
from tests.builders.bills import Planter, publish
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.reconciling.world import after, balance, trade, written


def operator(unit: Transactions) -> dict[str, str]:
    with unit(SYSTEM) as ctx:
        return people.bearer(people.token(ctx, people.operator(ctx)))


def planted(unit: Transactions, outside: PretendOutside, clock: FrozenClock, *differences: Difference) -> date:
    _, day = trade(unit, clock, orders=3, refunds=1)
    bills = written(unit, *after(day, 2))
    planter = Planter(bills)
    for difference in differences:
        planter.plant(difference, day)
    publish(outside.gateway, bills)
    clock.advance(days=2)
    return day


def test_an_operator_runs_a_day_and_ends_its_case(
    client: FlaskClient, unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    day = planted(unit, outside, clock, Difference.AMOUNT)
    mine, others = operator(unit), operator(unit)

    def post(path: str, headers: dict[str, str], body: dict[str, Any] | None = None) -> tuple[int, Any]:
        answer = client.post(f"/api/admin{path}", headers=headers, json=body)
        return answer.status_code, answer.get_json()

    status, ran = post("/bill-days", mine, {"date": str(day)})
    assert (status, ran["statuses"]) == (200, {"trade": "imported", "fund_flow": "imported"})
    assert post("/bill-days", mine, {"date": str(day)})[1]["added"] == 0
    assert post("/bill-days", mine, {"date": str(clock.now().date())})[0] == 422
    (case,) = client.get("/api/admin/bill-cases?state=open&difference=amount", headers=mine).get_json()["items"]
    assert (case["day"], case["may"], case["owner"]) == (str(day), ["ask", "fund_flow", "accept"], None)
    assert client.get("/api/admin/bill-cases?state=resolved", headers=mine).get_json()["items"] == []
    path = f"/bill-cases/{case['id']}"
    assert post(f"{path}/take", mine)[1]["owner_name"].startswith("operator")
    assert post(f"{path}/take", others)[0] == 409
    assert len(client.get("/api/admin/bill-cases?mine=true", headers=mine).get_json()["items"]) == 1
    assert client.get("/api/admin/bill-cases?mine=true", headers=others).get_json()["items"] == []
    (item,) = client.get("/api/admin/gateway-clearing", headers=mine).get_json()["items"]
    assert (item["case"], item["amount_fen"]) == (case["id"], 2990)
    assert post(f"{path}/resolve", mine, {"resolution": "accept", "reason": "x"})[0] == 422
    status, proposal = post(f"{path}/propose", mine, {"reason": "账单为准"})
    assert (status, proposal["plan"]["ours_fen"]) == (201, 2990)
    status, ended = post(f"{path}/resolve", mine, {"resolution": "fund_flow", "reason": "资金账单无误"})
    assert (status, ended["state"], ended["may"]) == (200, "resolved", [])
    assert post(f"{path}/resolve", mine, {"resolution": "fund_flow", "reason": "again"})[0] == 409
    assert post(f"{path}/ask", mine)[0] == 409
    assert balance(unit, "gateway_clearing") == 0


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "2026-01-01", "9999-12-31"])
def test_a_day_of_which_there_is_no_bill_is_refused_in_words(
    client: FlaskClient, unit: Transactions, outside: PretendOutside, day: str
) -> None:
    answer = client.post("/api/admin/bill-days", headers=operator(unit), json={"date": day})
    refusal = answer.get_json()
    assert (answer.status_code, refusal["code"]) == (422, "invalid")
    assert (refusal["detail"], list(refusal["errors"])) == ("内容有误，请检查后再试。", ["date"])
    assert outside.gateway.asked["trade_bill"] == 0


def test_a_case_is_given_to_another_operator_and_asked_about(
    client: FlaskClient, unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    day = planted(unit, outside, clock, Difference.FEE)
    with unit(SYSTEM) as ctx:
        other = people.operator(ctx)
        name, other_headers = other.public_id, people.bearer(people.token(ctx, other))
    headers = operator(unit)
    client.post("/api/admin/bill-days", headers=headers, json={"date": str(day)})
    (case,) = client.get(f"/api/admin/bill-cases?day={day}", headers=headers).get_json()["items"]
    path = f"/api/admin/bill-cases/{case['id']}"
    assert client.post(f"{path}/assign", headers=headers, json={"operator": name}).get_json()["owner"] == name
    publish(outside.gateway, written(unit, *after(day, 1)))
    answer = client.post(f"{path}/ask", headers=other_headers)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "resolved")


def test_the_file_is_given_as_it_came_and_who_took_it_is_on_record(
    client: FlaskClient, unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    day = planted(unit, outside, clock)
    headers = operator(unit)
    client.post("/api/admin/bill-days", headers=headers, json={"date": str(day)})
    span = f"since={day - timedelta(days=1)}&until={day}"
    rows = client.get(f"/api/admin/bill-days?{span}", headers=headers).get_json()
    assert [(row["kind"], row["rows"], row["matched"], row["open_cases"]) for row in rows] == [
        ("trade", 4, 4, 0), ("fund_flow", 8, 0, 0)
    ]  # fmt: skip
    answer = client.get(f"/api/admin/bill-files/{rows[0]['file']}", headers=headers)
    assert answer.data == outside.gateway.trade_bills[day].content
    assert f"trade-{day}.csv" in answer.headers["Content-Disposition"]
    with unit.reading(SYSTEM) as ctx:
        taken = ctx.session.scalars(select(AuditRecord.event).where(AuditRecord.subject == "bill_file")).all()
    assert taken == ["download"]
    assert client.get(f"/api/admin/bill-days?since={day}&until=2029-01-01", headers=headers).status_code == 422


def test_the_command_prints_a_table_and_ends_with_one_while_a_case_is_open(
    app: Flask, unit: Transactions, outside: PretendOutside, clock: FrozenClock
) -> None:
    day = planted(unit, outside, clock, Difference.AMOUNT)
    ask = ["reconcile", "--date", str(day + timedelta(days=1)), "--days", "2"]
    open_case = app.test_cli_runner().invoke(args=ask)
    assert open_case.exit_code == 1
    assert f"{day}  trade      imported" in open_case.output
    assert "1 with a case, ¥0.00 unexplained" in open_case.output
    publish(outside.gateway, written(unit, *after(day, 1)))
    sound = app.test_cli_runner().invoke(args=ask)
    assert (sound.exit_code, "gateway clearing ¥0.00: 0 sums" in sound.output) == (0, True)
    yesterday = app.test_cli_runner().invoke(args=["reconcile"])
    assert yesterday.exit_code == 0
    too_early = app.test_cli_runner().invoke(args=["reconcile", "--date", "2030-01-01"])
    assert (too_early.exit_code, "its day is over" in too_early.output) == (1, True)
