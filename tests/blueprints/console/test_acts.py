"""What operators decide at the console happens once, by the same rules as elsewhere, and is told in words."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from domain.actors import SYSTEM, Actor, Role
from models import AuditRecord, Community, Leader, Proposal, SuspenseCase
from services import audit
from services.transactions import Transactions
from tests.blueprints.console.things import an_order, one_of_each
from tests.blueprints.console.visits import visit
from tests.builders import campaigns, people


def test_a_leader_is_approved_once_however_often_the_form_is_sent(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        leader = people.leader(ctx, state="applied").public_id
    browser, key = visit(app), "one-rendered-form-of-mine"
    answers = [browser.send(f"/console/leaders/{leader}/approve", key=key) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/console/leaders/{leader}?done=approve_leader"] * 2
    assert "已通过，团长可以开团了" in browser.get(answers[0].location).text
    with unit.reading() as ctx:
        done = select(AuditRecord).where(AuditRecord.event == "approve")
        assert len(ctx.session.scalars(done).all()) == 1


def test_another_form_for_what_was_done_is_told_that_it_cannot_be(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        leader = people.leader(ctx, state="applied").public_id
    browser = visit(app)
    assert browser.send(f"/console/leaders/{leader}/approve").status_code == 303
    again = browser.send(f"/console/leaders/{leader}/approve")
    assert again.status_code == 409
    assert "当前状态下不能这样做" in again.text


def test_a_rejection_needs_a_reason(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        leader = people.leader(ctx, state="applied").public_id
    answer = visit(app).send(f"/console/leaders/{leader}/reject", reason="  ")
    assert answer.status_code == 422
    assert "原因" in answer.text
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(Leader.state)) == "applied"


def test_a_form_without_a_key_does_nothing(app: Flask, unit: Transactions) -> None:
    browser = visit(app)
    data = {"csrf": browser.form_token, "name": "桂花苑"}
    assert browser.client.post("/console/communities", data=data).status_code == 422
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Community)).all() == []
    assert browser.send("/console/communities", name="桂花苑").status_code == 303


def test_what_people_write_cannot_break_out_of_the_page(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        person = people.resident(ctx, '<img src=x onerror="alert(1)">')
        leader = people.leader(ctx, person, state="applied").public_id
    page = visit(app).get(f"/console/leaders/{leader}").text
    assert "<img" not in page
    assert "&lt;img" in page


def test_an_alert_is_dealt_with(app: Flask, unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        audit.alert(ctx, "gateway_down", "cause-1", "The gateway cannot confirm.")
        [alert] = audit.open_alerts(ctx)
    browser = visit(app)
    assert "The gateway cannot confirm." in browser.get("/console").text
    assert browser.send(f"/console/alerts/{alert.id}/done").status_code == 303
    assert "没有告警" in browser.get("/console/alerts").text


def test_who_looked_at_an_order_and_who_saw_its_owner_is_on_record(app: Flask, unit: Transactions) -> None:
    order, browser = an_order(unit), visit(app)
    page = browser.get(f"/console/orders/{order.public_id}")
    assert page.status_code == 200
    assert "138****1234" in page.text
    assert "13800001234" not in page.text
    assert browser.send(f"/console/orders/{order.public_id}/reveal", reason="").status_code == 422
    shown = browser.send(f"/console/orders/{order.public_id}/reveal", reason="送错了，要打电话")
    assert "13800001234" in shown.text
    with unit.reading(Actor(Role.OPERATOR, browser.operator.id)) as ctx:
        by_me = AuditRecord.actor == f"operator:{browser.operator.id}"
        looks = ctx.session.scalars(select(AuditRecord).where(by_me).order_by(AuditRecord.id)).all()
        assert [(look.event, look.reason) for look in looks] == [("explain", ""), ("reveal", "送错了，要打电话")]


def test_two_people_decide_about_money_whatever_page_the_click_comes_from(app: Flask, unit: Transactions) -> None:
    one_of_each(unit)
    with unit.reading() as ctx:
        case = ctx.session.scalars(select(SuspenseCase.public_id)).one()
    first, second = visit(app, "finance"), visit(app, "admin")
    asked = {"reference": "ICBC-1", "reason": "核实过"}
    assert first.send(f"/console/suspense/{case}/by-hand", **asked).status_code == 303
    with unit.reading() as ctx:
        proposal = ctx.session.scalars(select(Proposal.public_id)).one()
    own = first.send(f"/console/proposals/{proposal}/accept")
    assert (own.status_code, "须由另一位同事确认" in own.text) == (403, True)
    assert second.send(f"/console/proposals/{proposal}/accept").status_code == 303
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(SuspenseCase.state)) == "resolved"


def test_money_typed_in_yuan_is_given_back_to_the_fen(app: Flask, unit: Transactions) -> None:
    order, browser = an_order(unit), visit(app, "support")
    with unit.reading() as ctx:
        [line] = campaigns.lines(ctx, order.public_id)
    for amount in ("0", "1.234", "一元", "-1"):
        wrong = browser.send(f"/console/orders/{order.public_id}/compensate", line=line.public_id, amount=amount,
                             reason="坏果")  # fmt: skip
        assert (wrong.status_code, "金额" in wrong.text) == (422, True)
    assert browser.send(f"/console/orders/{order.public_id}/refund", reason="送错了").status_code == 303
    with unit.reading() as ctx:
        assert [row.refunded_fen for row in campaigns.lines(ctx, order.public_id)] == [2990]
