"""One sandbox process for the suite, the product with that sandbox's keys, and a driver per channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from app import assemble, create_app
from config.settings import Settings
from services.assembly import Lintuan
from tests.bots.channels.drivers import DRIVERS, Driver
from tests.builders.clock import FrozenClock
from tests.builders.settings import test_settings
from tests.integrations.local_server import Answer, Asked
from tests.integrations.sandbox_process import Stage, running_sandbox

Tell = Callable[[Asked], Any]


def told(stage: Stage, folder: Path, database_url: str = "") -> Settings:
    """The settings that the sandbox wrote for the product."""
    values: dict[str, Any] = {name.removeprefix("LINTUAN_").lower(): text for name, text in stage.settings.items()}
    return test_settings(folder, database_url, public_url="https://lintuan.example", **values)


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The sandbox process of this worker."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def stage(one_sandbox: Stage, clock: FrozenClock) -> Iterator[Stage]:
    """The sandbox at rest, at the product's time; it hears 200 to whatever it tells."""
    one_sandbox.reset()
    one_sandbox.control("chat-knobs", reset=True)
    one_sandbox.move_clock(int((clock.now() - datetime.now(UTC)).total_seconds()))

    def hear(asked: Asked) -> Answer:
        one_sandbox.letters(asked.path).put(asked)
        return Answer(200)

    one_sandbox.product.answer = hear
    yield one_sandbox
    one_sandbox.control("chat-knobs", reset=True)
    one_sandbox.reset()


@pytest.fixture
def wired(stage: Stage, tmp_path: Path, clock: FrozenClock) -> Lintuan:
    """The product's true readers and clients, with no database behind them."""
    return assemble(told(stage, tmp_path), create_engine("sqlite://"), clock)


@pytest.fixture
def driver(kind: str, stage: Stage, wired: Lintuan) -> Driver:
    """The channel under test, as far as it needs no database."""
    return DRIVERS[kind](stage, wired)


@pytest.fixture
def app(stage: Stage, database_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The whole product with the sandbox's keys."""
    made = create_app(told(stage, tmp_path, database_url), clock=clock)
    try:
        yield made
    finally:
        made.extensions["lintuan"].unit.engine.dispose()


@pytest.fixture
def hearing(kind: str, stage: Stage, app: Flask) -> Driver:
    """The channel under test, with the whole product behind it."""
    return DRIVERS[kind](stage, app.extensions["lintuan"])


@pytest.fixture
def tell(client: FlaskClient) -> Tell:
    """Deliver a platform's request to the product."""
    kept = ("host", "content-length", "connection")

    def deliver(asked: Asked) -> Any:
        headers = {name: value for name, value in asked.headers.items() if name not in kept}
        return client.open(asked.target, method=asked.method, data=asked.body, headers=headers)

    return deliver
