"""At the machine: links into the console, what operators may do, and what to do about a lost phone."""

from __future__ import annotations

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from domain.actors import SYSTEM, Actor, Role
from services import operators, second_factors
from services.transactions import Transactions
from tests.blueprints.console.visits import hidden, visit
from tests.builders.clock import FrozenClock


def asked(app: Flask, *words: str) -> str:
    """What `flask operators …` says."""
    done = app.test_cli_runner().invoke(args=["operators", *words])
    return done.output if done.exit_code == 0 else f"refused: {done.output}"


def test_a_printed_link_leads_into_the_console(app: Flask, client: FlaskClient, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        operators.create(ctx, "zhao", "correct horse battery")
    link = asked(app, "link", "zhao").strip()
    assert link.startswith("http://127.0.0.1:8000/console/enter?code=")
    page = client.get(link.partition(":8000")[2])
    assert client.post("/console/enter", data={"link": hidden(page, "link")}).status_code == 303
    assert "zhao · 管理员" in client.get("/console").text


def test_a_changed_kind_holds_from_the_next_click(app: Flask) -> None:
    browser = visit(app, "admin")
    assert browser.send("/console/communities", name="桂花苑").status_code == 303
    assert "viewer" in asked(app, "kind", browser.operator.name, "viewer")
    assert browser.send("/console/communities", name="丹桂苑").status_code == 403


def test_a_lost_phone_takes_the_second_factor_and_every_session_away(
    app: Flask, unit: Transactions, clock: FrozenClock
) -> None:
    browser = visit(app)
    with unit(Actor(Role.OPERATOR, browser.operator.id)) as ctx:
        offer = second_factors.offer(ctx, browser.operator.name)
        code = pyotp.TOTP(offer.secret).at(int(clock.now().timestamp()))
        second_factors.enrol(ctx, offer.sealed, code)
    asked(app, "lost-phone", browser.operator.name)
    assert browser.get("/console").status_code == 401
    with unit(Actor(Role.OPERATOR, browser.operator.id)) as ctx:
        found = operators.named(ctx, browser.operator.name)
        assert found is not None
        assert (found.totp_enc, second_factors.recovery_codes_left(ctx)) == (None, 0)


def test_whom_nobody_knows_is_told_so(app: Flask) -> None:
    for words in (("link", "nobody"), ("kind", "nobody", "viewer"), ("lost-phone", "nobody")):
        assert asked(app, *words).startswith("refused: Error: nobody There is no such thing"), words
