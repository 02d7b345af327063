"""Fixtures of the proofs: one sandbox process per worker, and a product beside it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrations.sandbox_process import Stage, running_sandbox
from tests.withstand.till import Till, open_till


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The sandbox process of this worker."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as stage:
        yield stage


@pytest.fixture
def stage(one_sandbox: Stage) -> Iterator[Stage]:
    """That sandbox at rest: knobs off, clocks right, a balance for refunds."""
    one_sandbox.reset()
    yield one_sandbox
    one_sandbox.reset()


@pytest.fixture
def till(stage: Stage, database_url: str, tmp_path: Path) -> Iterator[Till]:
    """The product beside it."""
    with open_till(stage, database_url, tmp_path) as opened:
        yield opened
