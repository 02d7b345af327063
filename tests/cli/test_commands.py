"""The commands of an operator at a terminal say what they did, and fail with a reason."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, text

from domain.actors import SYSTEM
from models import Operator
from services.transactions import Transactions
from tests.builders import people


@pytest.mark.parametrize(("password", "status"), [("long enough password", 0), ("short", 1)])
def test_an_operator_is_created_by_name_and_password(
    app: Flask, unit: Transactions, monkeypatch: pytest.MonkeyPatch, password: str, status: int
) -> None:
    monkeypatch.setenv("OPERATOR_PASSWORD", password)
    result = app.test_cli_runner().invoke(args=["operators", "create", "zhao"])
    assert result.exit_code == status
    assert password not in result.output
    with unit.reading() as ctx:
        assert list(ctx.session.scalars(select(Operator.name))) == ["zhao"] * (1 - status)


def test_the_password_is_asked_for_when_it_is_not_given(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPERATOR_PASSWORD", raising=False)
    typed = "long enough password\nlong enough password\n"
    assert app.test_cli_runner().invoke(args=["operators", "create", "zhao"], input=typed).exit_code == 0


def test_the_document_is_printed(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["openapi"]).output
    assert json.loads(printed)["openapi"] == "3.1.0"


@pytest.mark.breaks_invariants
def test_broken_invariants_end_the_command_with_one(app: Flask, unit: Transactions) -> None:
    runner = app.test_cli_runner()
    sound = runner.invoke(args=["invariants"])
    assert (sound.exit_code, "hold" in sound.output) == (0, True)
    with unit(SYSTEM) as ctx:
        people.community(ctx)
        ctx.session.execute(
            text(
                "INSERT INTO journal_entries (id, public_id, event, cause, posted_at)"
                " VALUES (1, 'jrn_x', 'payment_succeeded', 'x', :at)"
            ),
            {"at": ctx.now.replace(tzinfo=None) if ctx.session.get_bind().dialect.name == "sqlite" else ctx.now},
        )
    broken = runner.invoke(args=["invariants"])
    assert (broken.exit_code, "BROKEN" in broken.output) == (1, True)
