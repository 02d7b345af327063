"""Many notices of many payments at once have one effect each, and a slow database is waited for, not lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from chaos import notices_careless
from chaos.batches import paid_together
from chaos.gathering import gathered
from chaos.kill_careless import with_late_committer
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

PAYMENTS, COPIES, CLIENTS, SEED = 8, 8, 8, 1
SLOWER_SECONDS = 0.2


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[Flask]:
    settings: Any = settings_of(folder)
    made = create_app(test_settings(folder, url, **settings))
    yield made
    made.extensions["lintuan"].unit.engine.dispose()


@pytest.fixture
def shop(database_url: str, tmp_path: Path, log_tail: LogTail) -> Iterator[Flask]:
    """The product with the true client of a gateway whose keys this process has."""
    with _opened(database_url, tmp_path) as made:
        yield made


def _unit(shop: Flask) -> Transactions:
    unit: Transactions = shop.extensions["lintuan"].unit
    return unit


@pytest.mark.parametrize("scenes", [2, 1], ids=["two campaigns", "one hot campaign"])
def test_each_payment_has_one_effect_however_often_it_is_told_of(shop: Flask, scenes: int) -> None:
    paid = owed(_unit(shop), PAYMENTS, scenes)
    deliveries = storm(paid, COPIES, SEED)
    assert len(deliveries) > 2 * PAYMENTS
    with serving(shop, threads=CLIENTS) as port, gathered(shop, CLIENTS):
        answers = delivered(port, deliveries, CLIENTS)
    assert wrong(_unit(shop), paid, answers) == []
    assert paid_together(_unit(shop)) > 1


def test_without_inbox_and_state_not_every_delivery_would_be_accepted(
    shop: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.extensions["lintuan"] = replace(shop.extensions["lintuan"], rush=None)
    monkeypatch.setattr(paying, "_first_time", lambda *_: True)
    monkeypatch.setattr(payments, "classify", lambda *_, **__: Arrival.COUNT)
    paid = owed(_unit(shop), 2, 1)
    with serving(shop) as port:
        answers = delivered(port, storm(paid, 3, SEED), 1)
    assert any("deliveries were answered 500" in words for words in wrong(_unit(shop), paid, answers))


def test_a_committer_without_inbox_and_state_would_count_a_payment_again(
    shop: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices_careless.spoil(monkeypatch.setattr)
    paid = owed(_unit(shop), PAYMENTS, 1)
    with serving(shop) as port:
        answers = delivered(port, storm(paid, 3, SEED), 1)
    assert any("invariant 5 roster numbers" in words for words in wrong(_unit(shop), paid, answers))


def _heard_from_a_slow_database(shop: Flask) -> tuple[float, int]:
    """The seconds of the quickest answer to four notices, and how many payments are booked once all are answered."""
    paid = owed(_unit(shop), 4, 4)
    slow_down(_unit(shop).engine, SLOWER_SECONDS)
    with serving(shop) as port:
        answers = delivered(port, storm(paid, 1, SEED), 4)
        return min(answer.seconds for answer in answers), counted(_unit(shop))[BOOKED]


def test_no_notice_is_accepted_before_a_slow_commit_has_ended(
    postgres_url: str, tmp_path: Path, log_tail: LogTail
) -> None:
    with _opened(postgres_url, tmp_path) as shop:
        quickest, booked = _heard_from_a_slow_database(shop)
    assert quickest >= SLOWER_SECONDS
    assert booked == 4


def test_a_committer_that_answers_before_it_commits_has_not_booked_what_it_accepted(
    postgres_url: str, tmp_path: Path, log_tail: LogTail
) -> None:
    with _opened(postgres_url, tmp_path) as shop:
        _, booked = _heard_from_a_slow_database(with_late_committer(shop))
        for late in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
            late.join()
    assert booked < 4
