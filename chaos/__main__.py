"""`python -m chaos [part …]`: run each part on each database, and keep what came of it in chaos/results/.

A run that was cut short goes on where it stopped: what has a result for this commit and this size is not run again.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from chaos import bills, clocks, crash, splits, stock
from chaos.databases import KINDS, fresh
from chaos.histories import outer_stage, planted
from chaos.histories import run as histories
from tests.servers.shared_run import REPOSITORY, SharedRun

RESULTS = Path(__file__).parent / "results"
Part = Callable[[str, Path], dict[str, Any]]
PARTS: dict[str, Part] = {
    "stock": stock.run,
    "crash": crash.run,
    "clocks": clocks.run,
    "splits": splits.run,
    "bills": bills.run,
    "histories": histories.run,
    "histories-over-http": outer_stage.run,
    "planted": planted.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--database", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--again", action="store_true", help="also what has a result for this commit")
    chosen = parser.parse_args(arguments)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    held = True
    run = SharedRun.begin()
    try:
        for part in chosen.parts or list(PARTS):
            for kind in chosen.database or KINDS:
                held &= _one(run, part, kind, again=chosen.again)
    finally:
        run.finish()
    return 0 if held else 1


def _one(run: SharedRun, part: str, kind: str, *, again: bool) -> bool:
    file = RESULTS / f"{part}-{kind}.json"
    commit = _git("rev-parse", "HEAD")
    known = json.loads(file.read_text()) if file.exists() else {}
    if known.get("commit") == commit and known.get("held") and not again:
        print(f"{part} on {kind}: held at this commit already")
        return True
    begun, at = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="lintuan-chaos-") as folder, fresh(kind, run, Path(folder)) as url:
        found = PARTS[part](url, Path(folder))
    result = {
        "part": part, "database": kind, "held": found.pop("held"), "commit": commit,
        "changed_paths": _git("status", "--porcelain", "--untracked-files=no").splitlines(),
        "begun_at": at.isoformat(timespec="seconds"), "seconds": round(time.monotonic() - begun, 1), **found,
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(
        f"{part} on {kind}: {'held' if result['held'] else 'BROKE'} in {result['seconds']} s; {file.name}", flush=True
    )
    return bool(result["held"])


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.rstrip()


if __name__ == "__main__":
    sys.exit(main())
