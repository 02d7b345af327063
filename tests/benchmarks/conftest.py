"""A machine in miniature: the test run's own servers, and the product served inside this process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from benchmarks import bare, product, real_bare
from benchmarks.machine import Machine
from benchmarks.product import Served
from chaos.serving import serving
from config.settings import from_environment
from tests.servers.shared_run import SharedRun


@pytest.fixture(scope="session")
def machine(shared_run: SharedRun, worker_number: int, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The run's servers; they do not wait for a disk."""
    return Machine(tmp_path_factory.mktemp("bench"), shared_run, f"bench{worker_number}")


@contextmanager
def serve_here(folder: Path, target: str, settings: Mapping[str, str], **_width: int) -> Iterator[Served]:
    """As `product.serving`, by threads of this process."""
    app = _app(target, settings)
    try:
        with serving(app) as port:
            yield Served(port, os.getpid(), lambda: [os.getpid()])
    finally:
        if target == product.PRODUCT:
            app.extensions["lintuan"].unit.engine.dispose()


def _app(target: str, settings: Mapping[str, str]) -> Flask:
    if target == product.PRODUCT:
        return create_app(from_environment({**settings, "LINTUAN_ENV": "test"}))
    if target == product.REAL_BARE:
        return real_bare.app_of(Path(settings[product.TOKENS]).read_text().split())
    return bare.create_app()
