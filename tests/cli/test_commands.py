"""The commands of an operator at a terminal say what they did, and fail with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context
from flask import Flask
from sqlalchemy import select

from models import Operator
from services.transactions import Transactions
from tests.house.source_tree import REPOSITORY


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


def test_migrations_are_a_command_that_is_loaded_when_it_is_asked_for(app: Flask) -> None:
    assert {"db", "serve", "clock", "operators"} <= set(app.cli.list_commands(Context(app.cli)))
    shown = app.test_cli_runner().invoke(args=["db", "upgrade", "--help"])
    assert (shown.exit_code, "Upgrade to a later version" in shown.output) == (0, True)


def test_a_worker_loads_nothing_that_only_few_requests_or_the_command_line_need(tmp_path: Path) -> None:
    told = (
        "import sys; from pathlib import Path; from app import create_app; "
        "from tests.builders.settings import test_settings; "
        f"app = create_app(test_settings(Path({str(tmp_path)!r}))); "
        "app.test_client().get('/livez'); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", told], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    roots = {name.partition(".")[0] for name in loaded.stdout.split()}
    vendors = {
        "alembic",
        "flask_migrate",
        "wechatpy",
        "wechatpayv3",
        "requests",
        "openpyxl",
        "xlsxwriter",
        "PIL",
        "redis",
    }
    assert "flask" in roots
    assert roots & vendors == set()
