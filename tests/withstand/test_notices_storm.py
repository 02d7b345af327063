"""Many notices of many payments at once have one effect each, and a slow database is waited for, not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from chaos.notices_signed import settings_of
from chaos.notices_slow import slow_down
from chaos.notices_storm import BOOKED, counted, delivered, owed, storm, wrong
from chaos.serving import serving
from domain.payments import Arrival
from services import payments
from services.flows import paying
from services.transactions import Transactions
from tests.builders.settings import test_settings
from tests.leaks import LogTail

PAYMENTS, COPIES, SCENES, CLIENTS, SEED = 8, 8, 2, 8, 1
SLOWER_SECONDS = 0.2


@pytest.fixture
def shop(database_url: str, tmp_path: Path, log_tail: LogTail) -> Iterator[Flask]:
    """The product with the true client of a gateway whose keys this process has."""
    settings: Any = settings_of(tmp_path)
    made = create_app(test_settings(tmp_path, database_url, **settings))
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


def _unit(shop: Flask) -> Transactions:
    unit: Transactions = shop.extensions["lintuan"].unit
    return unit


def test_each_payment_has_one_effect_however_often_it_is_told_of(shop: Flask) -> None:
    paid = owed(_unit(shop), PAYMENTS, SCENES)
    deliveries = storm(paid, COPIES, SEED)
    assert len(deliveries) > 2 * PAYMENTS
    with serving(shop) as port:
        answers = delivered(port, deliveries, CLIENTS)
    assert wrong(_unit(shop), paid, answers) == []


def test_without_inbox_and_state_not_every_delivery_would_be_accepted(
    shop: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "_first_time", lambda *_: True)
    monkeypatch.setattr(payments, "classify", lambda *_, **__: Arrival.COUNT)
    paid = owed(_unit(shop), 2, 1)
    with serving(shop) as port:
        answers = delivered(port, storm(paid, 3, SEED), 1)
    assert any("deliveries were answered 500" in words for words in wrong(_unit(shop), paid, answers))


def test_no_notice_is_accepted_before_a_slow_commit_has_ended(
    postgres_url: str, tmp_path: Path, log_tail: LogTail
) -> None:
    settings: Any = settings_of(tmp_path)
    shop = create_app(test_settings(tmp_path, postgres_url, **settings))
    paid = owed(_unit(shop), 4, 4)
    slow_down(_unit(shop).engine, SLOWER_SECONDS)
    with serving(shop) as port:
        answers = delivered(port, storm(paid, 1, SEED), 4)
    assert min(answer.seconds for answer in answers) >= SLOWER_SECONDS
    assert counted(_unit(shop))[BOOKED] == 4
    _unit(shop).engine.dispose()
