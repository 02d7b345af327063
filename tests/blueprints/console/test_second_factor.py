"""What protects an account is not changed by whoever sits at its session: it is proved before, and shown once."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from domain.actors import SYSTEM, Actor, Role
from domain.errors import WrongState
from models import Operator
from services import operators, second_factors, sessions
from services.flows import second_factor
from services.flows.second_factor import Enrol, Proof
from services.transactions import Transactions
from tests.blueprints.console.test_entering import PASSWORD, code_of
from tests.blueprints.console.visits import Browser, browser_of, hidden
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside


class Owner:
    """An operator with a second factor and recovery codes, at the console."""

    def __init__(self, app: Flask, unit: Transactions, clock: FrozenClock) -> None:
        self.unit, self.clock = unit, clock
        with unit(SYSTEM) as ctx:
            operator = operators.create(ctx, "zhao", PASSWORD)
            token = sessions.open_session(ctx, "console", operator_id=operator.id)
        self.actor = Actor(Role.OPERATOR, operator.id, kind="admin")
        with unit(self.actor) as ctx:
            offer = second_factors.offer(ctx, "zhao")
            self.secret = offer.secret
            self.codes = second_factors.enrol(ctx, offer.sealed, code_of(offer.secret, clock))
        clock.advance(minutes=2)
        self.browser: Browser = browser_of(app, operator, token)

    def code(self) -> str:
        """What the phone shows now."""
        return code_of(self.secret, self.clock)

    def kept(self) -> str | None:
        """The sealed secret that counts."""
        with self.unit.reading() as ctx:
            return ctx.session.get_one(Operator, self.actor.id).totp_enc

    def replace(self, **proof: str) -> TestResponse:
        """Offer a new phone, whose code is right."""
        page = self.browser.get("/console/me")
        fresh = page.text.split('class="secret">')[1].split("<")[0]
        sealed = hidden(page, "sealed")
        return self.browser.send("/console/me/second-factor", sealed=sealed, code=code_of(fresh, self.clock), **proof)


@pytest.fixture
def owner(app: Flask, unit: Transactions, clock: FrozenClock) -> Owner:
    return Owner(app, unit, clock)


def test_another_phone_takes_the_password_and_a_code_of_the_one_before(owner: Owner) -> None:
    before = owner.kept()
    for proof in ({}, {"password": PASSWORD}, {"old_code": owner.code()}, {"password": "wrong", "old_code": "000000"}):
        answer = owner.replace(**proof)
        assert (answer.status_code, "密码或原来的动态码不对" in answer.text) == (422, True)
    assert owner.kept() == before
    owner.clock.advance(minutes=2)
    done = owner.replace(password=PASSWORD, old_code=owner.code())
    assert (done.status_code, done.text.count("<li><code>")) == (200, 10)
    assert owner.kept() != before


def test_a_recovery_code_stands_in_for_the_lost_phone_once(owner: Owner) -> None:
    code = owner.codes[3]
    assert owner.replace(password=PASSWORD, old_code=f"{code[:5]}-{code[5:]}").status_code == 200
    owner.clock.advance(minutes=2)
    assert owner.replace(password=PASSWORD, old_code=code).status_code == 422


def test_guessing_the_old_code_is_slowed(owner: Owner) -> None:
    wrong = [owner.replace(password=PASSWORD, old_code="000000").status_code for _ in range(6)]
    assert wrong == [422] * 5 + [429]
    assert owner.replace(password=PASSWORD, old_code=owner.code()).status_code == 429


def test_a_wrong_code_of_the_new_phone_keeps_its_picture_and_uses_nothing_up(owner: Owner) -> None:
    page = owner.browser.get("/console/me")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    sealed, old = hidden(page, "sealed"), owner.code()
    send = {"sealed": sealed, "password": PASSWORD, "old_code": old}
    again = owner.browser.send("/console/me/second-factor", code="000000", **send)
    assert (again.status_code, secret in again.text, hidden(again, "sealed") == sealed) == (422, True, True)
    assert owner.browser.send("/console/me/second-factor", code=code_of(secret, owner.clock), **send).status_code == 200


def test_a_factor_that_was_set_up_meanwhile_is_not_replaced_without_its_proof(
    owner: Owner, outside: PretendOutside
) -> None:
    """Somebody read the account before it had a factor, and comes back after."""
    with owner.unit(owner.actor) as ctx:
        offer = second_factors.offer(ctx, "zhao")
        with pytest.raises(WrongState):
            second_factors.enrol(ctx, offer.sealed, code_of(offer.secret, owner.clock))
    command = Enrol(offer.sealed, code_of(offer.secret, owner.clock), Proof(PASSWORD, owner.code()))
    assert len(second_factor.enrol(owner.unit, outside, owner.actor, command)) == 10


def test_fresh_recovery_codes_take_the_same_proof_and_are_shown_once(owner: Owner) -> None:
    path = "/console/me/recovery-codes"
    assert owner.browser.send(path).status_code == 422
    assert owner.browser.send(path, password=PASSWORD, old_code="000000").status_code == 422
    page = owner.browser.send(path, password=PASSWORD, old_code=owner.code())
    assert (page.status_code, page.text.count("<li><code>")) == (200, 10)
    assert "只显示这一次" in page.text
    assert "data-copy" in page.text
    assert "data-print" in page.text
    fresh = page.text.split("<li><code>")[1].split("<")[0]
    assert fresh not in owner.browser.get("/console/me").text
    with owner.unit(owner.actor) as ctx:
        me = ctx.session.get_one(Operator, owner.actor.id)
        assert not second_factors.prove(ctx, me, owner.codes[0])
        assert second_factors.prove(ctx, me, fresh)


def test_every_page_warns_when_few_recovery_codes_are_left(owner: Owner) -> None:
    with owner.unit(owner.actor) as ctx:
        me = ctx.session.get_one(Operator, owner.actor.id)
        assert [second_factors.prove(ctx, me, code) for code in owner.codes[:6]] == [True] * 6
    assert "恢复码只剩" not in owner.browser.get("/console/orders").text
    with owner.unit(owner.actor) as ctx:
        assert second_factors.prove(ctx, ctx.session.get_one(Operator, owner.actor.id), owner.codes[6])
    assert "恢复码只剩 3 个" in owner.browser.get("/console/orders").text


def test_the_script_that_copies_and_prints_is_our_own_file(owner: Owner) -> None:
    answer = owner.browser.get("/console/console.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert '<script src="/console/console.js" defer>' in owner.browser.get("/console/me").text
