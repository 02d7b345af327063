"""The power cut: SQLite's unsynced writes are gone, and every order acknowledged before is still there."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from chaos.holding import SERVED
from chaos.keeping import Keeper, Piece
from chaos.kill_databases import durability
from chaos.kill_promises import broken
from chaos.power_disk import Disk
from chaos.power_recorded import DATABASE, Recorded, journal_mode, record
from chaos.settling_process import transactions
from models.sqlite import library
from tests.builders.clock import FrozenClock

MODES = ("DELETE", "WAL")
RECORDINGS, PROMISES, CUTS = 6, 60, 50
CONTROLS = (("DELETE", "OFF"), ("DELETE", "FULL"), ("WAL", "NORMAL"))
"""Journal modes with a `synchronous` that looks well and loses what was acknowledged when the power goes."""
PATHS = (
    *SERVED, "chaos/batches.py", "chaos/keeping.py", "chaos/kill_customers.py", "chaos/kill_promises.py",
    "chaos/kill_stall.py", "chaos/notices_signed.py", "chaos/power.py", "chaos/power_disk.py",
    "chaos/power_recorded.py", "chaos/power_recording.py",
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


def _recording(template: Path, folder: Path, mode: str, seed: int) -> Piece:
    """50 cuts of a product at work in this journal mode."""
    with journal_mode(mode):
        recorded = record(template, folder, PROMISES, seed)
        return {
            "acts": len(recorded.files.acts), "promises": len(recorded.promises), "orders_together": recorded.together,
            "cuts": CUTS, "wrong": lost(cuts(recorded, CUTS, seed)),
            "settings": durability(f"sqlite:///{folder / 'disk' / DATABASE}"),
        }  # fmt: skip


def _control(template: Path, folder: Path, mode: str, synchronous: str) -> Piece:
    """The same cuts where the product waits less for its disk: "lost" has to say something."""
    with journal_mode(mode):
        recorded = record(template, folder, PROMISES, 0, {"synchronous": synchronous})
    return {"wrong": [], "lost": len(lost(cuts(recorded, CUTS, 0)))}


def run(url: str, folder: Path) -> dict[str, Any]:
    """300 cuts in each journal mode that the product may choose, over copies of the empty database at `url`."""
    template, keeper = Path(str(make_url(url).database)), Keeper("power", "sqlite", PATHS)
    modes = {}
    for mode in MODES:
        names = [(seed, f"{mode}-{seed}") for seed in range(RECORDINGS)]
        pieces = [keeper.piece(name, partial(_recording, template, folder / name, mode, seed)) for seed, name in names]
        wrong = [words for piece in pieces for words in piece["wrong"]]
        sums = {what: sum(piece[what] for piece in pieces) for what in ("acts", "promises", "orders_together", "cuts")}
        modes[mode] = {**pieces[0]["settings"], **sums, "cuts_that_lost": len(wrong), "first": wrong[:5]}
    controls = {}
    for mode, setting in CONTROLS:
        name = f"{mode}-{setting}"
        controls[name] = keeper.piece(name, partial(_control, template, folder / name, mode, setting))["lost"]
    keeper.finish()
    held = all(controls.values()) and not any(found["cuts_that_lost"] for found in modes.values())
    return {"held": held, "library": library.sqlite_version, "modes": modes, "controls_lost": controls}
