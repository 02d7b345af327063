"""A process killed at statement n of closing and settling, then started again, ends like one that was not."""

from __future__ import annotations

import pytest

from chaos import crash

STRIDE = 31


@pytest.fixture
def seeded(database_url: str) -> str:
    """Two campaigns that are due: one forms with a failing offer, one fails."""
    crash.seed(database_url)
    return database_url


def test_a_process_killed_while_settling_is_taken_over_without_a_trace(seeded: str) -> None:
    found = crash.in_process(seeded, STRIDE)
    print(f"{found.statements} statements, killed at {found.killed} of them")  # noqa: T201 - the figure is the report
    assert found.killed >= 8
    assert found.differed == []


def test_without_transactions_a_killed_process_leaves_a_trace(seeded: str) -> None:
    assert crash.in_process(seeded, 3 * STRIDE, careless=True).differed
