"""Every page of the console opens for every kind of operator, empty and with things on it, by few statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from blueprints.console.states import STATES
from blueprints.console.words import word
from blueprints.shared.guards import audience_of
from domain.actors import SYSTEM
from domain.operators import OperatorKind
from domain.state_tables import ALL
from services.transactions import Transactions
from tests.blueprints.console import things
from tests.blueprints.console.visits import visit
from tests.builders import people


def lists(app: Flask) -> list[str]:
    """The paths of all pages that need no id."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if audience_of(app.view_functions[rule.endpoint]) == "console"
        and not rule.arguments
        and "GET" in (rule.methods or ())
    )


@contextmanager
def counted(unit: Transactions) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(unit.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(unit.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_every_list_opens_in_an_empty_house(app: Flask, kind: str) -> None:
    browser = visit(app, kind)
    found = {path: browser.get(path).status_code for path in lists(app)}
    assert len(found) > 20
    assert {path for path, status in found.items() if status != 200} == set()


@pytest.mark.parametrize("kind", list(OperatorKind))
def test_every_list_and_every_thing_opens_masked(app: Flask, unit: Transactions, kind: str) -> None:
    made, browser = things.one_of_each(unit), visit(app, kind)
    paths = [*lists(app), *(f"/console/{place}/{one}" for place, one in made.items() if place != "residents")]
    pages = {path: browser.get(path) for path in paths}
    assert {path for path, page in pages.items() if page.status_code != 200} == set()
    assert {path for path, page in pages.items() if things.PHONE in page.text or "王小明" in page.text} == set()


def test_every_row_of_a_list_is_one_click_from_its_history(app: Flask, unit: Transactions) -> None:
    made, browser = things.one_of_each(unit), visit(app)
    for place, one in made.items():
        if place != "residents":
            assert f'href="/console/{place}/{one}"' in browser.get(f"/console/{place}").text, place


def test_a_list_is_read_page_by_page_and_keeps_its_filter(app: Flask, unit: Transactions) -> None:
    things.orders(unit, 23)
    browser = visit(app)
    first = browser.get("/console/orders?state=pending_payment").text
    further = re.search(r'class="button" href="([^"]+)"', first)
    assert further is not None
    address = further[1].replace("&amp;", "&")
    assert "state=pending_payment" in address
    second = browser.get(address).text
    ids = [set(re.findall(r'href="/console/orders/(ord_\w+)"', page)) for page in (first, second)]
    assert [len(page) for page in ids] == [20, 3]
    assert ids[0].isdisjoint(ids[1])
    assert "这里还没有内容" in browser.get("/console/orders?state=collected").text


@pytest.mark.parametrize(
    "path", ["/console/orders?state=none", "/console/orders?surprise=1", "/console/orders?cursor=x"]
)
def test_a_filter_that_is_none_is_told_so(app: Flask, path: str) -> None:
    answer = visit(app).get(path)
    assert (answer.status_code, "填写有误" in answer.text) == (422, True)


def test_the_next_page_leads_where_this_one_is_whatever_the_address_says(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        for _ in range(2):
            people.community(ctx)
    page = visit(app).get("/console/communities?limit=1&endpoint=x&_external=1&_scheme=javascript&_anchor=y")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert re.search(r'href="/console/communities\?[^"]*cursor=', page.text)


def test_an_order_is_found_by_its_payment(app: Flask, unit: Transactions) -> None:
    made, browser = things.one_of_each(unit), visit(app)
    page = browser.get(f"/console/orders?search={made['payments']}").text
    assert page.count('href="/console/orders/ord_') == 1
    assert made["orders"] not in page


def test_the_dashboard_asks_as_much_of_a_full_house_as_of_an_empty_one(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    with counted(unit) as empty:
        browser.get("/console")
    things.orders(unit, 12)
    things.one_of_each(unit)
    with counted(unit) as full:
        page = browser.get("/console")
    assert page.text.count('<svg class="chart"') == 5
    reads = [[text for text in seen if text.lstrip().upper().startswith("SELECT")] for seen in (empty, full)]
    assert [len(seen) for seen in reads] == [8, 8]


def test_each_picture_of_an_empty_house_says_that_there_is_nothing_yet(app: Flask) -> None:
    assert visit(app).get("/console").text.count("还没有数据</text>") == 5


def test_a_first_days_order_stands_in_the_pictures_and_in_the_tables_beneath(app: Flask, unit: Transactions) -> None:
    things.an_order(unit)
    page = visit(app).get("/console").text
    assert page.count("还没有数据</text>") == 3, "nothing is unpaid, decided or fetched"
    assert "每天的订单：已付款合计 1 单；未付款合计 0 单" in page
    assert "每天的收款与退款：收款合计 ¥29.90；退款合计 ¥0.00" in page
    assert "每天未付款的占比：未付款最高 0%" in page
    assert '<td class="right">¥29.90</td><td class="right">¥0.00</td>' in page
    assert page.count('<th scope="row">') == 4 * 14 + 5


def test_the_dashboard_tells_todays_money_in_yuan(app: Flask, unit: Transactions) -> None:
    things.an_order(unit)
    assert "<b>¥29.90</b><span>今天收款</span>" in visit(app).get("/console").text


def test_every_sweep_and_every_state_has_a_word(app: Flask) -> None:
    silent = [job.name for job in app.extensions["lintuan-schedule"] if job.name not in STATES["job"]]
    states = [(machine.name, state) for machine in ALL for state in machine.states]
    silent += [f"{name} {state}" for name, state in states if word(state, name) == state]
    assert silent == []
