"""Every story on one database, killed at every point, in parts; a run that was cut short goes on where it stopped."""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from chaos.databases import copied
from chaos.histories.run import KEPT, PROCESSES, quick
from chaos.histories.stage import kind_of
from chaos.holding import INSIDE, holds_for
from chaos.points import stories
from chaos.points.counting import Watch
from chaos.points.exploring import Explorer, told
from chaos.points.theatre import opened
from chaos.points.use_cases import writing_use_cases
from chaos.points.world import STORIES, Story
from tests.servers.shared_run import REPOSITORY

PATHS = (*INSIDE, "bots", "chaos/dumps.py", "chaos/points")
ACTS = 6
"""About so many acts of a story are explored in one go, after which what was found is kept."""
CONTROL = ("paying_out", 6)
NO_STORY = {
    "services.explaining.subjects.explain": "it reads only; what its code fills in are answers, not rows",
    "services.job_runs.note": "it tells when a sweep woke; runs that woke at other times differ in it rightly",
}
"""Use cases that no story reaches, and why."""


def all_stories() -> dict[str, Story]:
    """Every story, by name."""
    for module in pkgutil.iter_modules(stories.__path__):
        importlib.import_module(f"{stories.__name__}.{module.name}")
    return STORIES


def explore(
    url: str, folder: Path, parts: Iterable[tuple[str, int, int]], stride: int, *, careless: bool = False
) -> dict[str, Any]:
    """Explore parts of stories (name, part, of how many) on a copy of the empty database at `url`.

    This process forks, so it must have one thread.
    """
    gc.freeze()  # what stands now is shared with every process that is forked
    with opened(url, folder) as theatre:
        explorer = Explorer(theatre, Watch(writing_use_cases()), stride, careless=careless)
        for name, part, of in parts:
            explorer.play(all_stories()[name], part, of)
        return told(explorer.found)


def in_process(
    url: str, parts: Iterable[tuple[str, int, int]], stride: int = 1, *, careless: bool = False
) -> dict[str, Any]:
    """As `explore`, from a process that has threads: a fresh one does it, in a folder near at hand."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir=quick(Path(folder))) as near:
        wanted = {"url": url, "folder": f"{near}/points", "parts": list(parts), "stride": stride, "careless": careless}
        done = subprocess.run(
            [sys.executable, "-m", "chaos.points"], cwd=REPOSITORY, input=json.dumps(wanted), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def whole(*names: str) -> list[tuple[str, int, int]]:
    """These stories, each in one part; all without a name."""
    return [(name, 0, 1) for name in names or all_stories()]


def in_parts() -> list[tuple[str, int, int]]:
    """All stories, in parts of about as much work."""
    counts = {name: max(1, len(told.acts) // ACTS) for name, told in all_stories().items()}
    return [(name, part, count) for name, count in counts.items() for part in range(count)]


def untold(found: dict[str, Any]) -> list[str]:
    """Use cases that write and that no story reaches."""
    return sorted(set(writing_use_cases()) - set(found["wrote"]) - NO_STORY.keys())


def run(url: str, _folder: Path) -> dict[str, Any]:
    """Every story on the kind of database at `url`, those explored before taken as they were, and the control."""
    kind = kind_of(url)
    done = _kept(kind)
    wanted = {_label(part): part for part in in_parts()}
    with ThreadPoolExecutor(PROCESSES) as pool:
        tasks = {pool.submit(_apart, url, part, kind): label for label, part in wanted.items() if label not in done}
        for task in as_completed(tasks):
            done[tasks[task]] = task.result()
            KEPT.mkdir(parents=True, exist_ok=True)
            _file(kind).write_text(json.dumps({"holds_for": holds_for(PATHS), "parts": done}))
            print(f"points on {kind}: {len(done)} of {len(wanted)} parts", flush=True)
    found = summed(done[label] for label in wanted)
    control = in_process(url, whole(CONTROL[0]), CONTROL[1], careless=True)
    missing = untold(found)
    use_cases = len(writing_use_cases())
    every = Counter[str]()
    for label, (name, _, _) in wanted.items():
        every[name] += done[label]["points"]
    return {
        "held": not found["differed"] and not missing and bool(control["differed"]),
        "use_cases": use_cases, "use_cases_reached": use_cases - len(missing) - len(NO_STORY), "no_story": NO_STORY,
        "missing": missing, "stories": dict(every), "points": found["points"],
        "killed": found["killed"], "ended_alike_at_once": found["killed"] - found["later"] - len(found["differed"]),
        "ended_alike_after_a_while": found["later"], "differed": found["differed"][:20],
        "control_killed": control["killed"], "control_differed": len(control["differed"]),
    }  # fmt: skip


def summed(found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What several explorations came to."""
    total: dict[str, Any] = {"points": 0, "killed": 0, "later": 0, "differed": [], "wrote": []}
    for one in found:
        total = {name: value + one[name] for name, value in total.items()}
    return total


def _label(part: tuple[str, int, int]) -> str:
    name, number, of = part
    return f"{name} {number + 1} of {of}"


def _apart(url: str, part: tuple[str, int, int], kind: str) -> dict[str, Any]:
    own: AbstractContextManager[str] = nullcontext(url) if kind == "sqlite" else copied(url)
    with own as empty:
        return in_process(empty, [part])


def _file(kind: str) -> Path:
    return KEPT / f"points-{kind}.json"


def _kept(kind: str) -> dict[str, Any]:
    """Parts that were explored before and held, while nothing they hold for has changed."""
    known = json.loads(_file(kind).read_text()) if _file(kind).exists() else {}
    if known.get("holds_for") != holds_for(PATHS):
        return {}
    return {name: found for name, found in known["parts"].items() if not found["differed"]}
