"""Where actors meet: the product's transactions on PostgreSQL, a pretend outside, and the same clock for all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from chaos.histories.stage import Emptier
from chaos.interleavings.turns import Turns
from domain.policy import Policy
from integrations.vault import KeyVault
from services.transactions import Transactions
from tests.builders.clock import NOON, FrozenClock
from tests.builders.outside import PretendOutside, pretend_outside

ACTORS = 4
OPTIONS = "-c timezone=UTC -c deadlock_timeout=40ms -c lock_timeout=20000"
"""A deadlock is found soon: the scheduler waits for it."""


@dataclass
class Ground:
    """Everything that outlives one interleaving."""

    engine: Engine
    unit: Transactions
    clock: FrozenClock
    turns: Turns
    empty: Emptier
    folder: Path
    outside: PretendOutside

    def clear(self) -> None:
        """No rows, nobody outside knows anything, and the clock at its start."""
        self.clock.set(NOON)
        self.outside = pretend_outside(self.folder)
        self.empty()


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Ground]:
    """A ground over the migrated database at `url`, PostgreSQL."""
    engine = create_engine(url, pool_size=ACTORS + 1, max_overflow=0, connect_args={"options": OPTIONS})
    vault = KeyVault("interleavings-seal-with-this-key-01234567", "interleavings-sign-with-that-key-76543210")
    clock = FrozenClock()
    unit = Transactions(engine, clock, Policy(), vault, lambda: "interleaving")
    plain: Any = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, autocommit=True) as watcher, Turns(engine, watcher).listening() as turns:
            yield Ground(engine, unit, clock, turns, Emptier(engine), folder, pretend_outside(folder))
    finally:
        engine.dispose()
