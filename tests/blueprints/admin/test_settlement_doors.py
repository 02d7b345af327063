"""Statements over HTTP: drafted and approved by two operators, read and withdrawn by their payee, merchants by file."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.actors import SYSTEM, Actor
from domain.bank_files import SHEET
from models import Leader, Operator, Resident
from services.transactions import Transactions
from tests.builders import people
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.people import bearer
from tests.leaks import LogTail
from tests.services.pickup.world import World
from tests.services.settlements.payday import COMMISSION_FEN, FEE_FEN, SUPPLY_FEN, Payday

_KEYS = count(1)


class Doors:
    """The product's doors, opened by people with their own tokens."""

    def __init__(self, client: FlaskClient, payday: Payday) -> None:
        self.client, self.payday = client, payday
        self.rows: dict[str, tuple[type[Operator | Leader | Resident], int]] = {
            "drafter": (Operator, payday.drafter.id),
            "approver": (Operator, payday.approver.id),
            "leader": (Leader, payday.world.leader.id),
        }

    def known(self, name: str, who: Actor) -> None:
        """Let a resident in."""
        self.rows[name] = (Resident, who.id)

    def token(self, name: str) -> dict[str, str]:
        """Headers of somebody who has just signed in: days pass in these tests."""
        with self.payday.unit(SYSTEM) as ctx:
            return bearer(people.token(ctx, ctx.session.get_one(*self.rows[name])))

    def ask(self, who: str, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        """The JSON answer of a request that must end with `status`."""
        answer = self.open(who, method, path, **sent)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def open(self, who: str, method: str, path: str, **sent: Any) -> TestResponse:
        """A request with a fresh idempotency key, unless `key` gives one."""
        key = sent.pop("key", f"settlement-{next(_KEYS)}")
        headers = {**self.token(who), "Idempotency-Key": key}
        return self.client.open(f"/api{path}", method=method, headers=headers, **sent)


@pytest.fixture
def doors(client: FlaskClient, unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> Doors:
    return Doors(client, Payday(World(unit, clock), outside))


def _drafted(doors: Doors, kind: str) -> str:
    """Drafted and approved over HTTP."""
    doors.payday.later(seconds=1)
    drafted = doors.ask("drafter", "POST", "/admin/statements/draft", 201, json={})["statements"]
    number: str = next(row["id"] for row in drafted if row["kind"] == kind)
    assert doors.ask("drafter", "POST", f"/admin/statements/{number}/approve", 403)["code"] == "same_person"
    assert doors.ask("approver", "POST", f"/admin/statements/{number}/approve")["state"] == "approved"
    doors.ask("approver", "POST", f"/admin/statements/{number}/approve", 409)
    return number


def test_a_leader_reads_every_line_and_withdraws_once_per_key(doors: Doors) -> None:
    doors.payday.earned()
    before = doors.ask("leader", "GET", "/leader/earnings")
    assert before == {"pending_fen": 0, "payable_fen": COMMISSION_FEN, "on_its_way_fen": 0, "paid_fen": 0}
    number = _drafted(doors, "leader")
    lines = doors.ask("leader", "GET", f"/leader/statements/{number}/lines")["items"]
    assert sum(line["amount_fen"] for line in lines) == COMMISSION_FEN
    path = f"/leader/statements/{number}/withdrawal"
    asked = doors.ask("leader", "POST", path, 201, key="withdraw-once")
    assert asked["params"]["package"].startswith("package-pyt")
    assert doors.ask("leader", "POST", path, 201, key="withdraw-once") == asked
    assert doors.ask("leader", "GET", "/leader/earnings")["on_its_way_fen"] == COMMISSION_FEN
    assert doors.ask("leader", "POST", f"{path}/cancel")["state"] == "paying"
    (row,) = doors.ask("leader", "GET", "/leader/statements")["items"]
    assert (row["payout"]["state"], row["payout"]["confirmable"]) == ("submitted", False)
    assert doors.client.post(f"/api{path}", headers=doors.token("leader")).status_code == 422


def test_a_keeper_reads_and_withdraws_fees_and_a_neighbour_sees_nothing(doors: Doors) -> None:
    keeper, stranger = doors.payday.world.resident("陈阿姨"), doors.payday.world.resident("邻居")
    doors.known("keeper", keeper)
    doors.known("stranger", stranger)
    with doors.payday.unit.reading() as ctx:
        sent = {"keeper": ctx.session.get_one(Resident, keeper.id).public_id, "fee_fen": FEE_FEN}
    kept = doors.ask("drafter", "PUT", f"/admin/points/{doors.payday.world.point_ids[0]}/keeper", json=sent)
    assert (kept["has_keeper"], kept["fee_fen"]) == (True, FEE_FEN)
    doors.payday.handed_over()
    assert doors.ask("keeper", "GET", "/resident/point-earnings")["payable_fen"] == FEE_FEN
    number = _drafted(doors, "point")
    for path in ("", "/lines"):
        doors.ask("stranger", "GET", f"/resident/point-statements/{number}{path}", 404)
    doors.ask("stranger", "POST", f"/resident/point-statements/{number}/withdrawal", 404)
    doors.ask("leader", "POST", f"/leader/statements/{number}/withdrawal", 404)
    assert doors.ask("stranger", "GET", "/resident/point-statements")["items"] == []
    paid = doors.ask("keeper", "POST", f"/resident/point-statements/{number}/withdrawal", 201)
    assert paid["statement"]["state"] == "paying"


def test_a_real_name_is_shown_masked_and_stands_in_no_log(doors: Doors, log_tail: LogTail) -> None:
    doors.known("me", doors.payday.world.resident())
    assert doors.ask("me", "GET", "/resident/me/real-name") == {"name": ""}
    assert doors.ask("me", "PUT", "/resident/me/real-name", json={"name": "欧阳建国"}) == {"name": "欧**"}
    assert doors.ask("me", "GET", "/resident/me/real-name") == {"name": "欧**"}
    doors.ask("me", "PUT", "/resident/me/real-name", 422, json={"name": "12345"})
    assert "欧阳建国" not in log_tail.text()


def test_merchants_are_paid_by_a_file_that_comes_back_filled_in(doors: Doors) -> None:
    doors.payday.arrived()
    number = _drafted(doors, "merchant")
    left = doors.ask("approver", "POST", "/admin/bank-files", 201, json={})
    assert (left["file"], left["left_out"][0]["reason"]) == (None, "no_bank_account")
    merchant = f"/leader/merchants/{doors.payday.world.merchant_id}/bank-account"
    doors.ask("leader", "GET", merchant, 404)
    sent = {"bank": "招商银行", "account": "6214 8301 2345", "holder": "果园"}
    assert doors.ask("leader", "PUT", merchant, json=sent)["account"] == "****2345"
    assert doors.ask("leader", "GET", merchant)["holder"] == "果**"
    file = doors.ask("approver", "POST", "/admin/bank-files", 201, json={"statements": [number]})["file"]
    answer = doors.open("approver", "GET", f"/admin/bank-files/{file}/workbook")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    table = doors.payday.outside.workbooks.read(answer.data)[SHEET]
    table[1] += ["成功"]
    result = f"/admin/bank-files/{file}/result"
    wrong = doors.ask("approver", "POST", result, 422, data={"file": (BytesIO(answer.data), "a.xlsx")})
    assert list(wrong["errors"]) == ["row 2"]
    content = doors.payday.outside.workbooks.write({SHEET: table})
    for _ in range(2):
        shown = doors.ask("approver", "POST", result, data={"file": (BytesIO(content), "a.xlsx")})
        assert [(line["amount_fen"], line["result"]) for line in shown["lines"]] == [(SUPPLY_FEN, "paid")]
    assert doors.ask("drafter", "GET", f"/admin/bank-files/{file}")["answered_at"]
    assert [row["id"] for row in doors.ask("drafter", "GET", "/admin/bank-files")["items"]] == [file]
    (row,) = doors.ask("drafter", "GET", "/admin/statements?kind=merchant&state=paid")["items"]
    assert row["id"] == number
