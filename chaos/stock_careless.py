"""Mistakes in how the committer takes the last unit, for the controls of the crowd: no CHECK may help it either."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from chaos.histories.bug import Bug
from services.hot import catalogue, join_writing
from services.transactions import Transactions

RULE = "1 held + sold + free = quota"
MEETING_SECONDS = 10.0


def _forget_the_round(true: Any) -> Any:
    """Judge each order as if it were the only one of its batch."""
    return lambda plan, _granted: true(plan, {})


def _trust_the_first_look(true: Any) -> Any:
    """Believe under the lock what was read before it; two committers have both read before either takes."""
    meeting = threading.Barrier(2)

    def take_stock(ctx: Any, goods: Any, placed: Sequence[Any], now: datetime) -> Any:
        for each in placed:
            vars(each.plan)["first_short"] = lambda _granted: None
        with suppress(threading.BrokenBarrierError):
            meeting.wait(MEETING_SECONDS)
        return true(ctx, goods, placed, now)

    return take_stock


BATCH_FORGOTTEN = Bug(RULE, "what a batch grants is not counted in it", catalogue.Plan, ("first_short",),
                      _forget_the_round)  # fmt: skip
LOCK_IGNORED = Bug(RULE, "stock is not looked at again under its lock", join_writing, ("_take_stock",),
                   _trust_the_first_look)  # fmt: skip
"""Only where two can write at once: on SQLite whoever has judged is alone until the commit."""


def without_check(apps: Sequence[Flask]) -> None:
    """Let these products, over one database, hold more units than there are."""
    units: list[Transactions] = [app.extensions["lintuan"].unit for app in apps]
    if units[0].engine.dialect.name == "postgresql":
        with units[0].engine.begin() as connection:
            connection.execute(text("ALTER TABLE offers DROP CONSTRAINT ck_offers_quota"))
        return
    for unit in units:
        event.listen(unit.engine, "connect", _ignore_checks)
        unit.engine.dispose()


def _ignore_checks(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA ignore_check_constraints=ON")
