"""Thousands of drawn histories in chunks on two processes; a run that was cut short goes on where it stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from chaos.databases import copied
from chaos.histories.history import STEPS, Tally, play
from chaos.histories.stage import Stage, kind_of, opened
from chaos.histories.surface import Surface
from chaos.holding import INSIDE, holds_for
from tests.servers.shared_run import REPOSITORY

PROCESSES = 2
PATHS = (*INSIDE, "chaos/histories")
KEPT = REPOSITORY / "var" / "chaos"


@dataclass(frozen=True)
class Plan:
    """How many histories on each kind of database, in chunks of `size` from seed `first` on, and where they play.

    `opened` gives a stage over a copy of the empty database at an address, with everything else of it in a folder.
    """

    part: str
    histories: dict[str, int]
    size: int
    first: int
    opened: Callable[[str, Path], AbstractContextManager[Surface]]
    paths: tuple[str, ...]


def chunk(stage: Surface, number: int, histories: int) -> Tally:
    """Play one chunk, the same each time for its number; the tally of it. Raises what broke."""
    tally = Tally()

    @seed(number)
    @settings(max_examples=histories, database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
              report_multiple_bugs=False, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def one(data: st.DataObject) -> None:
        play(stage, data, tally)

    one()
    return tally


def run(url: str, folder: Path) -> dict[str, Any]:
    """10,000 histories in process, 2,000 of them on PostgreSQL; what each step came to, and what broke."""
    plan = Plan("histories", {"sqlite": 8_000, "postgresql": 2_000}, 50, 0, copy_of, PATHS)
    return carried_out(plan, url, folder)


def carried_out(plan: Plan, url: str, folder: Path) -> dict[str, Any]:
    """All chunks of a plan on the kind of database that `url` names, those played before taken as they were."""
    kind = kind_of(url)
    wanted = range(plan.histories[kind] // plan.size)
    done = _kept(plan, kind)
    left = [number for number in wanted if number not in done]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = {pool.submit(_apart, plan, url, folder, number): number for number in left}
        for task in as_completed(tasks):
            done[tasks[task]] = task.result()
            _keep(plan, kind, done)
            print(f"{plan.part} on {kind}: {len(done)} of {len(wanted)} chunks", flush=True)
    return summed(done[number] for number in wanted)


def summed(chunks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The chunks' tallies as one result."""
    tallies = list(chunks)
    total: dict[str, Counter[str]] = {name: Counter() for name in ("tried", "accepted", "reached")}
    for tally in tallies:
        for name, counts in total.items():
            counts.update(tally[name])
    played = sum(tally["histories"] for tally in tallies)
    broke = [tally["broke"] for tally in tallies if tally["broke"]]
    steps = {name: [total["accepted"][name], total["tried"][name]] for name in sorted(total["tried"])}
    return {
        "held": not broke, "histories": played, "steps_each": STEPS, "broke": broke[:20],
        "reached": dict(total["reached"]), "steps_accepted_of_tried": steps,
    }  # fmt: skip


def _apart(plan: Plan, url: str, folder: Path, number: int) -> dict[str, Any]:
    """A chunk in a process of its own, on a copy of the database."""
    with tempfile.TemporaryDirectory(dir=quick(folder)) as near, plan.opened(url, Path(near)) as stage:
        try:
            return {**vars(chunk(stage, plan.first + number, plan.size)), "broke": ""}
        except Exception as error:  # whatever it is, it is what this run looks for
            words = f"chunk {number}: {type(error).__name__} {error} {' '.join(getattr(error, '__notes__', []))}"
            return {**vars(Tally()), "broke": words[:3000]}


@contextmanager
def copy_of(url: str, folder: Path) -> Iterator[Stage]:
    """A stage over a copy of an empty database, with everything else of it in `folder`."""
    if kind_of(url) == "sqlite":
        file = folder / "history.sqlite3"
        shutil.copyfile(str(make_url(url).database), file)
        with opened(f"sqlite:///{file}", folder) as stage:
            yield stage
        return
    with copied(url) as copy, opened(copy, folder) as stage:
        yield stage


def quick(folder: Path) -> Path:
    """Where files need no disk: histories prove rules, not durability."""
    memory = Path("/dev/shm")  # noqa: S108 -- the folder made in it is private
    return memory if os.access(memory, os.W_OK) else folder


def _kept(plan: Plan, kind: str) -> dict[int, dict[str, Any]]:
    """Chunks that were played before, while nothing they hold for has changed."""
    file = KEPT / f"{plan.part}-{kind}.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    if known.get("holds_for") != holds_for(plan.paths):
        return {}
    return {int(number): tally for number, tally in known["chunks"].items() if not tally["broke"]}


def _keep(plan: Plan, kind: str, chunks: dict[int, dict[str, Any]]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = {"holds_for": holds_for(plan.paths), "chunks": chunks}
    (KEPT / f"{plan.part}-{kind}.json").write_text(json.dumps(kept))
