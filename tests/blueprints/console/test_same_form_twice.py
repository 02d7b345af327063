"""One form that arrives twice at once acts once, on either database; two forms act twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Event, get_ident

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from blueprints.console import repeats
from domain.actors import SYSTEM
from domain.ids import new_id
from models import AuditRecord, BillCase, Community
from services.ports import Unreachable
from services.transactions import Transactions
from tests.blueprints.console.visits import Browser, browser_of, visit
from tests.builders import campaigns
from tests.builders.decisions import answered, cancelled
from tests.builders.outside import PretendOutside, pretend_outside
from tests.builders.pretend_gateway import PretendGateway

PATIENCE = 60
Send = Callable[[], TestResponse]


class SlowGateway(PretendGateway):
    """A gateway that answers the first question only when `hurry` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.hurry = Event(), Event()

    def _called(self, name: str) -> None:
        super()._called(name)
        if self.asked.total() == 1:
            self.reached.set()
            assert self.hurry.wait(PATIENCE)


def done(unit: Transactions, what: str) -> int:
    """How often that is on record."""
    with unit.reading() as ctx:
        return len(ctx.session.scalars(select(AuditRecord).where(AuditRecord.event == what)).all())


def twin(app: Flask, browser: Browser) -> Browser:
    """The same browser's second connection."""
    cookie = browser.client.get_cookie("lintuan_console", path="/console")
    assert cookie is not None
    return browser_of(app, browser.operator, cookie.value)


def both(unit: Transactions, gateway: SlowGateway, first: Send, second: Send) -> list[TestResponse]:
    """The answers to two requests of which the second has asked for its turn before the gateway answers the first."""
    asked, own = Event(), get_ident()
    threads: list[int] = [own]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if get_ident() in threads[1:] and "idempotency_records" in statement:
            asked.set()

    def late() -> TestResponse:
        threads.append(get_ident())
        return second()

    event.listen(unit.engine, "after_cursor_execute", note)
    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(first)
            assert gateway.reached.wait(PATIENCE)
            other = pool.submit(late)
            assert asked.wait(PATIENCE)
            gateway.hurry.set()
            return [one.result(PATIENCE), other.result(PATIENCE)]
    finally:
        gateway.hurry.set()
        event.remove(unit.engine, "after_cursor_execute", note)


@pytest.fixture
def gateway() -> SlowGateway:
    """A slow gateway in place of the quick one."""
    return SlowGateway()


@pytest.fixture
def outside(tmp_path: Path, gateway: SlowGateway) -> PretendOutside:
    """An outside with the slow gateway."""
    return replace(pretend_outside(tmp_path), gateway=gateway)


@pytest.fixture
def case(unit: Transactions) -> str:
    """An open case whose payment nobody knows, of a day whose bill is kept no more."""
    with unit(SYSTEM) as ctx:
        public_id = new_id("BillCase", ctx.now)
        ctx.session.add(BillCase(
            public_id=public_id, day=date(2025, 1, 2), difference="missing_there", subject="pay_nobody", state="open",
            source="missing", ours_fen=18, theirs_fen=0, detail="", created_at=ctx.now,
        ))  # fmt: skip
    return public_id


@pytest.mark.parametrize(("second_key", "times"), [("one-rendered-form-of-mine", 1), ("another-form-of-mine", 2)])
def test_the_gateway_is_asked_once_per_form(
    app: Flask, unit: Transactions, gateway: SlowGateway, case: str, second_key: str, times: int
) -> None:
    browser = visit(app)
    path, other = f"/console/bill-cases/{case}/ask", twin(app, browser)
    answers = both(unit, gateway, lambda: browser.send(path, key="one-rendered-form-of-mine"),
                   lambda: other.send(path, key=second_key))  # fmt: skip
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.location for answer in answers}) == 1
    assert done(unit, "ask") == times


def test_a_refund_that_is_tried_again_by_a_double_click_goes_out_once(
    app: Flask, unit: Transactions, gateway: SlowGateway
) -> None:
    gateway.hurry.set()
    cancelled(unit, campaigns.stage_of(unit))
    refund = answered(unit, "ABNORMAL")
    gateway.asked.clear()
    gateway.hurry.clear()
    browser, key = visit(app), "one-rendered-form-of-mine"
    path, other = f"/console/refunds/{refund}/retry", twin(app, browser)
    answers = both(unit, gateway, lambda: browser.send(path, key=key), lambda: other.send(path, key=key))
    assert [answer.location for answer in answers] == [f"/console/refunds/{refund}?done=retry_refund"] * 2
    assert (gateway.asked["refund"], done(unit, "retry")) == (1, 1)


def test_what_the_gateway_did_not_answer_may_be_asked_again_by_the_same_form(
    app: Flask, gateway: SlowGateway, case: str
) -> None:
    gateway.hurry.set()
    browser, key = visit(app), "one-rendered-form-of-mine"
    gateway.fails = Unreachable("down")
    assert browser.send(f"/console/bill-cases/{case}/ask", key=key).status_code == 503
    gateway.fails = None
    assert browser.send(f"/console/bill-cases/{case}/ask", key=key).status_code == 303


def test_a_form_whose_first_sending_never_ended_is_told_so(
    app: Flask, unit: Transactions, gateway: SlowGateway, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "LOOKS", 1)
    browser, key = visit(app), "one-rendered-form-of-mine"
    path, other = f"/console/bill-cases/{case}/ask", twin(app, browser)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: browser.send(path, key=key))
        assert gateway.reached.wait(PATIENCE)
        second = other.send(path, key=key)
        gateway.hurry.set()
        assert first.result(PATIENCE).status_code == 303
    assert (second.status_code, "已经提交过" in second.text) == (409, True)
    assert done(unit, "ask") == 1


@pytest.mark.parametrize(
    ("second_key", "second_answer"), [("one-rendered-form-of-mine", 303), ("another-form-of-mine", 422)]
)
def test_an_act_in_one_transaction_happens_once_per_form_and_a_name_is_taken_once(
    app: Flask, unit: Transactions, second_key: str, second_answer: int
) -> None:
    browser = visit(app)
    pair, start = (browser, twin(app, browser)), Barrier(2, timeout=PATIENCE)
    keys = ("one-rendered-form-of-mine", second_key)

    def send(who: Browser, key: str) -> int:
        start.wait()
        return who.send("/console/communities", key=key, name="桂花苑").status_code

    with ThreadPoolExecutor(2) as pool:
        found = [each.result(PATIENCE) for each in [pool.submit(send, *one) for one in zip(pair, keys, strict=True)]]
    assert sorted(found) == [303, second_answer]
    with unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Community)).all()) == 1


def test_what_is_shown_once_is_not_shown_to_the_same_form_again(app: Flask) -> None:
    browser, key = visit(app), "one-rendered-form-of-mine"
    form = {"sealed": "none of ours", "code": "123456"}
    assert browser.send("/console/me/second-factor", key=key, **form).status_code == 422
    again = browser.send("/console/me/second-factor", key=key, **form)
    assert (again.status_code, "已经提交过" in again.text) == (409, True)
