"""A group that no bot may enter, as the tests see it."""

from __future__ import annotations

import pytest

from tests.bots.sharing.group import Group
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.product_fixtures import app
from tests.services.pickup.world import World

__all__ = ["app"]  # the usual product: it looks for leaks, and a test may break the invariants on purpose


@pytest.fixture
def group(world: World, outside: PretendOutside, clock: FrozenClock) -> Group:
    """Neighbours with phones."""
    outside.mini_program.clock = clock.now
    return Group(world, outside)
