"""Who is shut out is out at once: sessions, printed links, and a log-in that was under way."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.actors import SYSTEM
from domain.errors import CodeExpired
from domain.ids import new_id
from models import BillCase, Operator
from services import operator_links, operators, sessions
from services.transactions import Transactions
from tests.blueprints.console.test_entering import PASSWORD, link_for
from tests.blueprints.console.visits import browser_of, visit
from tests.builders.people import bearer
from tests.cli.test_operators import asked


@pytest.fixture
def zhao(unit: Transactions) -> Operator:
    """An operator with a password and no second factor."""
    with unit(SYSTEM) as ctx:
        return operators.create(ctx, "zhao", PASSWORD)


def test_printed_links_and_sessions_end_at_once(app: Flask, unit: Transactions, zhao: Operator) -> None:
    links = [link_for(unit, "zhao") for _ in range(2)]
    with unit(SYSTEM) as ctx:
        operators.create(ctx, "qian", PASSWORD)
        console = sessions.open_session(ctx, "console", operator_id=zhao.id)
        api = sessions.open_session(ctx, "admin", operator_id=zhao.id)
    other = link_for(unit, "qian")
    with unit(SYSTEM) as ctx:
        operators.shut_out(ctx, "zhao")
    assert browser_of(app, zhao, console).get("/console").status_code == 401
    assert app.test_client().get("/api/admin/alerts", headers=bearer(api)).status_code == 401
    for link in links:
        with unit(SYSTEM) as ctx, pytest.raises(CodeExpired):
            operator_links.use(ctx, link)
    assert app.test_client().post("/console/enter", data={"link": links[0]}).status_code == 401
    assert app.test_client().post("/console/enter", data={"link": other}).status_code == 303
    assert app.test_client().post("/console/enter", data={"link": link_for(unit, "zhao")}).status_code == 303


def test_whoever_is_dismissed_gets_in_by_no_password_any_more(
    app: Flask, client: FlaskClient, unit: Transactions, zhao: Operator
) -> None:
    body = {"name": "zhao", "password": PASSWORD}
    assert client.post("/api/admin/login", json=body).status_code == 200
    link = link_for(unit, "zhao")
    assert "cannot get in any more" in asked(app, "dismiss", "zhao")
    assert client.post("/api/admin/login", json=body).status_code == 401
    assert client.post("/console/enter", data={"link": link}).status_code == 401
    assert "refused" in asked(app, "dismiss", "nobody")


def test_whoever_is_dismissed_gets_in_by_no_link_any_more(app: Flask, unit: Transactions, zhao: Operator) -> None:
    with unit(SYSTEM) as ctx:
        operators.dismiss(ctx, "zhao")
    assert "refused" in asked(app, "link", "zhao")
    with unit(SYSTEM) as ctx:  # one that was printed in the moment of the dismissal
        ctx.session.get_one(Operator, zhao.id).password_hash = zhao.password_hash
        link = operator_links.make(ctx, "zhao")
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Operator, zhao.id).password_hash = operators.NO_PASSWORD
    assert app.test_client().post("/console/enter", data={"link": link}).status_code == 401


def test_nobody_gives_a_case_to_whoever_was_dismissed(app: Flask, unit: Transactions, zhao: Operator) -> None:
    browser = visit(app)
    with unit(SYSTEM) as ctx:
        case = BillCase(
            public_id=new_id("BillCase", ctx.now), day=date(2025, 1, 2), difference="missing_there", state="open",
            subject="pay_nobody", source="missing", ours_fen=18, theirs_fen=0, detail="", created_at=ctx.now,
        )  # fmt: skip
        ctx.session.add(case)
    path = f"/console/bill-cases/{case.public_id}/assign"
    assert browser.send(path, operator=zhao.public_id).status_code == 303
    with unit(SYSTEM) as ctx:
        operators.dismiss(ctx, "zhao")
    assert browser.send(path, operator=zhao.public_id).status_code == 404


def test_a_log_in_that_was_under_way_when_its_owner_was_dismissed_opens_nothing(
    unit: Transactions, zhao: Operator
) -> None:
    """The slow hash is asked outside of transactions; what it was asked for is looked at again before anybody is in."""
    with unit(SYSTEM) as ctx:
        assert operators.still_has(ctx, zhao)
    with unit(SYSTEM) as ctx:
        operators.dismiss(ctx, "zhao")
    with unit(SYSTEM) as ctx:
        assert not operators.still_has(ctx, zhao)
