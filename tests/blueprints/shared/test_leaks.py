"""The search for leaks finds each kind of secret, wherever it was written."""

from __future__ import annotations

import pytest
import structlog

from domain.actors import Actor, Role
from models import Resident
from services import outbox, people
from services.context import Ctx
from tests.builders import people as build
from tests.leaks import LogTail, leaks

PHONE = "13912345678"


@pytest.fixture
def person(ctx: Ctx) -> Resident:
    """Somebody with a phone."""
    return build.resident(ctx, phone=PHONE)


def test_an_openid_a_phone_a_token_and_a_code_are_each_found(ctx: Ctx, person: Resident) -> None:
    token = build.token(ctx, person)
    code = people.make_chat_code(ctx.acting_as(Actor(Role.RESIDENT, person.id, person.id))).code
    for text, kind in ((person.openid, "openid"), (PHONE, "phone"), (token, "token"), (code, "one-time code")):
        assert leaks(ctx, {"text": f'{{"said": "{text}"}}'}) == [f"{kind} in text"]
    assert leaks(ctx, {"text": "nothing of the kind 654321987 12.345678"}) == []


def test_what_is_logged_reaches_the_search(ctx: Ctx, log_tail: LogTail, person: Resident) -> None:
    structlog.get_logger("lintuan.test").info("said", said=PHONE)
    assert leaks(ctx, {"logs": log_tail.text()}) == ["phone in logs"]
    log_tail.forget()


def test_an_outbox_payload_is_searched(ctx: Ctx, person: Resident) -> None:
    nested = ctx.session.begin_nested()
    outbox.enqueue(ctx, "notify", "leak", {"to": person.openid})
    assert leaks(ctx, {}) == ["openid in outbox"]
    nested.rollback()
