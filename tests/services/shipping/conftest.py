"""Each test of shipping information runs on both databases, beside a platform that keeps what it is told."""

from __future__ import annotations

import pytest

from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World
from tests.services.shipping.dock import Dock


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)


@pytest.fixture
def dock(world: World, outside: PretendOutside) -> Dock:
    """The platform as the shipping sweeps meet it."""
    return Dock(world, outside)
