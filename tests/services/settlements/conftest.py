"""Each test of statements and payouts runs on both databases, in a neighbourhood of its own."""

from __future__ import annotations

import pytest

from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World
from tests.services.settlements.payday import Payday


@pytest.fixture
def payday(unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> Payday:
    """A neighbourhood in which somebody is about to earn."""
    return Payday(World(unit, clock), outside)
