"""Thousands of interleavings in chunks on two processes; a run that was cut short goes on where it stopped."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from chaos.databases import copied
from chaos.histories.run import KEPT, PROCESSES, quick
from chaos.holding import INSIDE, holds_for
from chaos.interleavings.ground import opened
from chaos.interleavings.playing import Tally, play

PATHS = (*INSIDE, "chaos/interleavings")
INTERLEAVINGS, CHUNK = 5_000, 50
FILE = KEPT / "interleavings-postgresql.json"


def chunk(url: str, folder: Path, first: int, count: int) -> Tally:
    """Play the interleavings of these seeds on the empty database at `url`."""
    tally = Tally()
    with opened(url, folder) as ground:
        for seed in range(first, first + count):
            play(ground, seed, tally)
    return tally


def run(url: str, folder: Path) -> dict[str, Any]:
    """5,000 interleavings on copies of the database at `url`, those played before taken as they were."""
    wanted = range(INTERLEAVINGS // CHUNK)
    done = _kept()
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = {pool.submit(_apart, url, folder, number): number for number in wanted if number not in done}
        for task in as_completed(tasks):
            done[tasks[task]] = task.result()
            KEPT.mkdir(parents=True, exist_ok=True)
            FILE.write_text(json.dumps({"holds_for": holds_for(PATHS), "chunks": done}))
            print(f"interleavings: {len(done)} of {len(wanted)} chunks", flush=True)
    return summed(done[number] for number in wanted)


def summed(chunks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The chunks' tallies as one result."""
    total: dict[str, Any] = {}
    for told in chunks:
        for name, value in told.items():
            more = Counter(value) if isinstance(value, dict) else value
            total[name] = total[name] + more if name in total else more
    broke = total.pop("broke")
    return {"held": not broke, **total, "broke": broke[:20]}


def _apart(url: str, folder: Path, number: int) -> dict[str, Any]:
    """A chunk in a process of its own, on a copy of the database."""
    with copied(url) as copy, tempfile.TemporaryDirectory(dir=quick(folder)) as near:
        return told(chunk(copy, Path(near), number * CHUNK, CHUNK))


def told(tally: Tally) -> dict[str, Any]:
    """A tally as it is kept in JSON (`asdict` would count a counter's pairs)."""
    return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(tally).items()}


def _kept() -> dict[int, dict[str, Any]]:
    """Chunks that were played before and held, while nothing they hold for has changed."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    if known.get("holds_for") != holds_for(PATHS):
        return {}
    return {int(number): told for number, told in known["chunks"].items() if not told["broke"]}
