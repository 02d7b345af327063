"""Fixtures of the adapters' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrations.local_server import LocalServer, local_server


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A scripted HTTP server on loopback."""
    with local_server() as running:
        yield running
