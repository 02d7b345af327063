"""The product for tests: an app over a fresh database of either kind; the invariants are checked after every test.

`app` runs each test twice, on SQLite and on PostgreSQL. Open one transaction at a time: on SQLite a second writer
waits for the first, and so would a request made inside a `with unit(...)` block.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import generate_latest
from sqlalchemy import Engine
from structlog.contextvars import clear_contextvars

from app import create_app
from config import logging
from domain.actors import SYSTEM
from domain.policy import Policy
from services import invariants
from services.assembly import Lintuan
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside, pretend_outside
from tests.builders.settings import test_settings
from tests.leaks import LogTail, leaks
from tests.servers.compiled import share_compiled
from tests.servers.routes import share_routes

share_routes()


@pytest.fixture
def log_tail() -> LogTail:
    """What the product logged in this test, as it would stand in the log file; nobody else's set-up hides it."""
    clear_contextvars()  # the last request of the test before would name what this one does outside of requests
    stream = io.StringIO()
    logging.configure("DEBUG", stream)
    return LogTail(stream)


@pytest.fixture
def clock() -> FrozenClock:
    """The product's clock, standing at a Thursday noon."""
    return FrozenClock()


@pytest.fixture
def outside(tmp_path: Path) -> PretendOutside:
    """The pretend outside of `app`."""
    return pretend_outside(tmp_path)


@pytest.fixture
def policy_numbers() -> Policy:
    """The numbers of the rules; a folder whose tests need others makes its own."""
    return Policy()


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    clock: FrozenClock,
    outside: PretendOutside,
    log_tail: LogTail,
    onlooker: Engine | None,
    policy_numbers: Policy,
) -> Iterator[Flask]:
    """The product; after the test every invariant must hold, and nothing personal may have leaked."""
    made = create_app(test_settings(tmp_path, database_url, policy=policy_numbers), clock=clock, outside=outside)
    unit: Transactions = made.extensions["lintuan"].unit
    share_compiled(unit.engine)
    try:
        yield made
        with looking_on(made, onlooker) as ctx:
            if request.node.get_closest_marker("breaks_invariants") is None:
                assert invariants.check(ctx) == []
            assert leaks(ctx, {"logs": log_tail.text(), "metrics": _metrics(made)}) == []
    finally:
        unit.engine.dispose()


def looking_on(made: Flask, onlooker: Engine | None) -> AbstractContextManager[Ctx]:
    """A transaction that reads what a test left, by `onlooker` where there is one: it knows the tables already."""
    ours: Lintuan = made.extensions["lintuan"]
    if onlooker is None:
        return ours.unit.reading()
    return Transactions(onlooker, ours.clock, ours.policy, ours.vault, lambda: "onlooker").reading()


def _metrics(made: Flask) -> str:
    return generate_latest(made.extensions["lintuan_metrics"].registry).decode()


@pytest.fixture
def product(app: Flask) -> Lintuan:
    """What app.py put together: `.unit`, `.outside`, `.clock`, `.vault`, `.policy`."""
    made: Lintuan = app.extensions["lintuan"]
    return made


@pytest.fixture
def unit(product: Lintuan) -> Transactions:
    """`with unit(actor) as ctx:` is one transaction, committed at its end."""
    return product.unit


@pytest.fixture
def ctx(unit: Transactions) -> Iterator[Ctx]:
    """One transaction in the system's name for the whole test; use `ctx.acting_as(actor)` for others."""
    with unit(SYSTEM) as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Speaks HTTP to the product."""
    return app.test_client()
