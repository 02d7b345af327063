"""Somebody who follows every link of the console meets every page, and no form or link that would be refused."""

from __future__ import annotations

import pytest
from flask import Flask

from domain.actors import SYSTEM
from domain.operators import OperatorKind, may
from models import Operator
from services import sessions
from services.transactions import Transactions
from tests.blueprints.console import town
from tests.blueprints.console.test_guards import guarded
from tests.blueprints.console.visits import visit
from tests.blueprints.console.walking import Walk, duty_of, view_of, walk
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside

NOT_FOUND = {"console.nowhere": "answers for addresses that lead nowhere"}
FILES = {"console.bill_file", "console.checked_picture", "console.evidence"}
"""Their bytes are not kept in this town: the link is there, and 404 is its answer."""


@pytest.fixture
def busy(unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> None:
    """A house in which something waits on every page."""
    town.settle_in(unit, clock, outside)


def met(app: Flask, done: Walk) -> set[str]:
    """The views that links and forms of a walk lead to."""
    pages = {view_of(app, path, "GET") for path in (*done.pages, *done.files, *done.refused)}
    return pages | {view_of(app, place, "POST") for _, place, _ in done.forms}


@pytest.mark.usefixtures("busy")
def test_every_view_of_the_console_is_met_by_who_follows_its_links(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    with unit(SYSTEM) as ctx:
        ctx.session.get_one(Operator, browser.operator.id).totp_enc = ctx.vault.encrypt("a secret")
        sessions.open_session(ctx, "console", operator_id=browser.operator.id, device="another")
    found = met(app, walk(browser))
    town.propose(unit)
    found |= met(app, walk(browser, "/console/proposals"))
    town.send_to_bank(unit)
    found |= met(app, walk(browser, "/console/bank-files"))
    assert {endpoint for endpoint, *_ in guarded(app)} - found == set(NOT_FOUND)
    assert "" not in found, "a link or form that leads nowhere"
    assert {endpoint for endpoint in found if not may("viewer", duty_of(app, endpoint))}, "the test below has teeth"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("kind", list(OperatorKind))
def test_nobody_is_offered_what_they_would_be_refused(app: Flask, kind: str) -> None:
    done = walk(visit(app, kind))
    assert len(done.pages) > 30
    assert {view_of(app, path, "GET") for path in done.refused} <= FILES
    assert {endpoint for endpoint in met(app, done) if not may(kind, duty_of(app, endpoint))} == set()


@pytest.mark.usefixtures("busy")
def test_every_form_carries_the_token_of_its_session_and_a_key_of_its_own(app: Flask) -> None:
    browser = visit(app)
    done = walk(browser)
    assert len(done.forms) > 60
    token = f'name="csrf" value="{browser.form_token}"'
    assert {(page, place) for page, place, markup in done.forms if token not in markup} == set()
    keys = [markup.split('name="key" value="')[1].split('"')[0] for _, _, markup in done.forms]
    assert len(set(keys)) == len(keys)
    assert min(len(key) for key in keys) >= 16


@pytest.mark.usefixtures("busy")
def test_every_page_keeps_foreign_scripts_out_and_is_kept_nowhere(app: Flask) -> None:
    browser = visit(app)
    for path in walk(browser).pages:
        answer = browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), path
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "style=" not in answer.text, path
        assert "<script>" not in answer.text, path
