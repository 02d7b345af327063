"""What a clock process does to close and settle, with a counter of its statements that can end it by SIGKILL."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from domain.policy import Policy
from integrations.vault import KeyVault
from jobs.schedule import each
from models.sqlite import teach_sqlite
from services import closing, settling
from services.context import Ctx
from services.flows import expiring
from services.ports import Outside
from services.transactions import Transactions
from tests.builders.clock import NOON, FrozenClock

NOON_AFTER = timedelta(hours=9)
BATCH = 2


def _carry_out(ctx: Ctx, campaign_id: int) -> int:
    return settling.carry_out(ctx, campaign_id, BATCH)


SWEEPS = (
    each(closing.due, closing.close_overdue),
    expiring.expire_due,
    each(settling.undecided, settling.decide_outcome),
    each(settling.unfinished, _carry_out),
)


def transactions(engine: Engine, clock: FrozenClock) -> Transactions:
    """The product's transactions over `engine`."""
    teach_sqlite(engine)
    return Transactions(engine, clock, Policy(), KeyVault("p" * 32, "s" * 32), lambda: "chaos")


def settle_all(url: str, *, kill_at: int = 0, careless: bool = False) -> int:
    """Run the sweeps until nothing is left; the number of statements and commits that took.

    Before statement `kill_at` this process ends itself by SIGKILL.
    """
    engine = create_engine(url, poolclass=NullPool)
    unit = transactions(engine, FrozenClock(NOON + NOON_AFTER))
    counter = _Counter(engine, kill_at)
    if careless:
        _commit_each_statement(engine)
    outside: Any = None  # nobody is asked: the held orders have no payment
    _until_nothing_is_left(unit, outside)
    engine.dispose()
    return counter.statements


def _until_nothing_is_left(unit: Transactions, outside: Outside) -> None:
    while sum(sweep(unit, outside) for sweep in SWEEPS):
        pass


class _Counter:
    def __init__(self, engine: Engine, kill_at: int) -> None:
        self.statements, self._kill_at = 0, kill_at
        event.listen(engine, "before_cursor_execute", lambda *_: self._one_more())
        event.listen(engine, "commit", lambda _: self._one_more())

    def _one_more(self) -> None:
        self.statements += 1
        if self.statements == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _commit_each_statement(engine: Engine) -> None:
    @event.listens_for(engine, "after_cursor_execute")
    def commit(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT")):
            cursor.connection.commit()
