"""A stage for each story: the product with all its channels set up, and a neighbourhood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from domain.policy import Policy
from services import invariants
from services.transactions import Transactions
from tests.bots.room import Room
from tests.bots.stories.phones import MORE_SETTINGS
from tests.bots.stories.playing import Playing
from tests.bots.stories.reading import Story
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings
from tests.services.pickup.world import World


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """As for the other tests of the bot, with more channels; after the story every invariant must hold."""
    told = getattr(request.node, "callspec", None)
    story: Story | None = told.params.get("story") if told else None
    policy = Policy(content_safety=story is not None and story.checked)
    settings = test_settings(tmp_path, database_url, policy=policy, **MORE_SETTINGS)
    made = create_app(settings, clock=clock, outside=outside)
    unit: Transactions = made.extensions["lintuan"].unit
    try:
        yield made
        with unit.reading() as ctx:
            assert invariants.check(ctx) == []
    finally:
        unit.engine.dispose()


@pytest.fixture
def playing(app: Flask, world: World, room: Room, outside: PretendOutside) -> Playing:
    """Ready to play one story."""
    return Playing(world, room, outside, app.extensions["lintuan-schedule"])
