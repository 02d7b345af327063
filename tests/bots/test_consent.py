"""Where consent is asked for, the chat takes no order without it and says where to read the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from services import consents, invariants
from tests.bots.room import SETTINGS, Room
from tests.bots.test_talk_of_orders import orders
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.builders.settings import test_settings


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FrozenClock, outside: PretendOutside) -> Iterator[Flask]:
    """The product with its channels and LINTUAN_CONSENT on."""
    made = create_app(test_settings(tmp_path, database_url, **SETTINGS, consent=True), clock=clock, outside=outside)
    yield made
    with made.extensions["lintuan"].unit.reading() as ctx:
        assert invariants.check(ctx) == []
    made.extensions["lintuan"].unit.engine.dispose()


def test_an_order_by_message_waits_for_consent(room: Room) -> None:
    room.bind(room.world.campaign(prices={"草莓": 2990}))
    who = room.known("zhang", "张阿姨")
    room.say("zhang", "2份")
    refused = room.say("zhang", "1")
    assert "请先在小程序里阅读并同意《隐私说明》" in refused
    assert orders(room) == []
    with room.unit(who) as ctx:
        consents.agree(ctx, "privacy", consents.PRIVACY.version)
    room.say("zhang", "2份")
    room.say("zhang", "1")
    assert len(orders(room)) == 1
