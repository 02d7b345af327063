"""The product with its chat hooks set up, and a room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from domain.policy import Policy
from services import invariants
from services.transactions import Transactions
from tests.bots.room import SETTINGS, Room
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings
from tests.servers.compiled import share_compiled
from tests.services.pickup.world import World


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside, policy_numbers: Policy
) -> Iterator[Flask]:
    """As the usual `app`, with the channels' settings; after the test every invariant must hold."""
    settings = test_settings(tmp_path, database_url, policy=policy_numbers, **SETTINGS)
    made = create_app(settings, clock=clock, outside=outside)
    unit: Transactions = made.extensions["lintuan"].unit
    share_compiled(unit.engine)
    try:
        yield made
        with unit.reading() as ctx:
            assert invariants.check(ctx) == []
    finally:
        unit.engine.dispose()


@pytest.fixture
def world(unit: Transactions, clock: FrozenClock) -> World:
    """A neighbourhood with a leader, two points and goods to sell."""
    return World(unit, clock)


@pytest.fixture
def room(world: World, client: FlaskClient, clock: FrozenClock) -> Room:
    """A WeCom group."""
    return Room(world, client, clock)
