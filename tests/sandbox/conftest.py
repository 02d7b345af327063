"""Fixtures of the sandbox's tests: one sandbox per test, its keys made once per run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from sandbox import credentials
from sandbox.app import create_app, stop
from sandbox.config import Config
from tests.sandbox.merchant import Inbox, Merchant


@pytest.fixture(scope="session")
def sandbox_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with keys only."""
    folder = tmp_path_factory.mktemp("keys")
    credentials.ensure(Config(folder, 8001))
    return folder


@pytest.fixture
def sandbox_config(sandbox_keys: Path, tmp_path: Path) -> Config:
    """A fresh data folder with those keys."""
    shutil.copytree(sandbox_keys, tmp_path / "sandbox")
    return Config(tmp_path / "sandbox", 8001)


@pytest.fixture
def sandbox_app(sandbox_config: Config) -> Iterator[Flask]:
    """A running sandbox without a product."""
    app = create_app(sandbox_config)
    yield app
    stop(app)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Where notices arrive."""
    with Inbox() as collecting:
        yield collecting


@pytest.fixture
def merchant(sandbox_app: Flask, sandbox_config: Config, inbox: Inbox) -> Merchant:
    """The merchant of that sandbox; its notices go to `inbox`."""
    return Merchant(sandbox_app, sandbox_config.data_dir, f"{inbox.url}/hooks")
