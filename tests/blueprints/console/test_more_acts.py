"""What the API had and the console had not: bank files, shipping, help-sells, goods astray, keepers, colleagues."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.test import TestResponse

from domain.actors import SYSTEM
from domain.bank_files import SHEET
from models import (
    BankFile,
    BillCase,
    HelpSell,
    LossCase,
    Operator,
    PickupPoint,
    Resident,
    Settlement,
    ShippingUpload,
)
from services import operators
from services.transactions import Transactions
from tests.blueprints.console import town
from tests.blueprints.console.visits import Browser, visit
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside


@pytest.fixture
def finance(app: Flask, unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> Browser:
    """Somebody of finance in a busy house."""
    town.settle_in(unit, clock, outside)
    return visit(app, "finance")


def column(unit: Transactions, of: InstrumentedAttribute[str]) -> list[str]:
    """All values of a column, oldest row first."""
    with unit.reading() as ctx:
        return list(ctx.session.scalars(select(of).order_by(of.class_.id)))


def bring_back(browser: Browser, outside: PretendOutside, file: str, said: str, key: str) -> TestResponse:
    """Download the bank file, fill in what the bank said, and send it back."""
    taken = browser.get(f"/console/bank-files/{file}/workbook")
    assert taken.headers["Content-Disposition"] == f'attachment; filename="{file}.xlsx"'
    table = [list(row) for row in outside.workbooks.read(taken.data)[SHEET]]
    for row in table[1:]:
        row[8:] = [said, ""]
    content = BytesIO(outside.workbooks.write({SHEET: table}))
    data = {"csrf": browser.form_token, "key": key, "file": (content, "result.xlsx")}
    return browser.client.post(f"/console/bank-files/{file}/result", data=data, content_type="multipart/form-data")


def test_a_bank_file_is_made_taken_and_brought_back(
    finance: Browser, unit: Transactions, outside: PretendOutside
) -> None:
    assert "账号有误" in finance.get(f"/console/bank-files/{column(unit, BankFile.public_id)[0]}").text
    made = finance.send("/console/bank-files")
    assert made.status_code == 303
    file = column(unit, BankFile.public_id)[-1]
    assert made.location == f"/console/bank-files/{file}?done=export_bank_file"
    assert finance.send("/console/bank-files").status_code == 409
    wrong = bring_back(finance, outside, file, "也许", "a-wrong-form-of-mine")
    assert (wrong.status_code, "第 2 行：结果应为成功或失败" in wrong.text) == (422, True)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(BankFile.answered_at).order_by(BankFile.id.desc())).first() is None
    answers = [bring_back(finance, outside, file, "成功", "one-rendered-form-of-mine") for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/console/bank-files/{file}?done=import_bank_result"] * 2
    other = bring_back(finance, outside, file, "失败", "one-rendered-form-of-mine")
    assert other.status_code == 409
    assert "paid" in column(unit, Settlement.state)
    assert "下载付款文件" in finance.get(f"/console/bank-files/{file}").text


def test_no_account_number_stands_on_a_page(finance: Browser, unit: Transactions) -> None:
    pages = ["/console/bank-files", f"/console/bank-files/{column(unit, BankFile.public_id)[0]}"]
    assert [path for path in pages if "6214" in finance.get(path).text] == []


def test_a_result_without_a_workbook_is_refused(finance: Browser, unit: Transactions) -> None:
    path = f"/console/bank-files/{column(unit, BankFile.public_id)[0]}/result"
    assert finance.send(path).status_code == 422
    data = {"csrf": finance.form_token, "key": "a-form-of-mine-here", "file": (BytesIO(b"no workbook"), "x.xlsx")}
    answer = finance.client.post(path, data=data, content_type="multipart/form-data")
    assert (answer.status_code, "文件" in answer.text) == (422, True)


def test_a_keeper_is_named_paid_and_let_go(finance: Browser, unit: Transactions) -> None:
    point = column(unit, PickupPoint.public_id)[0]
    path = f"/console/points/{point}"
    candidates = re.findall(r'<option value="(res_\w+)"', finance.get(path).text)
    assert len(candidates) >= 2
    assert finance.send(f"{path}/keeper", keeper=candidates[-1], fee="0.80").status_code == 303
    with unit.reading() as ctx:
        row = ctx.session.scalars(select(PickupPoint).where(PickupPoint.public_id == point)).one()
        keeper = ctx.session.get_one(Resident, row.keeper_id).public_id
        assert (keeper, row.fee_fen) == (candidates[-1], 80)
    for fee in ("101", "-1", "x", ""):
        assert finance.send(f"{path}/keeper", keeper=candidates[0], fee=fee).status_code == 422
    assert finance.send(f"{path}/keeper", other="res_" + "0" * 26, fee="0").status_code == 404
    assert finance.send(f"{path}/keeper/end").status_code == 303
    assert "没有站长" in finance.get(path).text


def test_a_difference_is_given_to_a_colleague(app: Flask, finance: Browser, unit: Transactions) -> None:
    colleague, case = visit(app, "finance").operator, column(unit, BillCase.public_id)[0]
    viewer = visit(app, "viewer").operator
    page = finance.get(f"/console/bill-cases/{case}").text
    assert (colleague.public_id in page, viewer.public_id in page) == (True, False)
    gone = visit(app, "finance").operator
    assert gone.public_id in finance.get(f"/console/bill-cases/{case}").text
    with unit(SYSTEM) as ctx:
        operators.dismiss(ctx, gone.name)
    assert gone.public_id not in finance.get(f"/console/bill-cases/{case}").text
    assert finance.send(f"/console/bill-cases/{case}/assign", operator=colleague.public_id).status_code == 303
    with unit.reading() as ctx:
        owner = select(Operator.name).join(BillCase, BillCase.owner_id == Operator.id)
        assert ctx.session.scalar(owner) == colleague.name


@pytest.mark.usefixtures("finance")
def test_shipping_help_sells_and_goods_astray_are_dealt_with(app: Flask, unit: Transactions) -> None:
    support = visit(app, "support")
    failed = support.get("/console/shipping?state=failed").text
    payments = re.findall(r'action="/console/shipping/(\w+)/revive"', failed)
    assert support.send(f"/console/shipping/{payments[0]}/revive").location.endswith("?done=revive_shipping")
    assert "pending" in column(unit, ShippingUpload.state)
    helping = column(unit, HelpSell.public_id)[0]
    assert support.send(f"/console/help-sells/{helping}/end").status_code == 422
    assert support.send(f"/console/help-sells/{helping}/end", reason="价格说错了").status_code == 303
    assert column(unit, HelpSell.state) == ["ended"]
    assert "还没有人帮卖" in support.get("/console/help-sells?state=active").text
    case = column(unit, LossCase.public_id)[0]
    assert support.send(f"/console/losses/{case}/close", remark="邻居代拿了").status_code == 303
    assert "邻居代拿了" in support.get("/console/losses").text
    assert "没有错领" in support.get("/console/losses?open_only=1").text


@pytest.mark.usefixtures("finance")
def test_what_was_said_leads_back_to_where_it_was_asked_for(app: Flask, unit: Transactions) -> None:
    support = visit(app, "support")
    order = re.findall(r'href="/console/orders/(ord_\w+)"', support.get("/console/orders").text)[0]
    page = support.get(f"/console/orders/{order}").text
    owner = re.findall(r'action="/console/residents/(res_\w+)/transcript"', page)[0]
    told = support.send(f"/console/residents/{owner}/transcript", reason="投诉", order=order)
    assert (told.status_code, f'href="/console/orders/{order}">返回订单' in told.text) == (200, True)
    assert told.headers["HX-Push-Url"] == "false"
    chat = re.findall(r'action="/console/chats/(\w+)/transcript"', support.get("/console/channels").text)[0]
    assert '/console/channels">返回渠道' in support.send(f"/console/chats/{chat}/transcript", reason="投诉").text
    evil = support.send(f"/console/residents/{owner}/transcript", reason="投诉", order="https://evil.example")
    assert evil.status_code == 422


def test_the_audit_log_is_asked_who_did_what_and_when(app: Flask, clock: FrozenClock) -> None:
    first, second = visit(app), visit(app)
    assert first.send("/console/communities", name="桂花苑").status_code == 303
    clock.advance(minutes=20)
    assert second.send("/console/logout").status_code == 303
    today = clock.now().date().isoformat()

    def shown(**asked: str) -> int:
        page = first.client.get("/console/audit", query_string=asked)
        assert page.status_code == 200
        return len(re.findall(r"<tr>\s*<td>", page.text))

    everything = shown()
    assert everything >= 1
    assert shown(operator=first.operator.name) == shown(operator=first.operator.name, since=today, until=today) >= 1
    assert shown(operator="nobody-of-that-name") == 0
    assert shown(event="添加") + shown(event="创建") >= 1
    assert shown(event="没有这样的事") == 0
    assert shown(until="2020-01-02") == 0
    assert shown(since=today) == everything
    assert shown(actor="operator", subject="community") >= 1
    assert shown(actor="gateway") == 0
    page = first.get("/console/audit").text
    assert "如：通过、退款" in page
    assert first.get("/console/audit?since=yesterday").status_code == 422
    assert first.get("/console/audit?since=0001-01-01").status_code == 422
