"""The commands of an operator at a terminal say what they did, and fail with a reason."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from models import Operator
from services.transactions import Transactions


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
