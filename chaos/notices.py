"""A thousand payments, each told of up to fifty times: a thousand effects, and quick answers from a slow database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import NullPool, create_engine

from chaos.databases import copied
from chaos.holding import SERVED
from chaos.kill_databases import durability, waiting_for_disk
from chaos.kill_product import Product
from chaos.notices_signed import Paid, settings_of
from chaos.notices_slow import slow_down
from chaos.notices_storm import BOOKED, Answered, counted, delivered, owed, p99, storm, wrong
from chaos.settling_process import transactions
from services.transactions import Transactions
from tests.builders.clock import FrozenClock

PAYMENTS, COPIES, SCENES, CLIENTS, WORKERS = 1000, 50, 20, 16, 2
SLOWER_SECONDS, GATE_SECONDS = 0.5, 1.0
SLOW_PAYMENTS, SLOW_COPIES, PER_SECOND, SLOW_CLIENTS = 300, 3, 8.0, 64
"""The slow storm comes at a rate, as notices do: about 600 deliveries in 75 s, of payments on as many campaigns."""
HOT_PAYMENTS = 40
"""Payments of one campaign, for the figure beside it: their notices wait for each other's commit."""
PATHS = (
    *SERVED, "chaos/kill_product.py", "chaos/notices.py", "chaos/notices_signed.py", "chaos/notices_slow.py",
    "chaos/notices_storm.py", "constraints.txt",
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """A storm that has passed: the answers, and what is wrong now."""

    answers: list[Answered]
    wrong: list[str]
    effects: int

    def told(self) -> dict[str, Any]:
        """The counts for a result."""
        tries = Counter(answer.tries for answer in self.answers)
        return {"deliveries": len(self.answers), "effects": self.effects, "tries": dict(tries), "wrong": self.wrong,
                "p99_seconds": round(p99(self.answers), 3)}  # fmt: skip


@contextmanager
def _served(url: str, folder: Path) -> Iterator[tuple[Transactions, int]]:
    """Transactions on a copy of the database at `url`, and the port of the product that is served over it."""
    folder.mkdir()
    with copied(url) as copy:
        environment = {
            "LINTUAN_ENV": "development", "LINTUAN_DATA_DIR": str(folder), "LINTUAN_DATABASE_URL": copy,
            "LINTUAN_SECRET_KEY": token_urlsafe(32), "LINTUAN_PII_KEY": token_urlsafe(32),
            "LINTUAN_LOG_LEVEL": "ERROR",
            **{f"LINTUAN_{name.upper()}": value for name, value in settings_of(folder).items()},
        }  # fmt: skip
        engine = create_engine(copy, poolclass=NullPool)
        product = Product(environment, folder, WORKERS)
        try:
            product.start()
            yield transactions(engine, FrozenClock(datetime.now(UTC))), product.port
        finally:
            product.kill()
            engine.dispose()


def _hear(unit: Transactions, port: int, paid: Sequence[Paid], copies: int, per_second: float = 0.0) -> Heard:
    clients = SLOW_CLIENTS if per_second else CLIENTS
    answers = delivered(port, storm(paid, copies, 0, per_second), clients)
    return Heard(answers, wrong(unit, paid, answers), counted(unit)[BOOKED])


def _all_at_once(url: str, folder: Path) -> dict[str, Any]:
    with _served(url, folder) as (unit, port):
        return {"payments": PAYMENTS, **_hear(unit, port, owed(unit, PAYMENTS, SCENES), COPIES).told()}


def _slow(url: str, folder: Path, payments: int, scenes: int, seconds: float) -> dict[str, Any]:
    with _served(url, folder) as (unit, port):
        paid = owed(unit, payments, scenes)
        slow_down(unit.engine, seconds)
        heard = _hear(unit, port, paid, SLOW_COPIES, PER_SECOND)
    return {"payments": payments, "campaigns": scenes, "slower_by_seconds": seconds, "per_second": PER_SECOND,
            **heard.told(), "quickest_seconds": round(min(one.seconds for one in heard.answers), 3)}  # fmt: skip


def run(url: str, folder: Path) -> dict[str, Any]:
    """The storm on the kind of database at `url`; on PostgreSQL also slowed down, with a control that is too slow."""
    with waiting_for_disk(url, folder) as disk:
        found: dict[str, Any] = {**durability(disk), "storm": _all_at_once(disk, folder / "storm")}
        held = not found["storm"]["wrong"]
        if not url.startswith("sqlite"):
            found["slow"] = _slow(disk, folder / "slow", SLOW_PAYMENTS, SLOW_PAYMENTS, SLOWER_SECONDS)
            found["slow_one_campaign"] = _slow(disk, folder / "hot", HOT_PAYMENTS, 1, SLOWER_SECONDS)
            found["control"] = _slow(disk, folder / "control", HOT_PAYMENTS, HOT_PAYMENTS, 2 * GATE_SECONDS)
            held &= not found["slow"]["wrong"] and found["slow"]["p99_seconds"] <= GATE_SECONDS
            held &= found["control"]["p99_seconds"] > GATE_SECONDS
    return {"held": held, "workers": WORKERS, **found}
