"""Each test of after-sales runs on both databases, with goods that were handed over."""

from __future__ import annotations

import pytest

from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.aftersales.counter import Counter


@pytest.fixture
def counter(unit: Transactions, clock: FrozenClock) -> Counter:
    """A neighbourhood, and buyers who took their goods home."""
    return Counter(unit, clock)
