"""A thousand payments, each told of up to fifty times: a thousand effects, and quick answers from a slow database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import NullPool, create_engine

from chaos.batches import paid_together
from chaos.databases import copied
from chaos.holding import SERVED
from chaos.keeping import Keeper, Piece
from chaos.kill_databases import durability, waiting_for_disk
from chaos.kill_product import SOUND, Product
from chaos.notices_signed import settings_of
from chaos.notices_slow import slow_down
from chaos.notices_storm import BOOKED, counted, delivered, owed, p99, storm, wrong
from chaos.settling_process import transactions
from services.transactions import Transactions
from tests.builders.clock import FrozenClock

PAYMENTS, COPIES, CLIENTS, WORKERS = 1000, 50, 16, 2
SCENES = {"storm": 20, "storm_on_one_campaign": 1}
"""On how many campaigns the payments are."""
CARELESS, CARELESS_PAYMENTS = "chaos.notices_careless:create_app", 50
SLOWER_SECONDS, GATE_SECONDS = 0.5, 1.0
SLOW_COPIES, PER_SECOND, SLOW_CLIENTS = 3, 8.0, 64
SLOW = {"slow": (300, 300, SLOWER_SECONDS), "slow_one_campaign": (300, 1, SLOWER_SECONDS),
        "too_slow": (40, 40, 2 * GATE_SECONDS)}  # fmt: skip
"""Payments, campaigns, seconds. They come at a rate, as notices do: 300 payments are 600 deliveries in 75 s.

The last one is the control. On one campaign notices wait for each other's commit, whatever is done: that is a figure,
and no gate.
"""
PATHS = (
    *SERVED, "chaos/batches.py", "chaos/keeping.py", "chaos/kill_product.py", "chaos/notices.py",
    "chaos/notices_careless.py", "chaos/notices_signed.py", "chaos/notices_slow.py", "chaos/notices_storm.py",
    "constraints.txt", "stack",
)  # fmt: skip


@contextmanager
def _served(url: str, folder: Path, target: str = SOUND) -> Iterator[tuple[Transactions, int]]:
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
        product = Product(environment, folder, WORKERS, target)
        try:
            product.start()
            yield transactions(engine, FrozenClock(datetime.now(UTC))), product.port
        finally:
            product.kill()
            engine.dispose()


def _hear(unit: Transactions, port: int, payments: int, scenes: int, slower: float = 0.0,
          copies: int = COPIES) -> Piece:  # fmt: skip
    """What came of a storm of that many payments on that many campaigns."""
    paid = owed(unit, payments, scenes)
    if slower:
        slow_down(unit.engine, slower)
    answers = delivered(
        port, storm(paid, copies, 0, PER_SECOND if slower else 0.0), SLOW_CLIENTS if slower else CLIENTS
    )
    return {
        "payments": payments, "campaigns": scenes, "deliveries": len(answers), "effects": counted(unit)[BOOKED],
        "paid_together": paid_together(unit), "tries": dict(Counter(str(answer.tries) for answer in answers)),
        "wrong": wrong(unit, paid, answers),
        **({"p99_seconds": round(p99(answers), 3)} if slower else {}),  # without a rate all are due at once
    }  # fmt: skip


def _storm(url: str, folder: Path, scenes: int) -> Piece:
    with _served(url, folder) as (unit, port):
        return _hear(unit, port, PAYMENTS, scenes)


def _slow(url: str, folder: Path, payments: int, scenes: int, seconds: float) -> Piece:
    with _served(url, folder) as (unit, port):
        heard = _hear(unit, port, payments, scenes, seconds, SLOW_COPIES)
    return {"slower_by_seconds": seconds, "per_second": PER_SECOND, **heard}


def _careless(url: str, folder: Path) -> Piece:
    """A storm over a committer that forgets what it has heard: "found" has to say something."""
    with _served(url, folder, CARELESS) as (unit, port):
        heard = _hear(unit, port, CARELESS_PAYMENTS, 1)
    return {"found": heard["wrong"][:5], "wrong": []}


def run(url: str, folder: Path) -> dict[str, Any]:
    """The storms on the kind of database at `url`; on PostgreSQL also slowed down; each with a control."""
    kind = url.partition(":")[0].partition("+")[0]
    keeper = Keeper("notices", kind, PATHS)
    with waiting_for_disk(url, folder) as disk:
        found: dict[str, Any] = {
            name: keeper.piece(name, partial(_storm, disk, folder / name, scenes)) for name, scenes in SCENES.items()
        }
        found["control"] = keeper.piece("control", partial(_careless, disk, folder / "control"))
        held = bool(found["control"]["found"]) and all(found[name]["paid_together"] for name in SCENES)
        if kind != "sqlite":
            found |= {name: keeper.piece(name, partial(_slow, disk, folder / name, *how)) for name, how in SLOW.items()}
            held &= found["slow"]["p99_seconds"] <= GATE_SECONDS < found["too_slow"]["p99_seconds"]
        keeper.finish()
        held &= not any(piece["wrong"] for piece in found.values())
        return {"held": held, "workers": WORKERS, **durability(disk), **found}
