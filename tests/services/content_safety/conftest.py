"""Here the check is on: each test runs on both databases, in a neighbourhood of its own."""

from __future__ import annotations

import pytest

from domain.policy import Policy
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World


@pytest.fixture
def policy_numbers() -> Policy:
    """The rules with the check on."""
    return Policy(content_safety=True)


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)
