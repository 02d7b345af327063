"""The power cut: SQLite's unsynced writes are gone, and every order acknowledged before is still there."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from chaos.holding import SERVED
from chaos.kill_databases import durability
from chaos.kill_promises import broken
from chaos.power_disk import Disk
from chaos.power_recorded import DATABASE, Recorded, journal_mode, record
from chaos.settling_process import transactions
from tests.builders.clock import FrozenClock

MODES = ("DELETE", "WAL")
RECORDINGS, PROMISES, CUTS = 6, 60, 50
CONTROLS = {"DELETE": {"synchronous": "OFF"}, "WAL": {"synchronous": "NORMAL"}}
"""Settings that look well and lose what was acknowledged when the power goes."""
PATHS = (
    *SERVED, "chaos/kill_customers.py", "chaos/kill_promises.py", "chaos/kill_stall.py", "chaos/notices_signed.py",
    "chaos/power.py", "chaos/power_disk.py", "chaos/power_recorded.py", "chaos/power_recording.py",
)  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """A power cut after that many acts, and what was wrong when the power was back."""

    after: int
    wrong: list[str]


def cuts(recorded: Recorded, count: int, seed: int) -> Iterator[Cut]:
    """Cut the power at `count` points and look each time; the same each time for a recording and a seed.

    Every second cut comes when an answer has just arrived, the others anywhere.
    """
    chance = random.Random(f"power-{seed}")  # noqa: S311 - the same cuts each time
    anywhere = [chance.randint(0, len(recorded.files.acts)) for _ in range(count // 2)]
    answered = [chance.choice(recorded.promises).moment for _ in range(count - len(anywhere))]
    disk, done = Disk(recorded.files.before), 0
    for point in sorted(anywhere + answered):
        for act in recorded.files.acts[done:point]:
            disk.apply(act)
        done = point
        yield Cut(point, _looked_at(disk.after_cut(chance), recorded, point))


def _looked_at(files: dict[str, bytes], recorded: Recorded, point: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="lintuan-power-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        engine = create_engine(f"sqlite:///{Path(folder) / DATABASE}", poolclass=NullPool)
        unit = transactions(engine, FrozenClock())
        told = [promise for promise in recorded.promises if promise.moment <= point]
        try:
            with unit.reading() as ctx:
                words = ctx.session.execute(text("PRAGMA integrity_check")).scalars().all()
                keys = ctx.session.execute(text("PRAGMA foreign_key_check")).all()
            damage = [str(word) for word in words if word != "ok"] + [f"no row for the key of {key}" for key in keys]
            return [*damage, *broken(unit, told)]
        except DatabaseError as error:
            return [f"it cannot be read: {error.orig}"]
        finally:
            engine.dispose()


def lost(found: Iterable[Cut]) -> list[str]:
    """The cuts after which something was wrong, in words."""
    return [f"cut after act {cut.after}: {cut.wrong[0]} (of {len(cut.wrong)})" for cut in found if cut.wrong]


def _mode(template: Path, folder: Path, mode: str) -> dict[str, Any]:
    """300 cuts of the product in this journal mode, and the control."""
    with journal_mode(mode):
        wrong: list[str] = []
        acts = promises = 0
        for seed in range(RECORDINGS):
            recorded = record(template, folder / f"{mode}-{seed}", PROMISES, seed)
            acts, promises = acts + len(recorded.files.acts), promises + len(recorded.promises)
            wrong += [f"{mode}, recording {seed}, {words}" for words in lost(cuts(recorded, CUTS, seed))]
        spoilt = record(template, folder / f"{mode}-control", PROMISES, 0, CONTROLS[mode])
        control = lost(cuts(spoilt, CUTS, 0))
        settings = durability(f"sqlite:///{folder / f'{mode}-0' / 'disk' / DATABASE}")
    return {
        **settings, "acts": acts, "promises": promises, "cuts": RECORDINGS * CUTS, "cuts_that_lost": len(wrong),
        "first": wrong[:5], "control": CONTROLS[mode], "control_cuts": CUTS, "control_lost": len(control),
    }  # fmt: skip


def run(url: str, folder: Path) -> dict[str, Any]:
    """300 cuts in each journal mode that the product may choose, over copies of the empty database at `url`."""
    found = {mode: _mode(Path(str(make_url(url).database)), folder, mode) for mode in MODES}
    held = all(not one["cuts_that_lost"] and one["control_lost"] for one in found.values())
    return {"held": held, "library": sqlite3.sqlite_version, "modes": found}
