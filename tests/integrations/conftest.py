"""Fixtures of the adapters' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrations.local_server import LocalServer, local_server
from tests.integrations.sandbox_process import Stage, running_sandbox


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A scripted HTTP server on loopback."""
    with local_server() as running:
        yield running


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The sandbox process of this worker."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as stage:
        yield stage


@pytest.fixture
def stage(one_sandbox: Stage) -> Iterator[Stage]:
    """That sandbox at rest: knobs off, clocks right."""
    one_sandbox.reset()
    yield one_sandbox
    one_sandbox.reset()
