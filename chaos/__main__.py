"""`python -m chaos [part …]`: run each part on each database, and keep what came of it in chaos/results/.

A run that was cut short goes on where it stopped: what has a result is not run again until a path it holds for changes.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from chaos import bills, chat_rush, clocks, crash, holding, kill, notices, power, splits, stock
from chaos.databases import KINDS, fresh
from chaos.histories import outer_stage, planted
from chaos.histories import run as histories
from chaos.holding import INSIDE, SERVED
from chaos.interleavings import run as interleavings
from chaos.points import run as points
from tests.servers.shared_run import SharedRun

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Part:
    """A long run on the database at an address, with a folder of its own, and the paths its result holds for.

    It is run on each of `kinds`.
    """

    run: Callable[[str, Path], dict[str, Any]]
    paths: tuple[str, ...]
    kinds: tuple[str, ...] = KINDS


PARTS = {
    "stock": Part(stock.run, stock.PATHS),
    "crash": Part(crash.run, (*INSIDE, "chaos/crash.py", "chaos/due_together.py")),
    "clocks": Part(clocks.run, (*SERVED, "chaos/clocks.py", "chaos/due_together.py")),
    "splits": Part(splits.run, ("domain", "chaos/splits.py")),
    "bills": Part(bills.run, (*INSIDE, "chaos/bills.py")),
    "histories": Part(histories.run, histories.PATHS),
    "histories-over-http": Part(outer_stage.run, outer_stage.PATHS),
    "planted": Part(planted.run, histories.PATHS),
    "points": Part(points.run, points.PATHS),
    "interleavings": Part(interleavings.run, interleavings.PATHS, ("postgresql",)),
    "kill": Part(kill.run, kill.PATHS),
    "notices": Part(notices.run, notices.PATHS),
    "chat-rush": Part(chat_rush.run, chat_rush.PATHS),
    "power": Part(power.run, power.PATHS, ("sqlite",)),
}


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--database", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--again", action="store_true", help="also what has a result that stands")
    chosen = parser.parse_args(arguments)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    held = True
    run = SharedRun.begin()
    try:
        for part in chosen.parts or list(PARTS):
            for kind in PARTS[part].kinds:
                if kind in (chosen.database or KINDS):
                    held &= _one(run, part, kind, again=chosen.again)
    finally:
        run.finish()
    return 0 if held else 1


def _one(run: SharedRun, part: str, kind: str, *, again: bool) -> bool:
    file = RESULTS / f"{part}-{kind}.json"
    chosen = PARTS[part]
    holds_for = holding.holds_for(chosen.paths)
    known = json.loads(file.read_text()) if file.exists() else {}
    if known.get("holds_for") == holds_for and known.get("held") and not again:
        print(f"{part} on {kind}: held at {known['commit'][:12]}, and nothing it holds for has changed")
        return True
    begun, at = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="lintuan-chaos-") as folder, fresh(kind, run, Path(folder)) as url:
        found = chosen.run(url, Path(folder))
    result = {
        "part": part, "database": kind, "held": found.pop("held"), "commit": holding.commit(), "holds_for": holds_for,
        "changed_paths": holding.changed(chosen.paths),
        "begun_at": at.isoformat(timespec="seconds"), "seconds": round(time.monotonic() - begun, 1), **found,
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(
        f"{part} on {kind}: {'held' if result['held'] else 'BROKE'} in {result['seconds']} s; {file.name}", flush=True
    )
    return bool(result["held"])


if __name__ == "__main__":
    sys.exit(main())
