"""What a page says of a thing, as somebody reads it who does not know the tables."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select, update

from domain.actors import SYSTEM
from models import Shift
from services import audit
from services.transactions import Transactions
from tests.blueprints.console import things
from tests.blueprints.console.visits import visit


def test_an_orders_history_begins_with_its_placing(app: Flask, unit: Transactions) -> None:
    order = things.an_order(unit)
    page = visit(app).get(f"/console/orders/{order.public_id}").text
    acts = re.findall(r"<td>下单人</td><td>([^<]+)</td>", page)
    assert acts[0] == "下单"
    assert page.index("<td>下单</td>") < page.index("<td>付款</td>")


def test_a_drawer_with_too_much_says_so_and_one_with_too_little(app: Flask, unit: Transactions) -> None:
    things.one_of_each(unit)
    browser = visit(app)
    for counted, said in ((1500, "多出 ¥5.00"), (800, "短少 ¥2.00"), (1000, "相符")):
        with unit(SYSTEM) as ctx:
            closed = {"state": "closed", "taken_fen": 1000, "counted_fen": counted, "closed_at": ctx.now}
            ctx.session.execute(update(Shift).values(closed))
        assert said in browser.get("/console/shifts").text
    with unit(SYSTEM) as ctx:  # as it was, for the books know nothing of this money
        opened = {"state": "open", "taken_fen": 0, "counted_fen": 0, "closed_at": None}
        ctx.session.execute(update(Shift).values(opened))


def test_an_alert_says_what_to_do_and_leads_there(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        audit.alert(ctx, "suspense", "one", "¥1.00（单号 x）：我方没有这个单号")
    for path in ("/console/alerts", "/console"):
        page = visit(app).get(path).text
        assert "查明是谁的钱" in page
        assert 'href="/console/suspense"' in page


def test_each_page_of_a_thing_leads_back_to_its_list(app: Flask, unit: Transactions) -> None:
    made, browser = things.one_of_each(unit), visit(app)
    for place, one in made.items():
        if place != "residents":
            page = browser.get(f"/console/{place}/{one}").text
            assert f'<p class="crumb"><a href="/console/{place}">' in page, place
            assert f'<a href="/console/{place}" aria-current="true">' in page, place


def test_every_table_has_a_caption_and_every_column_a_head(app: Flask, unit: Transactions) -> None:
    made, browser = things.one_of_each(unit), visit(app)
    paths = [f"/console/{place}/{one}" for place, one in made.items() if place != "residents"]
    for path in [*paths, "/console/orders", "/console/audit", "/console/jobs", "/console/invariants", "/console"]:
        page = browser.get(path).text
        assert page.count("<table>") == page.count('<caption class="unseen">'), path
        assert '<th scope="col"></th>' not in page, path
        levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
        assert levels[0] == 1, path
        assert set(levels) <= {1, 2}, path


def test_who_may_not_is_told_whom_to_ask(app: Flask) -> None:
    refused = visit(app, "viewer").send("/console/communities", name="桂花苑")
    assert (refused.status_code, "请找管理员调整您的角色" in refused.text) == (403, True)


def test_a_shift_is_read_with_its_acts(app: Flask, unit: Transactions) -> None:
    things.one_of_each(unit)
    with unit(SYSTEM) as ctx:
        shift = ctx.session.scalars(select(Shift.id)).one()
        audit.record(ctx, "shift", shift, "open", states=("", "open"))
    assert "<td>开班</td>" in visit(app).get("/console/audit?subject=shift").text
