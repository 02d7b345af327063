"""An operator's browser for tests: logged in by cookie, with the token its forms carry."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.shared.guards import CONSOLE_COOKIE
from domain.actors import SYSTEM
from models import Operator
from services import sessions
from services.assembly import Lintuan
from tests.builders import people

_KEYS = itertools.count(1)


@dataclass(frozen=True)
class Browser:
    """A client with a console session."""

    client: FlaskClient
    operator: Operator
    form_token: str

    def get(self, path: str) -> TestResponse:
        """A page."""
        return self.client.get(path)

    def send(self, path: str, *, key: str = "", **fields: str) -> TestResponse:
        """A form of ours, under a key of its own unless told."""
        key = key or f"a-form-of-tests-{next(_KEYS):04}"
        return self.client.post(path, data={"csrf": self.form_token, "key": key, **fields})


def visit(app: Flask, kind: str = "admin") -> Browser:
    """The browser of a fresh operator of this kind, who has no second factor."""
    product: Lintuan = app.extensions["lintuan"]
    with product.unit(SYSTEM) as ctx:
        operator = people.operator(ctx)
        operator.kind = kind
        token = sessions.open_session(ctx, "console", operator_id=operator.id, device="test")
    return browser_of(app, operator, token)


def browser_of(app: Flask, operator: Operator, token: str) -> Browser:
    """A browser that holds this session's cookie."""
    client = app.test_client()
    client.set_cookie(CONSOLE_COOKIE, token, path="/console")
    product: Lintuan = app.extensions["lintuan"]
    return Browser(client, operator, product.vault.sign("console-form", token))


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no field {name} in {page.status}"
    return found[1]
